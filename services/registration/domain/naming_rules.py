"""What the naming rules know, read once from `services/registration/data`: trades, divisions, forms, words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms that may stand for the trade in a name (行业), e.g. 机械, 供应链."""

    terms: frozenset[str]
    longest: int

    @classmethod
    def of(cls, terms: frozenset[str]) -> Lexicon:
        return cls(terms, max((len(term) for term in terms), default=0))


@dataclass(frozen=True, slots=True)
class Registrar:
    """Where a registrar sits, in bare names: 江苏, 常州 (empty in a municipality), 新北区."""

    province: str
    city: str
    county: str


@dataclass(frozen=True, slots=True)
class Divisions:
    """Division names as they stand in names: every spelling with the bare name it means."""

    provinces: Mapping[str, str]
    cities: Mapping[str, str]
    counties: Mapping[str, str]
    zones: frozenset[str]
    zones_alone: frozenset[str]
    words_too: frozenset[str]
    province_of_city: Mapping[str, str]
    parent_of_county: Mapping[str, str]
    county_cities: frozenset[str]
    registrars: Mapping[str, Registrar]
    # names that must not be the trade name (NAME art. 8), without those that are common words as well
    bare_names: frozenset[str]
    # the first two characters of every spelling: what begins otherwise begins with no division
    beginnings: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormRule:
    """组织形式 of one kind of entity (NAME art. 10)."""

    endings: tuple[str, ...]
    forbidden: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ForbiddenWords:
    """Words of one item of NAME art. 11. `at_start` limits the search to the start of the trade name."""

    words: tuple[str, ...]
    item: str
    at_start: bool
    unless_followed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameWords:
    """Forms and words; each tuple of forms is sorted from long to short."""

    max_characters: int
    company_forms: tuple[str, ...]
    bracket_forms: tuple[str, ...]
    other_forms: tuple[str, ...]
    telling_forms: tuple[str, ...]
    branch_forms: tuple[str, ...]
    branch_forms_of_works: tuple[str, ...]
    forms: Mapping[str, FormRule]
    state_council_words: tuple[str, ...]
    forbidden: tuple[ForbiddenWords, ...]
    # finds any forbidden word anywhere: nearly every name has none, and then no list is walked
    any_forbidden: re.Pattern[str]
    traditional_characters: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """Trade terms of `trades.txt`."""
    lines = (DATA / "trades.txt").read_text(encoding="utf-8").split("\n")
    return Lexicon.of(frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#")))


@cache
def divisions() -> Divisions:
    """Divisions of `naming.yaml`."""
    data = _naming()
    municipalities = frozenset(data["municipalities"])
    full_names = data["province_full_names"]
    provinces: dict[str, str] = {}
    cities: dict[str, str] = {}
    counties: dict[str, str] = {}
    province_of_city: dict[str, str] = {}
    parent_of_county: dict[str, str] = {}
    for province, names in data["cities"].items():
        full = full_names.get(province) or province + ("市" if province in municipalities else "省")
        provinces |= {province: province, full: province}
        for city in names:
            cities |= {city: city, f"{city}市": city}
            province_of_city[city] = province
    bare = frozenset(data["bare_counties"])
    for parent, names in data["counties"].items():
        for county in names:
            counties[county] = county
            parent_of_county[county] = parent
            if county[:-1] in bare:
                counties.setdefault(county[:-1], county)
    words_too = frozenset(data["words_too"])
    spellings = (*provinces, *cities, *counties, *data["zones"], *data["zones_alone"])
    return Divisions(
        provinces=provinces,
        cities=cities,
        counties=counties,
        zones=frozenset(data["zones"]),
        zones_alone=frozenset(data["zones_alone"]),
        words_too=words_too,
        province_of_city=province_of_city,
        parent_of_county=parent_of_county,
        county_cities=frozenset(data["county_cities"]),
        registrars={code: Registrar(**registrar) for code, registrar in data["registrars"].items()},
        bare_names=frozenset({*provinces, *cities, *counties}) - words_too,
        beginnings=frozenset(spelling[:2] for spelling in spellings),
    )


@cache
def name_words() -> NameWords:
    """Forms and words of `naming.yaml`."""
    data = _naming()
    forms = {
        kind: FormRule(tuple(rule["endings"]), tuple(rule["forbidden"]), rule["source"])
        for kind, rule in data["forms"].items()
    }
    forbidden = tuple(
        ForbiddenWords(
            words=tuple(entry["words"]),
            item=entry["item"],
            at_start=entry["where"] == "start",
            unless_followed_by=tuple(entry.get("unless_followed_by", ())),
        )
        for entry in data["forbidden"]
    )
    return NameWords(
        max_characters=data["max_characters"],
        company_forms=_long_first(data["company_forms"]),
        bracket_forms=_long_first(data["bracket_forms"]),
        other_forms=_long_first([*data["other_forms"], *data["telling_forms"]]),
        telling_forms=_long_first(data["telling_forms"]),
        branch_forms=_long_first(data["branch_forms"]),
        branch_forms_of_works=_long_first(data["branch_forms_of_works"]),
        forms=forms,
        state_council_words=tuple(data["state_council_words"]),
        forbidden=forbidden,
        any_forbidden=re.compile("|".join(re.escape(word) for entry in forbidden for word in entry.words)),
        traditional_characters=frozenset(data["traditional_characters"].replace(" ", "")),
    )


@cache
def standard_forms() -> Mapping[str, str]:
    """Traditional character → standard form. Raises ValueError when the two lists of `naming.yaml` are not alike."""
    data = _naming()
    pairs = zip(*(data[name].replace(" ", "") for name in ("traditional_characters", "standard_forms")), strict=True)
    return dict(pairs)


@cache
def _naming() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DATA / "naming.yaml").read_text(encoding="utf-8"))
    return content


def _long_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words), key=len, reverse=True))
