"""The load: matters of every kind, each carried through to its end by a patient person; what was answered is a promise.

A command that fails is given again under the same key until it is answered, as clients do. What an answer said is noted the
moment it came; the checker reads the notes, not the platform.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.across import Courier
from deploy.demo.desk import Desk, StoryStuck, wait_for
from deploy.demo.rows import TRADE_NAME, store_application
from tests.e2e.regions import Regions

PATIENCE = 240.0
HOLDER = "91320411MAXX00015L"
FOOD_MATERIALS = [
    "application_form", "business_licence", "identity_of_principal", "premises_proof", "premises_layout",
    "equipment_list", "food_safety_rules", "food_safety_staff", "health_certificates",
]  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """What a person was told: `kind` of matter, the region that keeps it, ids and the state that was answered."""

    kind: str
    region: str
    ids: dict[str, str]


@dataclass
class Notes:
    """What all actors were told, and what did not come about in time."""

    promises: list[Promise] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def promise(self, kind: str, region: str, **ids: str) -> None:
        with self.lock:
            self.promises.append(Promise(kind, region, ids))

    def give_up(self, what: str) -> None:
        with self.lock:
            self.stuck.append(what)


class Actor:
    """One person who begins a matter when the last one is done, until told to stop."""

    def __init__(self, number: int, seed: int, desks: Callable[[], tuple[Desk, Desk]], notes: Notes) -> None:
        self._chance = random.Random(seed * 1000 + number)
        self._here, self._there = desks()
        self._notes, self._run, self._count = notes, f"c{seed}-{number}-{int(time.time())}", 0

    def work_until(self, stop: threading.Event) -> None:
        matters = (self.register, self.register, self.permit, self.complain, self.complain, self.branch, self.come_in)
        while not stop.is_set():
            self._count += 1
            matter = self._chance.choice(matters)
            try:
                matter(f"{self._run}-{self._count}")
            except StoryStuck as error:
                self._notes.give_up(f"{matter.__name__} {self._run}-{self._count}: {error}")

    def register(self, key: str) -> None:
        """A company applies and is registered at home."""
        desk, application = self._here, self._application(self._here.region)
        told = desk.ask("POST", "/v1/registration/applications", "applicant", key=key, json=application)
        application_id = told["application_id"]
        self._notes.promise("application", desk.region, application_id=application_id)
        decided = desk.register(application_id, told["version"], f"{key}-d")
        self._notes.promise(
            "entity", desk.region, application_id=application_id, entity_id=decided["entity_id"], uscc=decided["uscc"]
        )

    def permit(self, key: str) -> None:
        """A complete permit case, accepted and granted."""
        desk = self._here
        body = {
            "item_key": "food_sales_permit", "holder_code": HOLDER, "materials": FOOD_MATERIALS, "facts": {},
            "content": {"applicant_name": f"店{key}", "premises": "通江路88号", "contact": "13800000000"},
        }  # fmt: skip
        case = desk.ask("POST", "/v1/permits/cases", "applicant", key=key, json=body)
        self._notes.promise("permit_case", desk.region, case_id=case["case_id"])
        case = self._until_granted(desk, case["case_id"], key)
        self._notes.promise(
            "permit", desk.region, case_id=case["case_id"], permit_id=case["permit"]["permit_id"], state=case["state"]
        )

    def _until_granted(self, desk: Desk, case_id: str, key: str) -> Any:
        for number in range(50):
            case = desk.ask("GET", f"/v1/permits/cases/{case_id}", "clerk-market")
            body = {"step": "GRANT", "expected_version": case["version"]}
            answer = desk.answer(
                "POST", f"/v1/permits/cases/{case_id}/steps", "clerk-market", key=f"{key}-g{number}", json=body
            )
            if answer.status_code == 200:
                return answer.json()
            if case["state"] in ("GRANTED", "DELIVERED"):
                return case
            time.sleep(0.3)
        raise StoryStuck(f"the case {case_id} is not granted: {answer.text[:200]}")

    def complain(self, key: str) -> None:
        """A request, signed for, replied to, asked about, closed."""
        desk = self._here
        body = {
            "caller": f"caller-{key}", "kind": "COMPLAINT", "title": "便利店销售过期食品", "place": f"通江路{key}号",
            "text": f"{key}商店销售过期食品，请市场监管部门查处。",
        }  # fmt: skip
        told = desk.ask("POST", "/v1/hotline/requests", "applicant", key=key, json=body)
        order_id = told["order"]["order_id"]
        self._notes.promise("request", desk.region, request_id=told["request_id"], order_id=order_id)
        for step, more in (("SIGN", {}), ("REPLY", {})):
            self._order_step(f"/v1/hotline/orders/{order_id}/steps", order_id, f"{key}-{step}", {"step": step} | more)
        asked = {"step": "FOLLOW_UP", "reached": True, "resolved": True, "satisfaction": "SATISFIED"}
        self._order_step(f"/v1/hotline/centre/orders/{order_id}/steps", order_id, f"{key}-asked", asked)
        self._notes.promise("closed_order", desk.region, order_id=order_id)

    def _order_step(self, path: str, order_id: str, key: str, step: dict[str, Any]) -> None:
        desk, text = self._here, ""
        for number in range(50):
            order = desk.ask("GET", f"/v1/hotline/centre/orders/{order_id}", "hotline-centre")
            client = "hotline-centre" if "/centre/" in path else f"unit-{order['unit_code'].partition('-')[2]}"
            body = step | {"expected_version": order["version"]}
            answer = desk.answer("POST", path, client, key=f"{key}-{number}", json=body)
            done = {"SIGN": "SIGNED", "REPLY": "REPLIED", "FOLLOW_UP": "CLOSED"}[str(step["step"])]
            if answer.status_code == 200 or order["state"] == done:
                return
            text = answer.text[:200]
            time.sleep(0.3)
        raise StoryStuck(f"{step['step']} of {order_id}: {text}")

    def branch(self, key: str) -> None:
        """A permit from the partner region, with a notice on the way; from the window to the delivered certificate."""
        courier = Courier(self._here, self._there, lambda line: None)
        crossing = courier.apply_for_permit(HOLDER, f"店{key}", "深圳市南山区科技路1号", key)
        self._notes.promise("crossing", self._here.region, handoff_case_id=crossing.handoff_case_id)

    def come_in(self, key: str) -> None:
        """A company that the partner's window sets up at home."""
        courier = Courier(self._there, self._here, lambda line: None)
        crossing = courier.set_up_company(self._application(self._here.region), key)
        self._notes.promise("crossing", self._there.region, handoff_case_id=crossing.handoff_case_id)

    def _application(self, region: str) -> dict[str, Any]:
        application = store_application([], region)
        name = str(application["name"])
        city = name[: name.index("便利店") - 3]
        return application | {"name": city + "".join(self._chance.sample(TRADE_NAME, 5)) + "便利店有限公司"}


def desks_of(regions: Regions) -> Callable[[], tuple[Desk, Desk]]:
    """New desks for each actor: connections are not shared between threads."""

    def make() -> tuple[Desk, Desk]:
        return regions.desk(regions.home, PATIENCE), regions.desk(regions.partner, PATIENCE)

    return make


def run_load(regions: Regions, seed: int, actors: int, stop: threading.Event) -> tuple[Notes, list[threading.Thread]]:
    """Start the actors; they stop after the matter at hand once `stop` is set."""
    notes, make = Notes(), desks_of(regions)
    threads = [
        threading.Thread(target=Actor(number, seed, make, notes).work_until, args=(stop,), daemon=True)
        for number in range(actors)
    ]
    for thread in threads:
        thread.start()
    return notes, threads


def wait_until_quiet(threads: list[threading.Thread], seconds: float) -> bool:
    """Whether all actors came to the end of their matters."""

    def alive() -> int:
        return sum(thread.is_alive() for thread in threads)

    try:
        wait_for("the actors to finish", alive, lambda count: count == 0, 0.5, seconds)
    except StoryStuck:
        return False
    return True
