"""Matters across two regions, as people live them: handed in at one region's window, decided in the other, the certificate
handed over where the applicant stands. Both regions' timelines become moments of the picture; both ledgers must agree."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy.demo.desk import Desk, StoryStuck, wait_for
from deploy.demo.timeline import Moment

TRIES = 10
MATERIALS = ["application_form", "business_licence", "identity_of_principal", "premises_proof"]


@dataclass
class Crossing:
    """What came of one matter: lines as they happened, moments for the picture, what both sides hold in the end."""

    title: str
    handoff_case_id: str = ""
    lines: list[str] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    states: tuple[str, str] = ("", "")
    outcome: str = ""
    verdict: str = ""
    ledgers_agree: bool = False
    messages: int = 0

    @property
    def ok(self) -> bool:
        closed = self.states == ("CLOSED", "CLOSED")
        return closed and self.outcome == "GRANTED" and self.verdict == "IN_FORCE" and self.ledgers_agree


class Courier:
    """Plays matters from the window of one region (`here`) to the deciding region (`there`)."""

    def __init__(self, here: Desk, there: Desk, tell: Callable[[str], None]) -> None:
        self._here, self._there, self._tell = here, there, tell

    def set_up_company(self, application: dict[str, Any], run: str) -> Crossing:
        """Received here, registered there, the licence comes back. Raises StoryStuck."""
        crossing = Crossing(f"跨域通办 · 设立登记 {self._here.region} → {self._there.region} · {application['name']}")
        case_id = self._open(crossing, "company_set_up", "COLLECT_ELSEWHERE", application, run)
        case = self._case(self._there, case_id, "the case on the books there", lambda c: c["state"] == "ACCEPTED")
        self._note(crossing, f"on the books of {self._there.region}, accepted, due {case['decision_due_date']}")
        path = f"/v1/registration/applications/{case['local_case_id']}"
        found = self._there.ask("GET", path, "registrar")
        decided = self._there.register(found["application_id"], found["version"], f"{case_id}-decide")
        self._note(crossing, f"registered there as {decided['uscc']}")
        return self._bring_home(crossing, "registration", path, "registrar")

    def apply_for_permit(self, holder_code: str, name: str, premises: str, run: str) -> Crossing:
        """A food permit with materials missing at first: the notice goes to the window, the rest is brought there."""
        crossing = Crossing(f"跨域通办 · 食品经营许可 {self._here.region} → {self._there.region} · {name}")
        application = {
            "holder_code": holder_code, "materials": MATERIALS,
            "content": {"applicant_name": name, "premises": premises, "contact": "13800000000"},
        }  # fmt: skip
        case_id = self._open(crossing, "food_sales_permit", "COLLECT_ELSEWHERE", application, run)
        case = self._case(self._there, case_id, "the case on the books there", lambda c: bool(c["local_case_id"]))
        permit = self._there.ask("GET", f"/v1/permits/cases/{case['local_case_id']}", "clerk-market")
        body = {"step": "REQUEST_MATERIALS", "expected_version": permit["version"]}
        steps = f"/v1/permits/cases/{case['local_case_id']}/steps"
        self._there.ask("POST", steps, "clerk-market", key=f"{case_id}-notice", json=body)
        case = self._case(self._here, case_id, "the notice at the window", lambda c: c["state"] == "NEED_MORE")
        self._note(crossing, f"one notice at the window: {', '.join(case['reason_codes'])}")
        self._step(case, "supplement", {"materials": case["reason_codes"]})
        case = self._case(self._there, case_id, "the acceptance there", lambda c: c["state"] == "ACCEPTED")
        self._note(crossing, f"supplemented and accepted, due {case['decision_due_date'] or 'unknown'}")
        permit = self._there.ask("GET", f"/v1/permits/cases/{case['local_case_id']}", "clerk-market")
        grant = {"step": "GRANT", "expected_version": permit["version"]}
        permit = self._there.ask("POST", steps, "clerk-market", key=f"{case_id}-grant", json=grant)
        self._note(crossing, f"granted by {permit['unit_code']}")
        return self._bring_home(crossing, "permits", f"/v1/permits/cases/{case['local_case_id']}", "clerk-market")

    def _open(self, crossing: Crossing, item: str, mode: str, application: dict[str, Any], run: str) -> str:
        body = {
            "item": item, "deciding_region": self._there.region, "mode": mode, "identity_check": "IN_PERSON",
            "consent": True, "application": application,
        }  # fmt: skip
        case = self._here.ask("POST", "/v1/handoff/cases", "window", key=f"across-{run}", json=body)
        crossing.handoff_case_id = str(case["handoff_case_id"])
        self._note(
            crossing,
            f"received at the window of {case['accepting_region']} under {case['agreement_id']} v{case['agreement_version']}"
            f" ({case['authorisation_id']}); {case['deciding_region']} decides",
        )
        return crossing.handoff_case_id

    def _bring_home(self, crossing: Crossing, service: str, path: str, client: str) -> Crossing:
        """The certificate comes back, is checked where it was issued, handed over; both sides close. `path`: the deciding
        service's own case, read by `client`."""
        case_id = crossing.handoff_case_id
        case = self._case(self._here, case_id, "the certificate at the window", lambda c: c["state"] == "RESULT_SENT")
        pdf = self._here.answer("GET", f"/v1/handoff/cases/{case_id}/result", "window").content
        intact = hashlib.sha256(pdf).hexdigest() == case["file_sha256"]
        shown = self._there.answer(
            "POST", "/v1/certificates/verify", "", content=pdf, headers={"Content-Type": "application/pdf"}
        )
        crossing.verdict = shown.json()["conclusion"] if intact else "FILE_ALTERED"
        self._note(crossing, f"certificate {case['certificate_identifier']} at the window: {crossing.verdict}")
        self._step(case, "delivery", {})
        mine, theirs = (
            self._case(desk, case_id, "both sides to close", lambda c: c["state"] == "CLOSED")
            for desk in (self._here, self._there)
        )
        crossing.states, crossing.outcome = (mine["state"], theirs["state"]), mine["outcome"]
        for desk, case in ((self._here, mine), (self._there, theirs)):
            self._timeline(crossing, desk, "handoff", case)
        self._timeline(crossing, self._there, service, self._there.ask("GET", path, client))
        issued = datetime.fromisoformat(shown.json()["certificate"]["issued_time"])
        identifier = mine["certificate_identifier"]
        crossing.moments.append(Moment(issued, self._there.region, "certificates", "CertificateIssued", identifier))
        ledgers = [self._ledger(desk, case_id) for desk in (self._here, self._there)]
        crossing.messages = len({entry["message_id"] for entry in ledgers[0]})
        crossing.ledgers_agree = agree(*ledgers)
        self._note(crossing, f"both regions closed; {crossing.messages} messages, receipts on both sides, ledgers agree: "
                             f"{'yes' if crossing.ledgers_agree else 'NO'}")  # fmt: skip
        return crossing

    def _case(self, desk: Desk, case_id: str, what: str, good: Callable[[Any], bool]) -> Any:
        def look() -> Any:
            answer = desk.answer("GET", f"/v1/handoff/cases/{case_id}", "window")
            found = answer.json() if answer.status_code == 200 else None
            if found and found["outcome"] not in (None, "", "GRANTED") and not good(found):
                why = f"{found['outcome']} {', '.join(found['reason_codes'])}"
                raise StoryStuck(f"waited for {what} ({desk.region}) of {case_id}, which came to nothing: {why}")
            return found

        return wait_for(f"{what} ({desk.region})", look, lambda found: found is not None and good(found),
                        patience=desk.patience)  # fmt: skip

    def _step(self, case: dict[str, Any], step: str, body: dict[str, Any]) -> None:
        """A step of the window; when the case has changed meanwhile (a receipt came), it is read again."""
        path, version = f"/v1/handoff/cases/{case['handoff_case_id']}", case["version"]
        for _ in range(TRIES):
            key, given = f"{case['handoff_case_id']}-{step}-{version}", body | {"expected_version": version}
            answer = self._here.answer("POST", f"{path}/{step}", "window", key=key, json=given)
            if answer.status_code < 400:
                return
            if answer.json()["code"] != "STALE_VERSION":
                break
            version = self._here.ask("GET", path, "window")["version"]
        raise StoryStuck(f"POST {path}/{step}: {answer.status_code} {answer.text[:300]}")

    def _ledger(self, desk: Desk, case_id: str) -> list[dict[str, Any]]:
        page = desk.ask("GET", "/v1/handoff/ledger", "window", params={"handoff_case_id": case_id, "page_size": 200})
        return list(page["entries"])

    def _timeline(self, crossing: Crossing, desk: Desk, service: str, found: dict[str, Any]) -> None:
        subject = found.get("handoff_case_id") or found.get("application_id") or found.get("case_id") or ""
        crossing.moments += [
            Moment(datetime.fromisoformat(entry["time"]), desk.region, service, _event(entry), str(subject))
            for entry in found["timeline"]
        ]

    def _note(self, crossing: Crossing, line: str) -> None:
        crossing.lines.append(line)
        self._tell(line)


