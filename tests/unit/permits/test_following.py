"""Which facts of its holder a permit follows (25.4-10): every rule is lawful data, and says either follows or keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.permits.domain.catalogue import ItemKind, catalogue
from services.permits.domain.events import PermitChanged
from services.permits.domain.following import LEGAL_REPRESENTATIVE, HolderFacts, holder_facts
from services.permits.domain.permit import Permit, PermitChangeNotAllowed, PermitState

DAY = date(2025, 9, 26)
CONTENT = {"applicant_name": "甲", "premises": "通江路88号", "法定代表人（负责人）": "王某"}
ALL = ["business_scope", "domicile", LEGAL_REPRESENTATIVE, "name"]


def permit(state: PermitState = PermitState.IN_FORCE) -> Permit:
    return Permit("per_1", state, 1, "2025-01-01", "2029-12-31")


def test_every_rule_is_about_an_item_of_the_catalogue() -> None:
    assert holder_facts().unknown_items(catalogue("320411")) == set()


def test_25_4_10_a_permit_bound_to_its_premises_keeps_them_and_takes_the_name() -> None:
    effect = holder_facts().effect("drug_retail_permit", ALL, CONTENT, DAY)
    assert effect.follows == {"name": ("applicant_name",), LEGAL_REPRESENTATIVE: ("法定代表人（负责人）",)}
    assert effect.kept == ("PREMISES_NEED_OWN_CHANGE",)


def test_a_qualified_principal_is_not_changed_by_the_register() -> None:
    effect = holder_facts().effect("hazardous_chemicals_permit", [LEGAL_REPRESENTATIVE], CONTENT, DAY)
    assert (effect.follows, effect.kept) == ({}, ("PRINCIPAL_NEEDS_OWN_CHANGE",))


def test_what_a_permit_does_not_show_does_not_concern_it() -> None:
    bare = {"applicant_name": "甲"}
    assert holder_facts().effect("construction_permit", ["domicile", LEGAL_REPRESENTATIVE], bare, DAY).follows == {}
    assert holder_facts().effect("food_sales_permit", ["business_scope", "capital"], CONTENT, DAY).kept == ()


def test_before_the_rules_are_in_force_nothing_follows() -> None:
    effect = holder_facts().effect("food_sales_permit", ALL, CONTENT, date(2023, 12, 31))
    assert (effect.follows, effect.kept) == ({}, ())


def test_every_permit_with_a_certificate_knows_what_to_do_with_a_new_name() -> None:
    for item in catalogue("320411").offered(DAY):
        if item.kind is not ItemKind.FILING and item.certificate_type:
            assert holder_facts().effect(item.key, ["name"], CONTENT, DAY).follows, item.key


@pytest.mark.parametrize("rule", [{}, {"follows": True, "keeps": "X"}, {"follows": True, "source": ""}])
def test_a_rule_without_a_word_or_a_source_is_refused(rule: dict[str, Any]) -> None:
    body = {"shown_as": ["applicant_name"], "rules": [{"items": "*", "source": "x"} | rule]}
    raw = {"valid_from": DAY, "valid_to": None, "source": "x", "facts": {"name": body}}
    with pytest.raises(ValueError, match="either follows or keeps"):
        HolderFacts(raw)


def test_a_permit_that_follows_keeps_its_validity_and_goes_up_by_one() -> None:
    found = permit()
    [event] = found.follow("pmc_1", ["name"], "FOOD_BUSINESS_PERMIT", "ent_1", "stp_1", DAY)
    assert event == PermitChanged("per_1", "pmc_1", ["name"], "FOOD_BUSINESS_PERMIT", "ent_1", 2, "stp_1")
    assert (found.valid_from_date, found.valid_to_date, found.shown_date) == ("2025-01-01", "2029-12-31", "2025-09-26")
    assert (found.version, found.shown_version) == (2, 2)


@pytest.mark.parametrize("state", [PermitState.REVOKED, PermitState.CANCELLED])
def test_a_permit_that_has_ended_follows_nobody(state: PermitState) -> None:
    with pytest.raises(PermitChangeNotAllowed):
        permit(state).follow("pmc_1", ["name"], "X", "ent_1", "", DAY)
    with pytest.raises(PermitChangeNotAllowed):
        permit().follow("pmc_1", ["name"], "X", "ent_1", "", date(2030, 1, 1))
