"""Re-issues: the serial of the first certificate, the next version in the identifier (GB/T 36904), the certificate before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.domain.certificate import CertificateState, content_from_mapping
from services.certificates.domain.identifier import compose_identifier, parse_identifier
from services.certificates.domain.lines import (
    CHANGED,
    MOVED_IN,
    RESTORED,
    Known,
    Place,
    is_due,
    next_filing,
    place_in,
    placed,
    shows_former_facts,
)
from services.certificates.domain.rendition import read_rendition, sign_content
from shared.failures import InvalidArgument
from tests.unit.certificates.samples import COMPANY, KEY, PUBLIC_URL, company

TYPE, ISSUER = "11320411999900011N001", "11320411999900011N"
FIRST = f"1.2.156.3005.2.{TYPE}.{ISSUER}.JGBA2024000001.001.P"


def known(holder_version: int, number: int, serial: str = "JGBA2024000001") -> Known:
    identifier = compose_identifier(TYPE, ISSUER, serial, number)
    return Known("ent_1", "BUSINESS_LICENCE", holder_version, f"cert_{number:04d}", identifier)


def test_a_re_issue_keeps_the_serial_and_its_check_character_is_that_of_version_002() -> None:
    line = [Known("ent_1", "BUSINESS_LICENCE", 1, "cert_0001", FIRST)]
    place = place_in(line, 2)
    assert place == Place("JGBA2024000001", 2, "cert_0001", FIRST, 2)
    content = replace(company().record.content, type_code=TYPE, issuer_code=ISSUER)
    assert placed(content, place, "cert_X").identifier == FIRST.replace(".001.P", ".002.N")
    assert placed(content, place, "cert_X").version == 2


def test_the_first_certificate_has_a_serial_of_its_own() -> None:
    assert place_in([], 1) == Place()
    content = placed(company().record.content, Place(), "cert_01ABC")
    assert (parse_identifier(content.identifier).serial, content.version) == ("01ABC", 1)


def test_what_comes_after_a_newer_version_replaces_nothing() -> None:
    assert place_in([known(5, 1)], 3) == Place("JGBA2024000001", 2, position=2)
    assert place_in([known(5, 1), known(3, 2)], 6).replaces_certificate_id == "cert_0001"


def test_a_line_that_is_full_goes_on_under_a_new_serial_and_stays_linked() -> None:
    place = place_in([known(1, 1), known(999, 999)], 1000)
    assert (place.serial, place.number, place.position, place.replaces_certificate_id) == ("", 1, 1000, "cert_0999")
    first_of_the_next = replace(known(1000, 1, "JGBA2024000002"), certificate_id="cert_1000", place=1000)
    place = place_in([known(1, 1), known(999, 999), first_of_the_next], 1001)
    assert (place.serial, place.number, place.position) == ("JGBA2024000002", 2, 1001)


def test_another_filing_of_a_subject_has_the_next_version_once_the_one_before_is_without_effect() -> None:
    """4-07: one form for a subject."""
    form = replace(known(1, 1), ref="prj_1|3", holder_ref="fil_1")
    ended = replace(form, state=CertificateState.CANCELLED)
    assert next_filing([], ()) == (1, "")
    assert next_filing([form], ()) == (2, "cert_0001")
    assert next_filing([form], {"fil_1"}) == next_filing([ended], ()) == (2, "")
    second = replace(known(2, 2), ref="prj_1|3", holder_ref="fil_2")
    assert next_filing([second, ended], {"fil_1"}) == (3, "cert_0002")


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12, unique=True))
def test_in_whatever_order_versions_come_no_two_have_one_identifier(versions: list[int]) -> None:
    line: list[Known] = []
    for version in versions:
        place = place_in(line, version)
        serial = place.serial or "JGBA2024000001"
        identifier = compose_identifier(TYPE, ISSUER, serial, place.number)
        line.append(Known("ent_1", "X", version, f"cert_{len(line):04d}", identifier))
    assert [parse_identifier(one.identifier).version for one in line] == list(range(1, len(versions) + 1))


@pytest.mark.parametrize(
    ("answer", "has_one", "due"),
    [
        ({}, True, True), ({}, False, True), ({"imported": True}, False, False), ({"imported": True}, True, True),
        ({"state": "LICENCE_REVOKED"}, True, False), ({"state": "DORMANT"}, True, True),
        ({"representative_known": False}, True, False),
    ],
)  # fmt: skip
def test_a_change_gives_a_licence_to_who_has_one_and_may_have_it(
    answer: dict[str, Any], has_one: bool, due: bool
) -> None:
    fact = COMPANY | {"state": "ACTIVE", "imported": False, "representative_known": True} | answer
    line = [known(1, 1)] if has_one else []
    assert is_due(CHANGED, fact, line) is is_due(RESTORED, fact, line) is due
    assert not is_due(CHANGED, fact, line, revoked=True)
    assert is_due(MOVED_IN, fact, line)
    assert is_due("", fact, line)


@pytest.mark.parametrize(
    ("answer", "has_one", "former"),
    [
        ({}, True, True), ({}, False, True), ({"imported": True}, False, False), ({"imported": True}, True, True),
        ({"state": "LICENCE_REVOKED"}, True, False), ({"state": "MOVED_OUT"}, True, False),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_shown_makes_a_licence_false_where_there_is_one(
    answer: dict[str, Any], has_one: bool, former: bool
) -> None:
    fact = COMPANY | {"state": "ACTIVE", "imported": False, "representative_known": False} | answer
    line = [known(1, 1)] if has_one else []
    assert shows_former_facts(CHANGED, fact, line) is former
    assert not shows_former_facts(CHANGED, fact, line, revoked=True)
    assert not shows_former_facts(MOVED_IN, fact, line)
    assert not shows_former_facts("", fact, line)


def test_the_certificate_before_is_part_of_what_is_signed_and_only_where_there_is_one() -> None:
    """GB/T 36903: related certificates. A certificate without one has the same bytes as before there was the field."""
    first = company().record.content
    assert "replaces_identifier" not in first.as_mapping()
    second = placed(first, Place("JGBA2024000001", 2, "cert_0001", FIRST), "cert_X")
    assert content_from_mapping(second.as_mapping()) == second
    data = sign_content(second, KEY, PUBLIC_URL).to_bytes()
    assert read_rendition(data).content.replaces_identifier == FIRST
    empty = data.replace(f'"replaces_identifier":"{FIRST}"'.encode(), b'"replaces_identifier":""')
    with pytest.raises(InvalidArgument):
        read_rendition(empty)
