"""Two regions' handoff on one real store, a database each, with a wire between them that can be cut at each step.

Requests are really signed and verified; only HTTP is left out (tests/e2e/test_two_regions.py has it). What the deciding
region's services do is said by the test, as their events would.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import mongoengine
import yaml
from pymongo import MongoClient

from services.handoff.domain.agreement import Agreements
from services.handoff.domain.ledger import disagreements
from services.handoff.store import HandoffStore, case_of, to_document
from services.handoff.store.documents import ALIAS, DOCUMENTS
from services.handoff.usecases import delivery, facts, moves, receiving, window
from services.handoff.usecases.context import Answer, Move, Parts, WireDown
from shared.clock import FixedClock
from shared.commands import Command
from shared.events import Cause
from shared.failures import Failure, http_status
from shared.http_signatures import SignatureRefused, SignedRequest, sign, verify
from shared.message_keys import Partner, read_message_key
from shared.mongo import CLIENT_OPTIONS
from shared.personal_data import Sealer
from tests.integration.registration.conftest import Listener

START = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
DATA = Path("services/handoff/data/agreements.yaml")
HERE, THERE = "320411", "440305"
APPLICATION = {"holder_code": "91320411MAXX00015L", "content": {"applicant_name": "云帆", "premises": "科技园路1号"}}
CAUSE = Cause("test")


class Killed(BaseException):
    """The process is gone: nothing after this point happens."""


class FaultyStore(HandoffStore):
    """A store whose process dies at the n-th transaction, before or after its commit."""

    deadly, when, count = 0, "", 0

    def save(self, move: Move) -> None:
        self.count += 1
        if self.count == self.deadly and self.when == "before":
            raise Killed
        super().save(move)
        if self.count == self.deadly and self.when == "after":
            raise Killed


class Directory:
    """The partners file of one side, in memory."""

    def __init__(self) -> None:
        self.partners: dict[str, Partner] = {}

    def all(self) -> dict[str, Partner]:
        return self.partners

    def get(self, region: str) -> Partner:
        return self.partners.get(region) or Partner(region, "", {})


class CutWire:
    """Carries messages to the other side. `cut(step)` says whether to cut at a step of this exchange."""

    STEPS = ("before send", "mid body", "before store", "after commit", "mid receipt", "twice")

    def __init__(self, mine: Side, other: Callable[[], Side]) -> None:
        self._mine, self._other = mine, other
        self.cut: Callable[[str, str], bool] = lambda step, message_id: False
        self.down = False

    def post(self, region: str, message_id: str, body: bytes) -> Answer:
        if self.down or self.cut("before send", message_id):
            raise WireDown("UNREACHABLE")
        headers = {"Content-Type": "application/json", "Idempotency-Key": message_id}
        request = SignedRequest("POST", f"https://{region}.example/v1/handoff/messages", headers, body)
        sign(request, self._mine.parts.key.private, self._mine.parts.key.key_id, self._mine.clock.now())
        if self.cut("mid body", message_id):
            answer = self._other().receive(request, body[: len(body) // 2])
            assert answer.status == 401
            raise WireDown("CONNECTION_LOST")
        if self.cut("before store", message_id):
            self._other().store.deadly, self._other().store.when = self._other().store.count + 1, "before"
        answer = self._other().receive(request, body)
        if self.cut("twice", message_id):
            again = self._other().receive(request, body)
            assert again.body == answer.body, "a repetition gets the same receipt"
        if self.cut("after commit", message_id):
            raise WireDown("CONNECTION_LOST")
        if self.cut("mid receipt", message_id):
            return Answer(answer.status, answer.body[: len(answer.body) // 2])
        return answer


class Side:
    """Handoff of one region."""

    def __init__(self, region: str, uri: str, database: str, folder: Path, clock: FixedClock) -> None:
        # the name in the address would win over the one given beside it
        mongoengine.connect(host=uri.replace("/admin?", f"/{database}?"), alias=ALIAS, **CLIENT_OPTIONS)
        client: MongoClient[dict[str, Any]] = mongoengine.get_connection(ALIAS)
        client.drop_database(database)
        self.store, self.clock, self.region = FaultyStore(client, database, clock), clock, region
        _forget_database()
        self.store.prepare()
        _forget_database()
        mongoengine.connection._connections.pop(ALIAS)  # the client stays open, the name is free for the other side
        mongoengine.disconnect(ALIAS)
        self.client, self.directory, self.listener = client, Directory(), Listener()
        self.key = read_message_key(folder / region)
        self.raw = yaml.safe_load(DATA.read_text(encoding="utf-8"))
        self.parts: Parts
        self.restart()

    def restart(self, wire: Any = None) -> None:
        """A new process on the same store: what was only in memory is gone."""
        self.store.deadly = 0
        self.parts = Parts(
            self.store, self.listener, self.clock, Sealer(bytes(32)), self.region, Agreements(self.raw, self.region),
            self.directory, self.key, to_document, case_of, wire, random.Random(7),  # type: ignore[arg-type]
        )  # fmt: skip

    def receive(self, request: SignedRequest, body: bytes) -> Answer:
        """What the gateway and handoff answer to a request."""

        def key_of(key_id: str) -> Any:
            return next((k for p in self.directory.all().values() for i, k in p.keys.items() if i == key_id), None)

        try:
            key_id = verify(request.method, request.url, request.headers.items(), body, key_of, self.clock.now())
            region = next(p.region for p in self.directory.all().values() if key_id in p.keys)
            receipt, _ = receiving.receive_message(self.parts, receiving.Signed(region, key_id, body))
            return Answer(200, json.dumps({"receipt": receipt}).encode())
        except SignatureRefused as refused:
            return Answer(401, json.dumps({"code": refused.reason}).encode())
        except Failure as failure:
            return Answer(http_status(failure), json.dumps({"code": failure.reason} | dict(failure.metadata)).encode())
        except Killed:
            self.restart(self.parts.wire)
            raise WireDown("CONNECTION_LOST") from None

    def deliver(self) -> None:
        """One round of the timer; a process that dies is started again."""
        try:
            delivery.deliver_due(self.parts)
        except Killed:
            self.restart(self.parts.wire)

    def waiting(self) -> int:
        return int(self.store.messages.count_documents({"direction": "OUT", "state": {"$ne": "DELIVERED"}}))

    def ledger(self) -> list[dict[str, Any]]:
        return list(self.store.ledger.find().sort("_id", 1))

    def messages(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.store.messages.find(query).sort("_id", 1))


def _forget_database() -> None:
    """The documents of the next side are another database's; mongoengine remembers a class's collection."""
    for document in DOCUMENTS:
        document._collection = None


class TwoSides:
    """Both regions, their clock, and a matter that goes from one to the other."""

    def __init__(self, uri: str, folder: Path) -> None:
        self.clock = FixedClock(START)
        self.here = Side(HERE, uri, "handoff_here", folder, self.clock)
        self.there = Side(THERE, uri, "handoff_there", folder, self.clock)
        self.here.directory.partners = {THERE: Partner(THERE, "https://there", self._keys(self.there))}
        self.there.directory.partners = {HERE: Partner(HERE, "https://here", self._keys(self.here))}
        self.wires = (CutWire(self.here, lambda: self.there), CutWire(self.there, lambda: self.here))
        self.here.restart(self.wires[0])
        self.there.restart(self.wires[1])

    def _keys(self, side: Side) -> Any:
        return {side.key.key_id: side.key.private.public_key()}

    def reset(self) -> None:
        """Nothing happened yet."""
        self.clock.set(START)
        for side, wire in zip((self.here, self.there), self.wires, strict=True):
            for name in ("cases", "messages", "ledger", "counters", "feed", "refusals", "disclosures"):
                side.store.client[side.store.database][name].delete_many({})
            side.raw = yaml.safe_load(DATA.read_text(encoding="utf-8"))
            wire.cut, wire.down = lambda step, message_id: False, False
            side.store.count = 0
            side.restart(wire)

    def open(self, key: str = "k1", **change: Any) -> str:
        """The window here receives a permit case for there; returns its id, also when the process dies meanwhile."""
        opening = window.Opening(
            **{"item": "food_sales_permit", "deciding_region": THERE, "unit_code": "320411-window",
               "mode": "COLLECT_ELSEWHERE", "identity_check": "IN_PERSON", "consent": True, "application": APPLICATION}
            | change
        )  # fmt: skip
        command = Command("window", key, key.encode())
        return str(self._until_done(self.here, lambda: window.open_handoff(self.here.parts, command, opening))[0]
                   .handoff_case_id)  # fmt: skip

    def step(self, case_id: str, key: str, act: Callable[[Any, datetime], Sequence[Any]]) -> None:
        """A step of the window here."""
        command = Command("window", key, key.encode())
        self._until_done(self.here, lambda: moves.change_case(self.here.parts, case_id, act, command))

    def fact(self, act: Callable[[Parts], Any]) -> None:
        """Something that a service there did; its event is delivered until it is handled, and then once more."""
        self._until_done(self.there, lambda: act(self.there.parts))
        act(self.there.parts)

    def _until_done(self, side: Side, act: Callable[[], Any]) -> Any:
        while True:
            try:
                return act()
            except Killed:
                side.restart(side.parts.wire)

    def settle(self, rounds: int = 60) -> None:
        """Time goes on until nothing waits on either side."""
        for number in range(rounds):
            for side in (self.here, self.there):
                side.deliver()
            if not self.here.waiting() and not self.there.waiting():
                return
            self.clock.advance(timedelta(seconds=31) if number < 5 else timedelta(hours=5))
        raise AssertionError(
            [(m["type"], m["state"], m["reason"]) for s in (self.here, self.there) for m in s.messages()]
        )

    def whole_matter(self) -> str:
        """From the window to the window, with a notice on the way; every fact comes at least twice."""
        case_id = self.open()
        self.settle()
        self.fact(lambda p: facts.on_books(p, case_id, "e1", CAUSE, "pmc_1"))
        self.fact(lambda p: facts.needs_more(p, case_id, "e2", CAUSE, ["premises_layout"]))
        self.settle()
        self.step(case_id, "k2", lambda case, now: case.supplement(["premises_layout"], now))
        self.settle()
        self.fact(lambda p: facts.accepted(p, case_id, "e3", CAUSE, "2025-04-01"))
        self.fact(lambda p: facts.decided(p, case_id, "e4", CAUSE, "GRANTED", []))
        self.fact(lambda p: facts.result(p, case_id, "e5", CAUSE, FILE))
        self.settle()
        self.step(case_id, "k3", lambda case, now: case.deliver(now))
        self.settle()
        return case_id

    def judge(self, case_ids: Sequence[str]) -> None:
        """Both ledgers agree and hold, each case exists once and alike, no receipt stands for what was not stored."""
        ours, theirs = self.here.ledger(), self.there.ledger()
        assert disagreements(ours, theirs) == []
        for side in (self.here, self.there):
            assert side.store.verify_ledger()[1] == 0
            assert sorted(d["_id"] for d in side.store.cases.find({}, {"_id": 1})) == sorted(case_ids)
        for case_id in case_ids:
            mine, other = self.here.store.find(case_id), self.there.store.find(case_id)
            assert mine is not None
            assert other is not None
            for name in ("state", "outcome", "file_sha256", "reason_codes", "local_case_id"):
                assert mine[name] == other[name], name
            assert (mine["sent"], mine["received"]) == (other["received"], other["sent"])
        for sender, receiver in ((self.here, self.there), (self.there, self.here)):
            for message in sender.messages(direction="OUT"):
                stored = receiver.store.message(message["_id"])
                assert stored is not None
                assert (message["state"], message["receipt"]) == ("DELIVERED", stored["receipt"])
                assert message["sha256"] == stored["sha256"]


FILE = {
    "certificate_id": "crt_1", "identifier": "1.2.156", "content_base64": "YSBjZXJ0aWZpY2F0ZQ==",
    "file_sha256": "81acd762140fa692a142822d2fbe4dc6f54bcaa501f68ab37e5aeed0bafe4d99",
}  # fmt: skip
