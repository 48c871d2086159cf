"""3-08: standards unity, mutual authorisation, acceptance elsewhere, remote handling and co-ordination, between two deployed
regions over their gateways; and what partners read in the feed."""

from __future__ import annotations

import os
import secrets
import signal
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.across import Courier, agree
from deploy.demo.desk import wait_for
from deploy.demo.rows import store_application
from deploy.regions.plan import RegionFileWrong, read_regions
from tests.e2e.regions import Regions
from tests.e2e.test_demo import pid_in

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
HOLDER = "91320411MAXX00015L"


def test_3_08_the_five_parts_together_between_two_regions(regions: Regions) -> None:
    agreement = regions.here.ask("GET", "/v1/handoff/agreements", "window")["agreements"]
    nanshan = next(a for a in agreement if a["agreement_id"] == "xinbei-nanshan")
    food = [i for i in nanshan["items"] if i["item"] == "food_sales_permit"]
    assert [i["differences"] for i in food] == [[], []], "3-03: the same standard in both directions"
    crossing = Courier(regions.here, regions.there, lambda line: None).apply_for_permit(
        HOLDER, "常州云帆商贸有限公司", "深圳市南山区科技路1号", secrets.token_hex(6)
    )
    assert crossing.ok, crossing.lines
    case = regions.here.ask("GET", f"/v1/handoff/cases/{crossing.handoff_case_id}", "window")
    assert case["authorisation_id"] == "auth-440305-320411-2024"  # 3-04
    assert {r["region"]: set(r["duties"]) & {"IDENTITY", "SUBSTANCE"} for r in case["responsibilities"]} == {
        "320411": {"IDENTITY"}, "440305": {"SUBSTANCE"}}  # fmt: skip  # 3-05
    assert all(clock["state"] == "ENDED" for clock in case["clocks"])


def test_3_06_only_the_deciding_region_decides_and_the_other_finds_no_case_to_decide(regions: Regions) -> None:
    body = {
        "item": "company_set_up", "deciding_region": "320411", "mode": "COLLECT_ELSEWHERE", "identity_check": "IN_PERSON",
        "consent": True, "application": store_application([], "320411"),
    }  # fmt: skip
    opened = regions.there.ask("POST", "/v1/handoff/cases", "window", key=secrets.token_hex(6), json=body)
    path = f"/v1/handoff/cases/{opened['handoff_case_id']}"
    case = wait_for(
        "the case on the books", lambda: regions.there.ask("GET", path, "window"), lambda c: c["state"] == "ACCEPTED"
    )
    decision = {"decision": "REGISTER", "expected_version": 1}
    application = f"/v1/registration/applications/{case['local_case_id']}/decision"
    refused = regions.there.answer("POST", application, "registrar", key=secrets.token_hex(6), json=decision)
    assert (refused.status_code, refused.json()["code"]) == (404, "APPLICATION_NOT_FOUND")
    at_home = regions.here.answer("POST", f"{path}/delivery", "window", key=secrets.token_hex(6),
                                  json={"expected_version": 1})  # fmt: skip
    assert (at_home.status_code, at_home.json()["code"]) == (422, "NOT_ACCEPTING_REGION")


@pytest.mark.parametrize("name", ["handoff-worker", "handoff-rpc", "gateway"])
@pytest.mark.parametrize("side", ["home", "partner"])
def test_3_07_a_process_of_either_region_dies_meanwhile_and_both_ledgers_agree(
    regions: Regions, side: str, name: str
) -> None:
    cases, folder = [], getattr(regions, side).state.directory
    for number in range(6):
        body = {
            "item": "food_sales_permit", "deciding_region": "440305", "mode": "COLLECT_ELSEWHERE",
            "identity_check": "IN_PERSON", "consent": True,
            "application": {"holder_code": HOLDER, "materials": ["application_form"],
                            "content": {"applicant_name": "云帆", "premises": "科技路1号"}},
        }  # fmt: skip
        opened = regions.here.ask("POST", "/v1/handoff/cases", "window", key=f"die-{side}-{name}-{number}", json=body)
        cases.append(opened["handoff_case_id"])
        if number == 2:
            os.kill(pid_in(folder, name), signal.SIGKILL)
    for case_id in cases:
        for desk in (regions.here, regions.there):
            wait_for(
                f"{case_id} at {desk.region}",
                lambda desk=desk, case_id=case_id: desk.answer("GET", f"/v1/handoff/cases/{case_id}", "window").json(),
                lambda case: case.get("state") == "ACKNOWLEDGED",
            )
        wait_for("the last receipt", lambda case_id=case_id: agree(*_ledgers(regions, case_id)), bool)
    for desk in (regions.here, regions.there):
        assert desk.ask("GET", "/v1/handoff/ledger/verification", "window")["intact"]


def _ledgers(regions: Regions, case_id: str) -> list[list[dict[str, Any]]]:
    query = {"handoff_case_id": case_id}
    return [
        desk.ask("GET", "/v1/handoff/ledger", "window", params=query)["entries"]
        for desk in (regions.here, regions.there)
    ]


def test_a_partner_pulls_the_feed_from_its_cursor_and_misses_nothing(regions: Regions) -> None:
    def page(after: int, limit: int = 5) -> dict[str, object]:
        found: dict[str, object] = regions.here.ask(
            "GET", "/v1/feed/events", "partner-440305", params={"after": after, "limit": limit}
        )
        return found

    def crossed() -> list[int]:
        after, seen = 0, list[int]()
        while True:
            found = page(after)
            entries = found["entries"]
            assert isinstance(entries, list)
            seen += [entry["sequence"] for entry in entries if "HandoffStateChanged" in entry["type"]]
            if not entries:
                return seen
            assert found["next"] == entries[-1]["sequence"] > after
            after = int(str(found["next"]))

    company = store_application([], "320411")
    crossing = Courier(regions.there, regions.here, lambda line: None).set_up_company(company, secrets.token_hex(6))
    assert crossing.ok, crossing.lines
    before = wait_for("the feed", crossed, lambda seen: len(seen) >= 6)
    assert before == sorted(set(before))
    other = regions.here.ask("GET", "/v1/feed/events", "partner-440103", params={"limit": 500})["entries"]
    assert not [e for e in other if "HandoffStateChanged" in e["type"]], "a case is for its partner only"
    refused = regions.here.answer("GET", "/v1/feed/events", "partner-320411")
    assert refused.status_code == 403


def test_a_third_region_is_one_file(tmp_path: Path, regions: Regions) -> None:
    for path in Path("deploy/regions").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    third = tmp_path / "440103.yaml"
    third.write_text('region: "440103"\nport_offset: 700\npartners: ["320411"]\n', encoding="utf-8")
    found = read_regions(tmp_path, tmp_path / "state")
    assert [region.code for region in found] == ["320411", "440305", "440103"]
    for wrong, says in (
        ('region: "999999"\nport_offset: 700\n', "no division"), ('region: "440103"\nport_offset: 500\n', "ports"),
        ('region: "440103"\nport_offset: 700\npartners: ["120112"]\n', "no file"),
    ):  # fmt: skip
        third.write_text(wrong, encoding="utf-8")
        with pytest.raises(RegionFileWrong, match=says):
            read_regions(tmp_path, tmp_path / "state")
