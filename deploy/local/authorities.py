"""The other authorities (tax, social insurance, customs, bank …) for development and tests: they keep what they were asked,
do each request once, and can be slow, wrong, silent or down.

    POST /authorities/<code>/requests     what the platform asks (services/registration/wire.py says the form)
    PUT  /authorities/<code>/behaviour    {"mode": …, "seconds": …, "reason_codes": […], "uscc": …}, for one entity or all
    GET  /authorities/<code>/records      what was asked and done, with how often each request came

Production brings the real ones, each behind its own address.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared import strict_json

LONGEST_WAIT = 120.0
UNREADABLE = b"\xff<html>please call again</html>"


class Mode(StrEnum):
    """How an authority behaves. BLOCKED answers with reasons; PENDING takes in and answers the next time; SLOW answers late;
    DOWN does not work (503); SILENT takes the request, does it, and its answer is lost; WRONG answers about another; GARBLED
    answers nothing that can be read."""

    OK = "OK"
    BLOCKED = "BLOCKED"
    PENDING = "PENDING"
    SLOW = "SLOW"
    DOWN = "DOWN"
    SILENT = "SILENT"
    WRONG = "WRONG"
    GARBLED = "GARBLED"


@dataclass(slots=True)
class Behaviour:
    """A mode and what belongs to it."""

    mode: Mode = Mode.OK
    seconds: float = 0.0
    reason_codes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """A request that was taken in: how often it came, and the answer that it gets."""

    request_id: str
    ask: str
    uscc: str
    facts: dict[str, str]
    times: int = 0
    done: bool = False


class Authority:
    """One authority. What it was asked it does once, however often the request comes."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.records: dict[str, Record] = {}
        self.behaviours: dict[str, Behaviour] = {}

    def behave(self, behaviour: Behaviour, uscc: str = "") -> None:
        """From now on, for one entity ("" for all)."""
        self.behaviours[uscc] = behaviour

    def behaviour(self, uscc: str) -> Behaviour:
        """How it behaves towards an entity."""
        return self.behaviours.get(uscc) or self.behaviours.get("") or Behaviour()

    def take(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take a request in and answer it as an authority that works."""
        request_id, behaviour = str(asked["request_id"]), self.behaviour(str(asked["uscc"]))
        record = self.records.setdefault(
            request_id, Record(request_id, str(asked["ask"]), str(asked["uscc"]), dict(asked.get("facts") or {}))
        )
        record.times += 1
        answer: dict[str, Any] = {"request_id": request_id, "uscc": record.uscc, "reference": "", "reason_codes": []}
        if record.done:
            return answer | {"state": "DONE", "reference": self.reference(record)}
        if behaviour.mode is Mode.BLOCKED and record.ask != "UNDO":
            return answer | {"state": "BLOCKED", "reason_codes": behaviour.reason_codes or ["DUES_OPEN"]}
        if behaviour.mode is Mode.PENDING and record.times == 1:
            return answer | {"state": "PENDING"}
        record.done = True
        return answer | {"state": "DONE", "reference": self.reference(record)}

    def reference(self, record: Record) -> str:
        """Number of a result, the same for the same request."""
        return f"{self.code}-{hashlib.sha256(record.request_id.encode()).hexdigest()[:12]}"

    def effects(self, uscc: str = "") -> list[tuple[str, str]]:
        """(ask, code of the entity) of what was done, in order."""
        return [(r.ask, r.uscc) for r in self.records.values() if r.done and (not uscc or r.uscc == uscc)]


class Authorities:
    """All authorities; each comes into being when it is first spoken to."""

    def __init__(self) -> None:
        self._known: dict[str, Authority] = {}

    def __getitem__(self, code: str) -> Authority:
        return self._known.setdefault(code, Authority(code))


def routes(authorities: Authorities) -> list[Route]:
    """The HTTP side."""

    async def ask(request: Request) -> Response:
        authority = authorities[request.path_params["code"]]
        asked = strict_json.loads(await request.body())
        behaviour = authority.behaviour(str(asked["uscc"]))
        if behaviour.mode is Mode.DOWN:
            return Response("closed for maintenance", 503)
        if behaviour.mode is Mode.GARBLED:
            return Response(UNREADABLE, 200)
        if behaviour.mode is Mode.SLOW:
            await asyncio.sleep(min(behaviour.seconds, LONGEST_WAIT))
        answer = authority.take(asked)
        if behaviour.mode is Mode.SILENT:
            await asyncio.sleep(min(behaviour.seconds or LONGEST_WAIT, LONGEST_WAIT))
        if behaviour.mode is Mode.WRONG:
            answer = answer | {"request_id": "another", "reference": "of-another"}
        return JSONResponse(answer)

    async def behave(request: Request) -> Response:
        asked = strict_json.loads(await request.body())
        codes = [str(code) for code in asked.get("reason_codes", [])]
        behaviour = Behaviour(Mode(asked.get("mode", "OK")), float(asked.get("seconds", 0)), codes)
        authorities[request.path_params["code"]].behave(behaviour, str(asked.get("uscc", "")))
        return JSONResponse({"mode": behaviour.mode})

    async def records(request: Request) -> Response:
        found = authorities[request.path_params["code"]].records.values()
        return JSONResponse({"records": [asdict(record) for record in found]})

    return [
        Route("/authorities/{code}/requests", ask, methods=["POST"]),
        Route("/authorities/{code}/behaviour", behave, methods=["PUT"]),
        Route("/authorities/{code}/records", records),
    ]
