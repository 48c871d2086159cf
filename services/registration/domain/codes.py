"""Giving codes: each number of the counter becomes one unified social credit code (GB 32100, GB 11714)."""

from __future__ import annotations

from services.registration.domain.entities import EntityType, uscc_kind
from shared.national_codes import compose_uscc

# Characters of GB 32100 in their order.
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Subject codes of market entities begin with MA; the third character keeps our range apart from codes given elsewhere.
PREFIX = "MAX"
WIDTH = 5
CAPACITY = len(CHARACTERS) ** WIDTH


def subject_code(number: int) -> str:
    """The eight characters of the subject code for a counter value. Raises ValueError when the range is used up."""
    if not 0 <= number < CAPACITY:
        raise ValueError(f"subject code range {PREFIX} holds {CAPACITY} codes, number {number} is outside")
    characters = []
    for _ in range(WIDTH):
        number, digit = divmod(number, len(CHARACTERS))
        characters.append(CHARACTERS[digit])
    return PREFIX + "".join(reversed(characters))


def uscc_of(entity_type: EntityType, division_code: str, number: int) -> str:
    """The code of a new entity: kind, division of the registrar, subject code, both check digits."""
    return compose_uscc(uscc_kind(entity_type), division_code, subject_code(number))
