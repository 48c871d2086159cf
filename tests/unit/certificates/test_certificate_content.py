"""What a licence says, by kind of entity; states; canonical content."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from services.certificates.domain import catalogue
from services.certificates.domain.catalogue import UnknownCertificateType, UnknownIssuer, certificate_type, issuer_of
from services.certificates.domain.certificate import (
    CertificateState,
    FactsIncomplete,
    UnprintableText,
    content_from_mapping,
    licence_from_facts,
    may_become,
    serial_of,
)
from services.certificates.domain.identifier import parse_identifier
from services.certificates.domain.numerals import UnknownCurrency
from shared.ids import new_id
from shared.national_codes import check_uscc
from tests.unit.certificates.samples import COMPANY, PARTNERSHIP, SOLE_TRADER, company

State = CertificateState
DAY = date(2026, 11, 23)


def labels(facts: dict) -> dict[str, str]:
    return {field.label: field.value for field in licence_from_facts(facts, new_id("cert")).fields}


def test_a_company_s_licence_states_what_the_rules_ask_for() -> None:
    assert labels(COMPANY) == {
        "名称": COMPANY["name"],
        "类型": "有限责任公司",
        "法定代表人": "王小明",
        "经营范围": COMPANY["business_scope"],
        "注册资本": "叁佰捌拾万元整",
        "成立日期": "2026年11月23日",
        "住所": COMPANY["address"],
    }


def test_a_sole_trader_has_an_operator_and_premises_and_no_capital() -> None:
    assert list(labels(SOLE_TRADER)) == ["名称", "类型", "经营者", "经营范围", "成立日期", "经营场所"]
    given_capital = SOLE_TRADER | {"capital": {"amount_fen": 100, "currency": "CNY"}}
    content = licence_from_facts(given_capital, new_id("cert"))
    assert (content.amount_fen, content.currency) == (-1, "")


def test_a_partnership_has_a_managing_partner_and_a_contribution() -> None:
    face = labels(PARTNERSHIP)
    assert face["执行事务合伙人"] == PARTNERSHIP["legal_representative"]
    assert face["出资额"] == "壹亿美元伍拾美分"
    assert "主要经营场所" in face


def test_every_kind_of_entity_has_a_form() -> None:
    from tongban.registration.v1.messages_pb2 import EntityType

    for name in EntityType.keys()[1:]:
        face = labels(COMPANY | {"entity_type": name.removeprefix("ENTITY_TYPE_")})
        assert len(face) >= 6


def test_an_unknown_kind_division_or_currency_is_refused_not_guessed() -> None:
    with pytest.raises(UnknownCertificateType):
        labels(COMPANY | {"entity_type": "GUILD"})
    with pytest.raises(UnknownIssuer):
        labels(COMPANY | {"division_code": "999999"})
    with pytest.raises(UnknownCurrency):
        labels(COMPANY | {"capital": {"amount_fen": 1, "currency": "XAU"}})
    with pytest.raises(UnknownCertificateType):
        certificate_type("FISHING_LICENCE", DAY)


@pytest.mark.parametrize(
    ("fact", "field"),
    [("name", "name"), ("legal_representative", "principal"), ("business_scope", "business_scope"), ("capital", "capital"),
     ("address", "premises")],
)  # fmt: skip
def test_a_licence_that_lacks_what_it_must_state_is_not_issued(fact: str, field: str) -> None:
    with pytest.raises(FactsIncomplete) as failure:
        labels(COMPANY | {fact: None})
    assert [violation.field for violation in failure.value.violations] == [field]


def test_reference_data_is_in_force_only_within_its_dates() -> None:
    assert issuer_of("320411", date(2010, 1, 1)).code == "11320411999900011N"
    with pytest.raises(UnknownIssuer):
        issuer_of("320411", date(2009, 12, 31))


@pytest.mark.parametrize("name", ["issuers.yaml", "types.yaml"])
def test_every_datum_has_a_source_and_a_validity_and_valid_codes(name: str) -> None:
    content = yaml.safe_load((Path(catalogue.DATA) / name).read_text(encoding="utf-8"))
    for entries in next(iter(content.values())).values():
        for entry in entries:
            assert entry["source"]
            assert isinstance(entry["valid_from"], date)
            check_uscc((entry.get("code") or entry["type_code"])[:18])


def test_the_serial_is_the_random_part_of_the_certificate_s_id() -> None:
    certificate_id = new_id("cert")
    content = licence_from_facts(COMPANY, certificate_id)
    assert parse_identifier(content.identifier).serial == serial_of(certificate_id) == certificate_id[5:]


def test_the_founding_date_is_the_issue_date() -> None:
    content = licence_from_facts(COMPANY, new_id("cert"))
    assert content.issue_date == content.valid_from_date == COMPANY["founding_date"]
    assert content.valid_to_date == ""


def test_names_are_composed_and_white_space_is_single() -> None:
    face = labels(COMPANY | {"name": "Cafe\u0301 \u3000 常州\n有限公司"})
    assert face["名称"] == "Café 常州 有限公司"


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x00", "\ue000", "\u2066", "\ufeff"])
def test_invisible_private_and_direction_changing_characters_are_refused(character: str) -> None:
    with pytest.raises(UnprintableText) as failure:
        labels(COMPANY | {"legal_representative": f"王{character}明"})
    assert failure.value.violations[0].field == "legal_representative"
    assert "王" not in failure.value.message


def test_content_survives_json_and_has_one_spelling() -> None:
    content = licence_from_facts(PARTNERSHIP, new_id("cert"))
    assert content_from_mapping(json.loads(content.canonical())) == content
    assert content.canonical() == content_from_mapping(json.loads(content.canonical())).canonical()


@pytest.mark.parametrize(
    "change",
    [{"schema": "other"}, {"extra": 1}, {"version": "1"}, {"version": True}, {"holder_name": 5}, {"fields": {}},
     {"fields": [{"code": "name"}]}, {"fields": [{"code": "a", "label": "b", "value": 1}]}],
)  # fmt: skip
def test_content_of_another_shape_is_refused(change: dict) -> None:
    with pytest.raises(ValueError):
        content_from_mapping(company().record.content.as_mapping() | change)


def test_expiry_follows_from_the_dates_and_needs_no_job() -> None:
    record = company().record
    limited = replace(record, content=replace(record.content, valid_to_date="2027-11-22"))
    assert record.state_on(date(2999, 1, 1)) is State.ISSUED
    assert limited.state_on(date(2027, 11, 22)) is State.ISSUED
    assert limited.state_on(date(2027, 11, 23)) is State.EXPIRED
    assert replace(limited, state=State.REVOKED).state_on(date(2027, 11, 23)) is State.REVOKED


def test_final_states_never_return_and_expired_is_never_stored() -> None:
    final = (State.REVOKED, State.CANCELLED, State.REPLACED)
    assert may_become(State.ISSUED, State.SUSPENDED)
    assert may_become(State.SUSPENDED, State.ISSUED)
    for state in final:
        assert may_become(State.ISSUED, state)
        assert may_become(State.SUSPENDED, state)
        assert not any(may_become(state, new) for new in (State.ISSUED, State.SUSPENDED, State.REPLACED))
    assert may_become(State.REVOKED, State.CANCELLED), "what was revoked is cancelled in the end (行政许可法 art. 70)"
    assert not any(may_become(state, new) for state in (State.CANCELLED, State.REPLACED) for new in State)
    assert not any(may_become(old, State.EXPIRED) for old in State)
