"""Reference data (`../data`): issuers, kinds of certificate with their forms, what a licence states. Dated, with sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.failures import FailedPrecondition

DATA = Path(__file__).resolve().parent.parent / "data"


class UnknownIssuer(FailedPrecondition):
    """No body of that division may issue certificates on that day."""


class UnknownCertificateType(FailedPrecondition):
    """The kind of certificate is not in the catalogue on that day, or has no form for this kind of holder."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that issues certificates, with its unified social credit code."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class CertificateType:
    """A kind of certificate. `validity_months` None: in force without end.

    `form`: how it looks (`licence`, `permit`, `filing`); `labels`: what its standing lines are called (`DEFAULT_LABELS`
    where the data names none; "" leaves the line out).
    """

    certificate_type: str
    name: str
    type_code: str
    validity_months: int | None
    form: str = "licence"
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LicenceForm:
    """The labels of a business licence of one kind of entity; `capital` is "" where none is stated."""

    type_name: str
    principal: str
    business_scope: str
    capital: str
    premises: str


# Standing lines of permits and filing forms: holder, its code, premises, validity; then those of the item itself.
DEFAULT_LABELS: dict[str, dict[str, str]] = {
    "permit": {"holder": "被许可人", "code": "统一社会信用代码", "premises": "地址", "validity": "有效期限"},
    "filing": {"holder": "备案人", "code": "统一社会信用代码", "premises": "地点", "validity": ""},
}
# A kind that the catalogue does not know yet is issued under the item's own name.
_GENERIC = {"permit": "GENERIC_PERMIT", "filing": "GENERIC_FILING"}


def issuer_of(division_code: str, day: date, unit_name: str = "") -> Issuer:
    """The issuer of a division: the unit named, under its own code where the data has it, else under the code of the
    division's issuer. Raises UnknownIssuer."""
    entry = _in_force(_load("issuers.yaml")["issuers"].get(division_code, ()), day)
    if entry is None:
        raise UnknownIssuer("no issuer is known for this division and day", metadata={"division_code": division_code})
    if unit_name and unit_name != entry["name"]:
        unit = _in_force(_load("issuers.yaml").get("units", {}).get(unit_name, ()), day)
        return Issuer(unit_name, (unit or entry)["code"])
    return Issuer(entry["name"], entry["code"])


def certificate_type(name: str, day: date) -> CertificateType:
    """A kind of certificate. Raises UnknownCertificateType."""
    entry = _in_force(_load("types.yaml")["types"].get(name, ()), day)
    if entry is None:
        raise UnknownCertificateType("no such kind of certificate on this day", metadata={"certificate_type": name})
    return _type_of(name, entry)


def item_certificate_type(name: str, form: str, item_name: str, day: date) -> CertificateType:
    """The kind of certificate of a permit or a filing (`form`); one that is not in the catalogue has the generic form and
    the item's name."""
    try:
        return certificate_type(name, day)
    except UnknownCertificateType:
        generic = certificate_type(_GENERIC[form], day)
        return replace(generic, certificate_type=name, name=item_name or generic.name)


def form_of(type_code: str) -> str:
    """How a certificate with this type code looks."""
    entries = (entry for versions in _load("types.yaml")["types"].values() for entry in versions)
    return next((entry.get("form", "licence") for entry in entries if entry["type_code"] == type_code), "permit")


def _type_of(name: str, entry: dict[str, Any]) -> CertificateType:
    form = entry.get("form", "licence")
    labels = DEFAULT_LABELS.get(form, {}) | entry.get("labels", {})
    return CertificateType(name, entry["name"], entry["type_code"], entry["validity_months"], form, labels)


def licence_form(entity_type: str) -> LicenceForm:
    """What a licence of this kind of entity states. Raises UnknownCertificateType."""
    entry = _load("licence_fields.yaml")["kinds"].get(entity_type)
    if entry is None:
        raise UnknownCertificateType("no licence for this kind of entity", metadata={"entity_type": entity_type})
    return LicenceForm(**{field: value or "" for field, value in entry.items()})


def _in_force(entries: Any, day: date) -> dict[str, Any] | None:
    for entry in entries:
        if entry["valid_from"] <= day and (entry["valid_to"] is None or day <= entry["valid_to"]):
            found: dict[str, Any] = entry
            return found
    return None


@cache
def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return content
