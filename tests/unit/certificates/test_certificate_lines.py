"""Re-issues: the serial of the first certificate, the next version in the identifier (GB/T 36904), the certificate before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.domain.certificate import content_from_mapping
from services.certificates.domain.identifier import compose_identifier, parse_identifier
from services.certificates.domain.lines import CHANGED, MOVED_IN, Known, Place, is_due, place_in, placed
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
    assert place == Place("JGBA2024000001", 2, "cert_0001", FIRST)
    content = replace(company().record.content, type_code=TYPE, issuer_code=ISSUER)
    assert placed(content, place, "cert_X").identifier == FIRST.replace(".001.P", ".002.N")
    assert placed(content, place, "cert_X").version == 2


def test_the_first_certificate_has_a_serial_of_its_own() -> None:
    assert place_in([], 1) == Place()
    content = placed(company().record.content, Place(), "cert_01ABC")
    assert (parse_identifier(content.identifier).serial, content.version) == ("01ABC", 1)


def test_what_comes_after_a_newer_version_replaces_nothing() -> None:
    assert place_in([known(5, 1)], 3) == Place("JGBA2024000001", 2)
    assert place_in([known(5, 1), known(3, 2)], 6).replaces_certificate_id == "cert_0001"


def test_a_line_that_is_full_goes_on_under_a_new_serial_and_stays_linked() -> None:
    place = place_in([known(1, 1), known(999, 999)], 1000)
    assert (place.serial, place.number, place.replaces_certificate_id) == ("", 1, "cert_0999")


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
    assert is_due(CHANGED, fact, line) is due
    assert is_due(MOVED_IN, fact, line)
    assert is_due("", fact, line)


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
