"""What of a holder's change shows where, on a real store (25.4-10): lines under other labels, filings, and for which certificate
somebody waits."""

from __future__ import annotations

from typing import Any

import pytest
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.domain.following import LEGAL_REPRESENTATIVE
from services.permits.usecases import following
from services.permits.usecases.cases import seal_content
from services.permits.usecases.following import follow
from tests.integration.permits.conftest import COMPANY, context
from tests.integration.permits.test_bundle_ways import told
from tests.integration.permits.test_filings_and_bundles import file
from tests.integration.permits.test_holders import (
    NEW,
    NEWER,
    OLD,
    PRINCIPAL,
    Registration,
    changed,
    granted,
    shown,
)
from tests.integration.permits.test_holders_ended import DEVICES


def states(parts: Any, permit: Any, **answers: str) -> None:
    """The form of a permit has these lines besides."""
    document = parts.store.case_of_permit(permit.permit_id)
    sealed = seal_content(parts, document["_id"], following.shown_content(parts, document) | answers)
    parts.store.cases.update_one({"_id": document["_id"]}, {"$set": {"content": sealed}})


def lines(parts: Any, permit: Any) -> dict[str, str]:
    return {line["label"]: line["value"] for line in shown(parts, permit)["fields"]}


def test_the_name_and_the_person_are_followed_under_whatever_label_the_form_has_them(stub: Any, parts: Any) -> None:
    permit = granted(stub, "k1")
    states(
        parts, permit, **{"经营者名称": OLD, "企业(字号) 名称": OLD, "负责人": "王小明", "主体业态": "餐饮服务经营者"}
    )
    follow(parts, changed("name", LEGAL_REPRESENTATIVE), Registration(representative="李小红"))
    assert shown(parts, permit)["holder_name"] == NEW
    assert lines(parts, permit) == {
        "经营者名称": NEW, "企业(字号) 名称": NEW, "负责人": "李小红", "主体业态": "餐饮服务经营者",
    }  # fmt: skip
    [event] = told(parts, "HolderFollowed")
    assert (event["certified"], event["kept_permit_ids"]) == ([f"{permit.permit_id}@2"], [])
    assert told(parts, "PermitChanged")[0]["facts"] == ["name", LEGAL_REPRESENTATIVE]


@pytest.mark.parametrize(
    "answers",
    [
        {PRINCIPAL: "王小明", "质量负责人": "赵大海"},
        {"法定代表人": "王小明", "负责人": "赵大海"},
    ],
    ids=["a label that nobody knows", "another person than the representative"],
)
def test_a_line_that_may_name_the_representative_stays_as_it_is_and_that_is_told(
    stub: Any, parts: Any, answers: dict[str, str]
) -> None:
    permit = granted(stub, "k1")
    states(parts, permit, **answers)
    follow(parts, changed(LEGAL_REPRESENTATIVE), Registration(representative="李小红"))
    assert list(lines(parts, permit).values()) == ["李小红", "赵大海"]
    [event] = told(parts, "HolderFollowed")
    assert event["permit_ids"] == event["kept_permit_ids"] == [permit.permit_id]
    assert event["kept_reason_codes"] == ["LINE_NOT_FOLLOWED"]


def test_the_name_of_another_company_is_not_written_over(stub: Any, parts: Any) -> None:
    permit = granted(stub, "k1")
    states(parts, permit, **{"建设单位": "常州远航机械有限公司"})
    follow(parts, changed(), Registration())
    assert lines(parts, permit) == {"建设单位": "常州远航机械有限公司"}
    [event] = told(parts, "HolderFollowed")
    assert (event["permit_ids"], event["kept_reason_codes"]) == ([permit.permit_id], ["LINE_NOT_FOLLOWED"])


