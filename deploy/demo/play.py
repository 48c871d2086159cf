"""Playing rows through the gateway: apply, decide, wait for the licence, verify it; riding over any restart on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.demo.desk import COMPARE_FIRST
from deploy.demo.rows import Row

WORKERS = 16
# A killed process is back within seconds; a call that fails for longer than this is a failure of the run.
PATIENCE_SECONDS = 90.0
LICENCE_PATIENCE_SECONDS = 120.0
RETRY_STATUSES = frozenset({429, 502, 503, 504})


@dataclass
class Result:
    """What became of a row: `outcome` is registered, returned, refused or failed."""

    row: Row
    outcome: str = "failed"
    reasons: list[str] = field(default_factory=list)
    repeated: bool = False
    uscc: str = ""
    certificate_id: str = ""
    identifier: str = ""
    licences: int = 0
    verified: bool = False
    seconds: float = 0.0


class Player:
    """Plays rows with two clients: the applicant applies, the registrar decides."""

    def __init__(self, gateway: str, tokens: dict[str, str]) -> None:
        self._client = httpx.AsyncClient(
            base_url=gateway, timeout=30.0, limits=httpx.Limits(max_connections=WORKERS * 2)
        )
        self._headers = {role: {"Authorization": f"Bearer {token}"} for role, token in tokens.items()}

    async def play(self, rows: Sequence[Row], on_result: Callable[[Result], None]) -> list[Result]:
        """Play all rows, some at a time; results in the rows' order."""
        queue = iter(enumerate(rows))
        results: list[Result | None] = [None] * len(rows)

        async def work() -> None:
            for index, row in queue:
                result = await self._play_one(row)
                results[index] = result
                on_result(result)

        await asyncio.gather(*(work() for _ in range(WORKERS)))
        return [result for result in results if result is not None]

    async def close(self) -> None:
        await self._client.aclose()

    async def _play_one(self, row: Row) -> Result:
        result, started = Result(row), time.perf_counter()
        applied = await self._call("POST", "/v1/registration/applications", "applicant", row.key, json=row.application)
        body = applied.json()
        if applied.status_code != 201:
            result.outcome = "refused" if applied.status_code < 500 else "failed"
            result.reasons = _reasons(body)
            return result
        result.repeated = applied.headers.get("Idempotent-Replayed") == "true"
        if body["state"] == "RETURNED":
            result.outcome, result.reasons = "returned", [gap["reason"] for gap in body["gaps"]]
            return result
        application_id = body["application_id"]
        decided = await self._decide(application_id, body["version"])
        if decided.status_code not in (200, 201):
            result.reasons = _reasons(decided.json())
            return result
        result.outcome, result.uscc = "registered", decided.json()["uscc"]
        await self._wait_for_licence(result)
        result.seconds = time.perf_counter() - started
        return result

    async def _decide(self, application_id: str, version: int) -> httpx.Response:
        """Register; what the application resembles (a real register has neighbours) is compared first."""
        path, key = f"/v1/registration/applications/{application_id}", f"demo-{application_id}"
        word: dict[str, Any] = {"decision": "REGISTER", "expected_version": version}
        decided = await self._call("POST", f"{path}/decision", "registrar", key, json=word)
        if decided.status_code == 422 and decided.json().get("code") in COMPARE_FIRST:
            await self._call("GET", f"{path}/duplicates", "registrar")
            word["duplicates_reviewed"] = True
            decided = await self._call("POST", f"{path}/decision", "registrar", f"{key}-compared", json=word)
        return decided

    async def _wait_for_licence(self, result: Result) -> None:
        deadline, pause = time.monotonic() + LICENCE_PATIENCE_SECONDS, 0.1
        while time.monotonic() < deadline:
            found = await self._call("GET", "/v1/certificates", "applicant", params={"holder_code": result.uscc})
            certificates = found.json().get("certificates", [])
            if certificates:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        else:
            result.reasons = ["NO_LICENCE"]
            return
        result.licences = len(certificates)
        result.certificate_id, result.identifier = certificates[0]["certificate_id"], certificates[0]["identifier"]
        shown = {"qr_text": certificates[0]["qr_text"], "expected_holder_code": result.uscc}
        verdict = (await self._call("POST", "/v1/certificates/verify", "applicant", json=shown)).json()
        result.verified = verdict["conclusion"] == "IN_FORCE" and all(p["result"] != "FAILED" for p in verdict["parts"])

    async def licence_file(self, certificate_id: str, kind: str) -> bytes:
        """The licence as `pdf` or `png`."""
        answer = await self._call(
            "GET", f"/v1/certificates/{certificate_id}/file", "applicant", params={"format": kind}
        )
        answer.raise_for_status()
        return answer.content

    async def _call(self, method: str, path: str, role: str, key: str = "", **options: Any) -> httpx.Response:
        """One call; while something restarts, the same call again (a command keeps its key)."""
        headers = self._headers[role] | ({"Idempotency-Key": key} if key else {})
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, 0.1
        while True:
            try:
                answer = await self._client.request(method, path, headers=headers, **options)
                if answer.status_code not in RETRY_STATUSES or time.monotonic() > deadline:
                    return answer
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)


def _reasons(problem: dict[str, Any]) -> list[str]:
    """Reason of a problem, with the fields that are at fault."""
    fields = sorted({error["field"] for error in problem.get("errors", ())})
    code = problem.get("code", "UNKNOWN")
    return [f"{code} ({', '.join(fields)})" if fields else code]
