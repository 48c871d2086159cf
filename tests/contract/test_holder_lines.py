"""What certificates print of a holder, permits know to follow: the labels of both, and every filing (25.4-10)."""

from __future__ import annotations

from datetime import date

import yaml

from services.certificates.domain.catalogue import DATA, DEFAULT_LABELS
from services.permits.domain.catalogue import ItemKind, catalogue
from services.permits.domain.following import LEGAL_REPRESENTATIVE, holder_facts

DAY = date(2025, 9, 26)


def read(name: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return found


def test_every_label_under_which_a_certificate_names_its_holder_is_followed() -> None:
    versions = [entry for entries in read("types.yaml")["types"].values() for entry in entries]  # type: ignore[attr-defined]
    labels = {entry["labels"]["holder"] for entry in versions if "holder" in entry.get("labels", {})}
    labels |= {form["holder"] for form in DEFAULT_LABELS.values()}
    assert [label for label in labels if not holder_facts().facts["name"].names(label)] == []


def test_whatever_a_licence_calls_the_person_that_represents_the_entity_is_followed() -> None:
    kinds = read("licence_fields.yaml")["kinds"].values()  # type: ignore[attr-defined]
    shown = holder_facts().facts[LEGAL_REPRESENTATIVE]
    assert [kind["principal"] for kind in kinds if not shown.names(kind["principal"])] == []


def test_no_label_is_that_of_two_facts() -> None:
    facts = holder_facts().facts.values()
    labels = [label for shown in facts for label in shown.shown_as]
    assert [label for label in labels if sum(shown.names(label) for shown in facts) != 1] == []


def test_filings_of_a_running_business_are_told_and_none_follows_by_itself() -> None:
    told = set()
    for item in catalogue("320411").offered(DAY):
        if item.kind is ItemKind.FILING:
            effect = holder_facts().effect(item.key, ["name"], {"applicant_name": "甲"}, DAY, filing=True)
            assert not effect.follows
            told |= {item.key} if effect.kept else set()
    assert told == {
        "prepacked_food_filing", "medical_device_filing", "signboard_filing", "pollutant_registration", "hazard_source",
        "emergency_plan_filing", "crane_registration", "elevator_registration",
    }  # fmt: skip