def test_only_an_unknown_line_names_the_person_so_nothing_follows_and_nobody_is_asked(stub: Any, parts: Any) -> None:
    permit = granted(stub, "k1")
    states(parts, permit, **{"食品安全负责人": "赵大海"})
    ask = Registration(representative="李小红")
    follow(parts, changed(LEGAL_REPRESENTATIVE), ask)
    [event] = told(parts, "HolderFollowed")
    assert (event["permit_ids"], event["certified"], ask.questions) == ([], [], [])
    assert (event["kept_permit_ids"], event["kept_reason_codes"]) == ([permit.permit_id], ["LINE_NOT_FOLLOWED"])


def test_25_4_10_filings_that_bear_the_old_value_are_told_with_a_reason(
    stub: Any, parts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "HOLDER_PAGE", 1)
    devices = file(stub, "f1", "medical_device_filing", materials=DEVICES)
    food = file(stub, "f2")
    returned = file(stub, "f3", materials=[])
    gone = file(stub, "f4")
    stub.WithdrawFiling(
        rpc.WithdrawFilingRequest(context=context("w1"), filing_id=gone.filing_id, expected_version=gone.version)
    )
    permit = granted(stub, "k1")
    follow(parts, changed("domicile", "name"), Registration())
    [event] = told(parts, "HolderFollowed")
    assert event["permit_ids"] == [permit.permit_id]
    assert list(zip(event["kept_permit_ids"], event["kept_reason_codes"], strict=True)) == [
        (permit.permit_id, "PREMISES_NEED_OWN_CHANGE"),
        (devices.filing_id, "FILING_NEEDS_OWN_CHANGE"),
        (food.filing_id, "FILING_NEEDS_OWN_CHANGE"),
    ]
    assert returned.filing_id not in str(event)


def test_a_filing_about_what_was_done_says_what_was_so_then_and_is_not_told(stub: Any, parts: Any) -> None:
    file(
        stub, item="completion_filing", materials=["application_form", "completion_report"], event_date="2025-09-20",
        project_id="prj-1", subject_key="prj-1|B1|2025-001",
    )  # fmt: skip
    file(stub, "f2")
    follow(parts, changed("business_scope"), Registration())
    follow(parts, changed(version=3), Registration(version=3))
    first, second = told(parts, "HolderFollowed")
    assert (first["kept_permit_ids"], len(second["kept_permit_ids"])) == ([], 1)


def test_no_certificate_is_waited_for_that_was_issued_for_an_earlier_change(stub: Any, parts: Any) -> None:
    """The permit showed the new value already: it follows, and nothing is issued anew for that."""
    permit = granted(stub, "k1")
    follow(parts, changed(), Registration())
    states(parts, permit, **{PRINCIPAL: "李小红"})
    representative = Registration(version=3, representative="李小红")
    for _ in range(2):
        follow(parts, changed(LEGAL_REPRESENTATIVE, version=3), representative)
    follow(parts, changed(version=4), Registration(version=4, name=NEWER))

    assert len(told(parts, "PermitChanged")) == 2
    assert [(e["entity_version"], e["permit_ids"], e["certified"]) for e in told(parts, "HolderFollowed")] == [
        (2, [permit.permit_id], [f"{permit.permit_id}@2"]),
        (3, [permit.permit_id], []),
        (4, [permit.permit_id], [f"{permit.permit_id}@3"]),
    ]


def test_the_certificate_of_a_later_version_is_waited_for_by_an_event_that_comes_after_it(
    stub: Any, parts: Any
) -> None:
    """Registration told version 4 when the event of version 3 asked: its certificate is still to come for both."""
    permit = granted(stub, "k1")
    for version in (4, 3):
        follow(parts, changed(version=version), Registration(version=4))
    assert [e["certified"] for e in told(parts, "HolderFollowed")] == [[f"{permit.permit_id}@2"]] * 2


def test_what_is_on_record_is_found_page_by_page_by_an_index(stub: Any, store: Any) -> None:
    file(stub)
    query = {"holder_code": COMPANY, "state": "RECORDED", "_id": {"$gt": ""}}
    plan = str(store.filings.find(query).sort("_id", 1).explain()["queryPlanner"]["winningPlan"])
    assert "COLLSCAN" not in plan
    assert "SORT'" not in plan
