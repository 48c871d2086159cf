"""Finding names by what they contain: pairs of neighbouring characters, so that an index narrows a Chinese name down; and
entities by the items of their business scope."""

from __future__ import annotations

from services.registration.domain.naming import normalise_name
from services.registration.domain.scope_items import scope_items
from shared.failures import InvalidArgument, Violation

MIN_CHARACTERS = 2


def name_grams(name: str) -> list[str]:
    """The pairs of a name, each once, after normalisation; letters in lower case."""
    text = normalise_name(name).lower()
    return sorted({text[i : i + 2] for i in range(len(text) - 1)})


def search_fields(name: str, business_scope: str) -> dict[str, list[str]]:
    """What is stored with an entity so that searches find it."""
    return {"grams": name_grams(name), "scope_items": scope_items(business_scope)}


def query_grams(text: str) -> list[str]:
    """The pairs that a name must have. Raises InvalidArgument (QUERY_TOO_SHORT) for less than two characters."""
    if len(normalise_name(text)) < MIN_CHARACTERS:
        violation = Violation("name_contains", f"must have {MIN_CHARACTERS} characters at least", "QUERY_TOO_SHORT")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return name_grams(text)
