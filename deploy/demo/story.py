"""One matter through the services, as a person would live it: a convenience store is opened as one thing, a neighbour
complains, the permit is revoked and its certificate turns. All through the gateway, with the tokens of those who act."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy.demo.desk import Desk, StoryStuck, wait_for
from deploy.demo.timeline import Moment

ANSWERS = {
    "prepacked_only": "NO", "sells_tobacco": "YES", "sells_medical_devices": "NO", "has_sign": "YES",
    "public_gathering": "NO", "large_shop": "NO",
}  # fmt: skip
MATERIALS = [
    "application_form", "premises_proof", "premises_layout", "equipment_list", "food_safety_staff", "sign_drawing",
]  # fmt: skip


@dataclass
class Story:
    """What came of it: lines as they happened, moments for the picture, figures for the report."""

    title: str
    lines: list[str] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    material_cut: float = 0.0
    outcome: str = ""
    certificates: list[str] = field(default_factory=list)
    verdict_after: str = ""
    complaint: str = ""
    seconds_to_turn: float = 0.0
    uscc: str = ""

    @property
    def ok(self) -> bool:
        return (self.outcome, self.verdict_after, self.complaint) == ("COMPLETE", "NOT_IN_FORCE", "CLOSED")


class StoryTeller:
    """Plays the story in one region."""

    def __init__(self, desk: Desk, tell: Callable[[str], None]) -> None:
        self._desk, self._region, self._tell = desk, desk.region, tell
        self._desk, self._get, self._wait = desk, desk.ask, wait_for

    def open_a_store(self, application: dict[str, Any], run: str) -> Story:
        """From the questions to the revoked permit. Raises StoryStuck. `run` makes the commands of this run its own."""
        story = Story(f"开便利店“一件事” · {application['name']}")
        plan = self._get("POST", "/v1/permits/bundles/plan", "applicant", json={
            "bundle_type": "convenience_store", "answers": ANSWERS, "has_licence": False})  # fmt: skip
        story.material_cut = plan["material_cut"] / 10000
        self._note(story, f"{len(plan['steps'])} steps, materials cut by {story.material_cut:.0%}, "
                          f"expected to be done by {plan['predicted_finish_date'] or 'unknown'}")  # fmt: skip
        bundle = self._get("POST", "/v1/permits/bundles", "applicant", key=f"story-{run}", json={
            "bundle_type": "convenience_store", "answers": ANSWERS, "materials": MATERIALS,
            "content": {"applicant_name": application["name"], "premises": application["domicile"]["address"]},
            "licence_application": application})  # fmt: skip
        bundle_id = bundle["bundle_id"]
        entity = self._register(story, bundle_id)
        story.uscc = entity["uscc"]
        self._decide_permits(story, bundle_id)
        bundle = self._wait("the bundle to finish", lambda: self._bundle(bundle_id), lambda b: b["state"] == "FINISHED")
        story.outcome = bundle["outcome"]
        self._note(story, f"all steps done: {bundle['outcome']}")
        food = next(step for step in bundle["steps"] if step["key"] == "food_permit")
        order_id = self._complain(story, application, run)
        self._revoke(story, entity["uscc"], food["case_id"])
        self._answer(story, order_id)
        self._collect(story, bundle_id, entity["entity_id"], bundle)
        return story

    def _register(self, story: Story, bundle_id: str) -> dict[str, Any]:
        """The licence step: registration has received the application; the registrar decides."""

        def application_of(bundle: dict[str, Any]) -> str:
            steps = {step["key"]: step for step in bundle["steps"]}
            if steps["licence"]["state"] == "REFUSED":
                raise StoryStuck(
                    f"the licence of {bundle_id} is refused: {', '.join(steps['licence']['reason_codes'])}"
                )
            page = self._get("GET", "/v1/registration/work-items", "registrar",
                             params={"division_code": self._region, "page_size": 200})  # fmt: skip
            for item in page["work_items"]:
                found = self._get("GET", f"/v1/registration/applications/{item['application_id']}", "registrar")
                if found["name"]["full_name"] in story.title and steps["licence"]["state"] == "OPEN":
                    return str(found["application_id"])
            return ""

        application_id = self._wait(
            "registration to receive the application", lambda: application_of(self._bundle(bundle_id)), bool
        )
        self._note(story, f"registration received the application {application_id}")
        found = self._get("GET", f"/v1/registration/applications/{application_id}", "registrar")
        decided = self._desk.register(application_id, found["version"], f"story-{application_id}")
        self._note(story, f"registered as {decided['uscc']}")
        return {"uscc": decided["uscc"], "entity_id": decided["entity_id"]}

    def _decide_permits(self, story: Story, bundle_id: str) -> None:
        bundle = self._wait(
            "the permits to open", lambda: self._bundle(bundle_id),
            lambda b: all(s["state"] != "WAITING" and (s["case_id"] or s["kind"] == "LICENCE") for s in b["steps"]),
        )  # fmt: skip
        for step in bundle["steps"]:
            if step["kind"] != "PERMIT" or step["state"] != "OPEN":
                continue
            case = self._get("GET", f"/v1/permits/cases/{step['case_id']}", "applicant")
            unit = case["unit_code"].partition("-")[2]
            due = next((d["due_date"] for d in case["deadlines"] if d["clock"] == "decision"), None)
            self._get("POST", f"/v1/permits/cases/{case['case_id']}/steps", f"clerk-{unit}",
                      key=f"story-{case['case_id']}",
                      json={"step": "GRANT", "expected_version": case["version"]})  # fmt: skip
            self._note(story, f"{step['item_key']} granted by {case['unit_code']} (due {due or 'unknown'})")

    def _complain(self, story: Story, application: dict[str, Any], run: str) -> str:
        """A neighbour complains: the order goes to the unit on the duty list, which signs for it."""
        told = self._get("POST", "/v1/hotline/requests", "applicant", key=f"story-complaint-{run}", json={
            "caller": f"neighbour-{run}", "kind": "COMPLAINT", "place": application["domicile"]["address"],
            "title": "便利店销售过期食品", "text": f"{application['name']}销售过期食品，请市场监管部门查处。"})  # fmt: skip
        order = told["order"]
        self._note(
            story, f"a neighbour complains: order with {order['unit_code']}, to be signed by {order['due_time']}"
        )
        unit = order["unit_code"].partition("-")[2]
        self._get("POST", f"/v1/hotline/orders/{order['order_id']}/steps", f"unit-{unit}",
                  key=f"story-sign-{run}", json={"step": "SIGN", "expected_version": order["version"]})  # fmt: skip
        return str(order["order_id"])

    def _answer(self, story: Story, order_id: str) -> None:
        """The unit replies, the centre asks the neighbour, the order is closed."""
        path = f"/v1/hotline/centre/orders/{order_id}"
        order = self._get("GET", path, "hotline-centre")
        unit = order["unit_code"].partition("-")[2]
        order = self._get("POST", f"/v1/hotline/orders/{order_id}/steps", f"unit-{unit}", key=f"story-reply-{order_id}",
                          json={"step": "REPLY", "expected_version": order["version"]})  # fmt: skip
        self._get("POST", f"{path}/steps", "hotline-centre", key=f"story-asked-{order_id}",
                  json={"step": "FOLLOW_UP", "reached": True, "resolved": True, "satisfaction": "SATISFIED",
                        "expected_version": order["version"]})  # fmt: skip
        order = self._get("GET", path, "hotline-centre")
        story.complaint = order["state"]
        self._note(story, f"the neighbour is answered and asked: {order['outcome_code']}, {order['satisfaction']}")
        self._add(story, "hotline", order_id, order["timeline"])

    def _revoke(self, story: Story, uscc: str, case_id: str) -> None:
        """The food permit is revoked; whoever scans its certificate must learn it at once."""
        case = self._wait("the permit's certificate",
                          lambda: self._get("GET", f"/v1/permits/cases/{case_id}", "clerk-market"),
                          lambda c: c["state"] == "DELIVERED")  # fmt: skip
        page = self._get("GET", "/v1/certificates", "applicant", params={"holder_code": uscc})
        story.certificates = [c["type_name"] for c in page["certificates"]]
        self._note(story, "certificates: " + "、".join(story.certificates))
        found = next(c for c in page["certificates"] if c["holder_ref"] == case["permit"]["permit_id"])
        shown = {"qr_text": found["qr_text"]}
        before = self._get("POST", "/v1/certificates/verify", "", json=shown)["conclusion"]
        begun = time.perf_counter()
        self._get("POST", f"/v1/permits/permits/{case['permit']['permit_id']}/state", "clerk-market",
                  key=f"story-revoke-{case_id}",
                  json={"state": "REVOKED", "reason_code": "GRANTED_UNLAWFULLY"})  # fmt: skip
        story.verdict_after = self._wait(
            "the certificate to turn", lambda: self._get("POST", "/v1/certificates/verify", "", json=shown)["conclusion"],
            lambda conclusion: conclusion != before, pause=0.02,
        )  # fmt: skip
        story.seconds_to_turn = time.perf_counter() - begun
        self._note(story, f"permit revoked: the verifier says {before} → {story.verdict_after} "
                          f"after {story.seconds_to_turn * 1000:.0f} ms")  # fmt: skip

    def _collect(self, story: Story, bundle_id: str, entity_id: str, bundle: dict[str, Any]) -> None:
        """The timelines of everything that had a part, as moments of one picture."""
        entity = self._get("GET", f"/v1/registration/entities/{entity_id}", "registrar")
        application = self._get("GET", f"/v1/registration/applications/{entity['application_id']}", "registrar")
        for service, subject, timeline in (
            ("permits", bundle_id, self._bundle(bundle_id)["timeline"]),
            ("registration", application["application_id"], application["timeline"]),
            ("registration", entity_id, entity["timeline"]),
        ):
            self._add(story, service, subject, timeline)
        for step in bundle["steps"]:
            if step["kind"] in ("PERMIT", "COMMITMENT") and step["case_id"]:
                case = self._get("GET", f"/v1/permits/cases/{step['case_id']}", "applicant")
                self._add(story, "permits", step["item_key"], case["timeline"])
        page = self._get("GET", "/v1/certificates", "applicant", params={"holder_code": entity["uscc"]})
        for certificate in page["certificates"]:
            time_ = datetime.fromisoformat(certificate["issued_time"])
            story.moments.append(
                Moment(time_, self._region, "certificates", "CertificateIssued", certificate["type_name"])
            )

    def _add(self, story: Story, service: str, subject: str, timeline: list[dict[str, Any]]) -> None:
        story.moments += [
            Moment(datetime.fromisoformat(e["time"]), self._region, service, e["type"], subject) for e in timeline
        ]

    def _bundle(self, bundle_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self._get("GET", f"/v1/permits/bundles/{bundle_id}", "applicant")
        return found

    def _note(self, story: Story, line: str) -> None:
        story.lines.append(line)
        self._tell(line)