def agree(ours: Sequence[dict[str, Any]], theirs: Sequence[dict[str, Any]]) -> bool:
    """Whether two ledgers hold messages and say the same of each."""
    return bool(ours) and not told_differently(ours, theirs)


def told_differently(ours: Sequence[dict[str, Any]], theirs: Sequence[dict[str, Any]]) -> list[str]:
    """Ids of messages about which two ledgers do not say the same: same bytes, same receipt, sent and receipted on one side,
    received on the other. Written apart from the service's own comparison, so that one checks the other."""

    def told(entries: Sequence[dict[str, Any]]) -> dict[str, dict[str, tuple[str, str]]]:
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for entry in entries:
            digests = (entry["message_sha256"], entry["receipt_sha256"] or "")
            found.setdefault(entry["message_id"], {})[entry["kind"]] = digests
        return found

    mine, other = told(ours), told(theirs)
    differing = set(mine) ^ set(other)
    for message in set(mine) & set(other):
        sender, receiver = mine[message], other[message]
        if "SENT" in receiver:
            sender, receiver = receiver, sender
        same = (
            set(sender) == {"SENT", "RECEIPTED"} and set(receiver) == {"RECEIVED"}
            and sender["RECEIPTED"] == receiver["RECEIVED"] and sender["SENT"][0] == receiver["RECEIVED"][0]
        )  # fmt: skip
        if not same:
            differing.add(message)
    return sorted(differing)


def _event(entry: dict[str, Any]) -> str:
    """What happened, with the state that it led to where it says one."""
    state = (entry.get("data") or {}).get("state")
    return f"{entry['type']}: {state}" if state else str(entry["type"])
