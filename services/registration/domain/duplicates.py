"""What resembles what: applications and entities that may be the same business twice, for a registrar to compare.

Resembling is no refusal: names that the law forbids are refused by their key (企业名称登记管理规定 art. 17). Here names,
addresses and persons are brought into one spelling and hashed into a few short keys; whatever shares a key is shown side by side
before it is registered.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.form_check import Domicile
from services.registration.domain.naming import NameParts, parse_name
from services.registration.domain.naming_rules import standard_forms
from shared.failures import FailedPrecondition
from shared.national_codes import divisions

# How many resembling entities an application keeps, and a row of an import tells: more of them say nothing more.
MOST = 10
# Of so many persons of one application keys are made; a hundred investors of one company are no sign of anything.
PERSONS = 20
SAME_NAME = "SAME_NAME"
# The first letter of a key says what two that share it have in common.
REASONS: Mapping[str, str] = {
    "a": "SIMILAR_NAME",
    "b": "SAME_TRADE_NAME_AND_ADDRESS",
    "c": "SAME_PERSON_AND_ADDRESS",
    "d": "SAME_PERSON_AND_TRADE_NAME",
}
# From what says most to what says least: hundreds share a trade name, hardly anybody a person at an address.
_STRENGTH = "cbda"
# Kinds of keys of which an open application keeps the first that it has.
_ALIKE = "cb"
_NO_LETTER = re.compile(r"[\W_]+")
# Capital digits that are hardly ever anything else; 伍, 陆 and 拾 are family names and words too.
_DIGITS = str.maketrans("壹贰叁肆柒捌玖〇0123456789", "一二三四七八九零零一二三四五六七八九")


class DuplicatesNotReviewed(FailedPrecondition):
    """The application resembles what is registered or under review; the registrar compares first and says so."""


@dataclass(frozen=True, slots=True)
class DuplicatesReviewed:
    """The registrar has compared and says that it is another business. A note on the timeline; nobody else hears of it."""

    application_id: str
    entity_ids: list[str]
    application_ids: list[str]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared, as far as a registrar may see it. `date`: of receipt, or of founding, ISO."""

    name: str
    entity_type: EntityType
    domicile: Domicile
    business_scope: str
    capital: Capital | None
    legal_representative_masked: str
    head_key: str
    date: str
    state: str
    match_keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """What both state in one field."""

    field: str
    of_application: str
    of_other: str
    same: bool


def match_keys(
    name: NameParts, division_code: str, domicile: Domicile, person_keys: Sequence[str] = ()
) -> list[str]:  # fmt: skip
    """The keys of an application or entity: (a) trade name and trade, (b) trade name, registrar and address, and for each
    person (c) with the address and (d) with the trade name. `person_keys`: keyed hashes (`usecases/persons.py`)."""
    trade_name, trade = folded_trade(name)
    address = fold_address(domicile)
    texts = [f"a|{trade_name}|{trade}"] if trade_name else []
    if trade_name and address:
        texts.append(f"b|{trade_name}|{division_code}|{address}")
    for person in person_keys[:PERSONS]:
        texts += [f"c|{person}|{address}"] if address else []
        texts += [f"d|{person}|{trade_name}"] if trade_name else []
    return [text[0] + hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in texts]


def alike_key(keys: Sequence[str]) -> str:
    """The one key by which open applications are looked up among themselves: the same person at the same address, else the
    same trade name there. What else resembles is found when the first of them is registered; the same name never comes in
    twice (NAME_TAKEN)."""
    return next((key for kind in _ALIKE for key in keys if key[0] == kind), "")


def alike_keys(keys: Iterable[str]) -> list[str]:
    """Those of the keys by which open applications may be found, strongest first."""
    return [key for key in by_strength(keys) if key[0] in _ALIKE]


def by_strength(keys: Iterable[str]) -> list[str]:
    """The keys, each once: those first that say most."""
    return sorted(dict.fromkeys(keys), key=lambda key: _STRENGTH.index(key[0]))


def folded_trade(name: NameParts) -> tuple[str, str]:
    """Trade name and trade in one spelling; division and form are left out. A branch's own part belongs to its trade name: it
    is no double of its parent. A name without a trade name stands whole."""
    spelled = name.full_name.translate(
        _table()
    )  # in its one spelling but for traditional forms (`naming.normalise_name`)
    found = name if spelled == name.full_name else parse_name(spelled)
    trade_name = _letters(found.trade_name + (found.tail if found.is_branch else "")) or _letters(spelled)
    return trade_name.translate(_DIGITS), _letters(found.trade)


def fold(text: str) -> str:
    """One spelling for what reads the same: full-width, spaces, punctuation, brackets, letter case, traditional forms."""
    return _letters(_standard(text))


def _letters(standard: str) -> str:
    return _NO_LETTER.sub("", standard).casefold()


def fold_address(domicile: Domicile) -> str:
    """The same of an address, without the province, city and district in front of it."""
    address = fold(domicile.address)
    for part in _division_parts(domicile.division_code):
        address = address.removeprefix(part)
    return address


def reasons(mine: Iterable[str], others: Iterable[str]) -> list[str]:
    """What two sets of match keys have in common, each reason once."""
    return list(dict.fromkeys(REASONS[key[0]] for key in sorted(set(mine) & set(others))))


def compare(mine: Side, other: Side) -> tuple[list[str], list[FieldComparison]]:
    """Why they resemble each other, and field by field what both state. The legal representative is shown masked, and is the
    same only if the identity number is."""
    shared = reasons(mine.match_keys, other.match_keys)
    same_name = fold(mine.name) == fold(other.name)
    fields = [
        FieldComparison("name", mine.name, other.name, same_name),
        _plain("entity_type", mine.entity_type, other.entity_type),
        FieldComparison(
            "address", mine.domicile.address, other.domicile.address,
            fold_address(mine.domicile) == fold_address(other.domicile),
        ),
        FieldComparison(
            "business_scope", mine.business_scope, other.business_scope,
            fold(mine.business_scope) == fold(other.business_scope),
        ),
        _plain("capital", _amount(mine.capital), _amount(other.capital)),
        FieldComparison(
            "legal_representative", mine.legal_representative_masked, other.legal_representative_masked,
            bool(mine.head_key) and mine.head_key == other.head_key,
        ),
        _plain("date", mine.date, other.date),
        _plain("state", mine.state, other.state),
    ]  # fmt: skip
    return ([SAME_NAME] if same_name else []) + shared, fields


def _plain(field: str, mine: str, other: str) -> FieldComparison:
    return FieldComparison(field, mine, other, mine == other)


def _amount(capital: Capital | None) -> str:
    """Fen as the registers write them, e.g. "500000.00 CNY"."""
    return f"{capital.amount_fen // 100}.{capital.amount_fen % 100:02d} {capital.currency or 'CNY'}" if capital else ""


@cache
def _table() -> dict[int, str]:
    return str.maketrans(dict(standard_forms()))


def _standard(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("(", "（").replace(")", "）").strip()
    return plain.translate(_table())


@cache
def _division_parts(division_code: str) -> tuple[str, ...]:
    found = divisions().get(division_code)
    return tuple(fold(part) for part in (found.province, found.city, found.district)) if found else ()
