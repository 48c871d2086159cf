"""Division phrases in names: 江苏, 常州市, 常州市新北区, 常州高新区 (NAME art. 7); and at the head of addresses."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from services.registration.domain.naming_rules import Divisions, Registrar

_WRITTEN_OUT = ("省", "市", "区", "县")
_LONGEST_NAME = 11  # 国家高新技术产业开发区


@dataclass(frozen=True, slots=True)
class DivisionPhrase:
    """What a phrase names, in bare names; what it does not name is empty. `text` is the phrase as it stands."""

    text: str = ""
    province: str = ""
    city: str = ""
    county: str = ""
    zone: str = ""


def division_at_head(text: str, known: Divisions, own_city: str = "") -> DivisionPhrase:
    """The longest division phrase that `text` begins with; an empty phrase when there is none.

    A bare name that is a common word as well (安康) counts only with its 市, after its province, or as the
    registrar's own city (`own_city`).
    """
    province = _read(text, known, known.provinces)
    province_name = known.provinces.get(province, "")
    position = len(province)
    city = _read(
        text[position:], known, known.cities, lambda name: _city_fits(known.cities[name], province_name, known)
    )
    if city in known.words_too and not province and city != own_city:
        city = ""
    city_name = known.cities.get(city, "")
    position += len(city)
    county = _read(
        text[position:], known, known.counties, lambda name: _county_fits(name, province_name, city_name, known)
    )
    position += len(county)
    zone = _read(text[position:], known, known.zones if position else known.zones_alone)
    return DivisionPhrase(text[: position + len(zone)], province_name, city_name, known.counties.get(county, ""), zone)


def is_foreign(phrase: DivisionPhrase, registrar: Registrar) -> bool:
    """Whether the phrase names a place where the registrar does not sit."""
    return (
        bool(phrase.province and phrase.province != registrar.province)
        or bool(phrase.city and phrase.city != registrar.city)
        or bool(phrase.county and phrase.county != registrar.county)
    )


def named_elsewhere(address: str, division_code: str, known: Divisions) -> str:
    """The division, written out with its 省, 市, 区 or 县, that an address begins with and where the registrar of
    `division_code` does not sit; "" when there is none. 南京路 and 中山市场 are no divisions."""
    registrar = known.registrars.get(division_code)
    text = "".join(address.split())
    phrase = division_at_head(text, known, registrar.city if registrar else "")
    written_out = phrase.text.endswith(_WRITTEN_OUT) and not text[len(phrase.text) :].startswith("场")
    return phrase.text if registrar and written_out and is_foreign(phrase, registrar) else ""


def is_incomplete(phrase: DivisionPhrase, registrar: Registrar, known: Divisions) -> bool:
    """Whether a district stands without its city, or a zone without a division (NAME art. 7)."""
    above = phrase.city or (phrase.province if not registrar.city else "")
    if phrase.county and phrase.county not in known.county_cities:
        return not above
    return bool(phrase.zone) and not (above or phrase.county)


def _city_fits(city: str, province: str, known: Divisions) -> bool:
    return not province or known.province_of_city[city] == province


def _county_fits(spelling: str, province: str, city: str, known: Divisions) -> bool:
    parent = known.parent_of_county[known.counties[spelling]]
    if city:
        return parent == city
    return not province or province in (parent, known.province_of_city.get(parent, ""))


def _read(
    text: str, known: Divisions, names: Container[str], fits: Callable[[str], bool] = lambda name: True
) -> str:  # fmt: skip
    """The longest of `names` that `text` begins with and that fits, or an empty text."""
    if text[:2] not in known.beginnings:  # most texts are a trade name by now
        return ""
    for length in range(min(_LONGEST_NAME, len(text)), 1, -1):
        if text[:length] in names and fits(text[:length]):
            return text[:length]
    return ""
