"""Reference data (`../data`): issuers, kinds of certificate, what a licence states. Dated, with sources."""

from __future__ import annotations

from dataclasses import dataclass
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
    """A kind of certificate. `validity_months` None: in force without end."""

    certificate_type: str
    name: str
    type_code: str
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class LicenceForm:
    """The labels of a business licence of one kind of entity; `capital` is "" where none is stated."""

    type_name: str
    principal: str
    business_scope: str
    capital: str
    premises: str


def issuer_of(division_code: str, day: date) -> Issuer:
    """The issuer of a division. Raises UnknownIssuer."""
    entry = _in_force(_load("issuers.yaml")["issuers"].get(division_code, ()), day)
    if entry is None:
        raise UnknownIssuer("no issuer is known for this division and day", metadata={"division_code": division_code})
    return Issuer(entry["name"], entry["code"])


def certificate_type(name: str, day: date) -> CertificateType:
    """A kind of certificate. Raises UnknownCertificateType."""
    entry = _in_force(_load("types.yaml")["types"].get(name, ()), day)
    if entry is None:
        raise UnknownCertificateType("no such kind of certificate on this day", metadata={"certificate_type": name})
    return CertificateType(name, entry["name"], entry["type_code"], entry["validity_months"])


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
