"""GB/T 36904 identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.domain.identifier import (
    MAX_LENGTH,
    IdentifierMalformed,
    compose_identifier,
    find_identifier,
    parse_identifier,
)

TYPE, ISSUER = "11320411999900011N001", "11320411999900011N"
GOOD = f"1.2.156.3005.2.{TYPE}.{ISSUER}.JGBA2024000001.001.P"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("serial", "version", "check"),
    [("JGBA2024000001", 1, "P"), ("JGBA2024000001", 2, "N"), ("JGBA2024000100", 1, "E"), ("YYZZ20250000001", 1, "1")],
)
def test_the_check_character_is_iso_7064_mod_37_36_over_the_parts(serial: str, version: int, check: str) -> None:
    composed = compose_identifier(TYPE, ISSUER, serial, version)
    assert composed == f"1.2.156.3005.2.{TYPE}.{ISSUER}.{serial}.{version:03d}.{check}"
    assert str(parse_identifier(composed)) == composed


@pytest.mark.parametrize(
    "identifier",
    [
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    ],
)
def test_identifiers_seen_in_the_field_are_accepted(identifier: str) -> None:
    assert str(parse_identifier(identifier)) == identifier


def test_a_wrong_check_character_is_told_as_such() -> None:
    with pytest.raises(IdentifierMalformed) as failure:
        parse_identifier(GOOD[:-1] + "Q")
    assert failure.value.reason == "CHECK_CHARACTER"


@given(st.integers(0, len(GOOD) - 1), st.sampled_from(ALPHABET + ".-"))
def test_every_change_of_one_character_is_refused(position: int, character: str) -> None:
    changed = GOOD[:position] + character + GOOD[position + 1 :]
    if changed != GOOD:
        with pytest.raises(IdentifierMalformed):
            parse_identifier(changed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.lower(),
        GOOD.replace("0", "O", 1),
        GOOD.replace("1", "１", 1),  # full-width digit
        GOOD.replace(".", "．", 1),  # full-width stop
        GOOD + "\n",
        " " + GOOD,
        "\u202e" + GOOD,  # right-to-left override
        GOOD.replace("P", "Ρ"),  # Greek capital rho
        GOOD + "." + "A" * 20,
        "\ud800",
    ],
)
def test_look_alikes_and_strays_are_refused_not_folded(text: str) -> None:
    with pytest.raises(IdentifierMalformed) as failure:
        parse_identifier(text)
    assert failure.value.reason == "IDENTIFIER_FORM"


def test_an_oversized_text_is_refused_at_once() -> None:
    with pytest.raises(IdentifierMalformed) as failure:
        parse_identifier("1" * (MAX_LENGTH + 1))
    assert failure.value.reason == "IDENTIFIER_TOO_LONG"


@pytest.mark.parametrize(
    ("type_code", "issuer", "serial"),
    [("123", ISSUER, "1"), (TYPE, "abc", "1"), (TYPE, ISSUER, ""), (TYPE, ISSUER, "a")],
)
def test_parts_of_another_form_make_no_identifier(type_code: str, issuer: str, serial: str) -> None:
    with pytest.raises((IdentifierMalformed, ValueError)):
        compose_identifier(type_code, issuer, serial)


def test_an_identifier_is_found_in_bytes_only_when_its_check_fits() -> None:
    wrong = (GOOD[:-1] + "Q").encode()
    assert find_identifier(b"\x00" + wrong + b"\xff /v/" + GOOD.encode() + b"?h=") == GOOD
    assert find_identifier(wrong) == ""
