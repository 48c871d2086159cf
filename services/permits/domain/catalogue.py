"""The catalogue 事项: items, materials and bodies, read from `../data`. Versions are immutable; a case keeps its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.permits.domain.limits import limits
from shared.failures import FailedPrecondition, NotFound
from shared.limits import LimitUnit

DATA = Path(__file__).resolve().parent.parent / "data"
DISTRICT_LEVEL = "4"  # GB/T 39554.1: 1 state, 2 province, 3 city, 4 county or district


class ItemNotFound(NotFound):
    """No such item in this division's catalogue on that day."""


class ItemNotOffered(FailedPrecondition):
    """The item exists, but no version of it is in force on that day."""


class ItemKind(StrEnum):
    """PERMIT: a decision in law. COMMITMENT: decided at once on a written commitment. FILING: informs, permits nothing."""

    PERMIT = "PERMIT"
    COMMITMENT = "COMMITMENT"
    FILING = "FILING"


@dataclass(frozen=True, slots=True)
class Material:
    """A type of material. `source`: APPLICANT, DATA_SHARING, E_CERTIFICATE:<type>, COMMITMENT, EARLIER_STEP:<item key>."""

    material_type: str
    name: str
    name_en: str
    tolerable: bool
    source: str

    @property
    def asked_of_applicant(self) -> bool:
        """Whether the applicant must bring it: what government holds is not asked for (在线政务服务规定 art. 7)."""
        return self.source == "APPLICANT"


@dataclass(frozen=True, slots=True)
class Item:
    """One version of an item as this division offers it. `item_code`: 31 characters, GB/T 39554.1."""

    key: str
    item_code: str
    version: str
    kind: ItemKind
    name: str
    name_en: str
    basis: str
    division_code: str
    unit_code: str
    unit_name: str
    limit: str
    promised_days: int
    certificate_type: str
    validity_months: int | None
    handoff_modes: tuple[str, ...]
    conditions: tuple[str, ...]
    materials: tuple[Material, ...]
    valid_from: date
    valid_to: date | None

    def in_force(self, day: date) -> bool:
        """Whether this version is offered on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def required(self) -> list[Material]:
        """What must lie on the table before the case is complete: what the applicant brings."""
        return [material for material in self.materials if material.asked_of_applicant]


class Catalogue:
    """All items of one division. Raises ValueError for data that break a rule of the catalogue."""

    def __init__(self, division_code: str, raw: dict[str, Any], bodies: dict[str, Any]) -> None:
        self.division_code = division_code
        materials = {
            kind: Material(kind, body["name"], body["en"], body["tolerable"], body["source"])
            for kind, body in raw["materials"].items()
        }
        self._materials = materials
        self._versions: dict[str, list[Item]] = {
            key: [self._item(key, entry, bodies, materials) for entry in entries]
            for key, entries in raw["items"].items()
        }
        self._by_code = {item.item_code: key for key, versions in self._versions.items() for item in versions}

    def _item(self, key: str, entry: dict[str, Any], bodies: dict[str, Any], materials: dict[str, Material]) -> Item:
        body = bodies[entry["unit"]]
        item = Item(
            key=key,
            item_code=body["uscc"] + DISTRICT_LEVEL + entry["basic_code"],
            version=f"{key}@{entry['valid_from'].isoformat()}",
            kind=ItemKind(entry["kind"]),
            name=entry["name"],
            name_en=entry["en"],
            basis=entry["basis"],
            division_code=self.division_code,
            unit_code=body["unit_code"],
            unit_name=body["name"],
            limit=entry["limit"],
            promised_days=entry["promised_days"],
            certificate_type=entry["certificate_type"],
            validity_months=entry["validity_months"],
            handoff_modes=tuple(entry["handoff_modes"]),
            conditions=tuple(entry["conditions"]),
            materials=tuple(materials[kind] for kind in entry["materials"]),
            valid_from=entry["valid_from"],
            valid_to=entry["valid_to"],
        )
        limit = limits().limit(item.limit, item.valid_from)
        if limit.unit is LimitUnit.WORKING_DAY and item.promised_days > limit.amount:
            raise ValueError(f"{item.version} promises more days than the law gives")
        return item

    def material(self, material_type: str) -> Material:
        """A type of material."""
        return self._materials[material_type]

    def keys(self) -> list[str]:
        """Every item's key, in the order of the data."""
        return list(self._versions)

    def item(self, key: str, day: date) -> Item:
        """The version of an item that is in force on a day. Raises ItemNotFound, ItemNotOffered."""
        if key not in self._versions:
            raise ItemNotFound("no such item in the catalogue", metadata={"item": key[:60]})
        for item in self._versions[key]:
            if item.in_force(day):
                return item
        raise ItemNotOffered(f"{key} is not offered on {day.isoformat()}", metadata={"item": key})

    def by_code(self, item_code: str, day: date) -> Item:
        """The item of a code, in the version in force on a day. Raises ItemNotFound, ItemNotOffered."""
        key = self._by_code.get(item_code)
        if key is None:
            raise ItemNotFound("no item with this code in the catalogue", metadata={"item_code": item_code[:40]})
        return self.item(key, day)

    def at_version(self, version: str) -> Item:
        """The very version that a case pinned. Raises ItemNotFound."""
        for item in self._versions.get(version.partition("@")[0], ()):
            if item.version == version:
                return item
        raise ItemNotFound("no such version of an item", metadata={"version": version[:60]})

    def offered(self, day: date) -> list[Item]:
        """Everything that may be asked for on a day, in the order of the data."""
        return [item for versions in self._versions.values() for item in versions if item.in_force(day)]


@cache
def catalogue(division_code: str) -> Catalogue:
    """The catalogue of a division. Raises KeyError for one without bodies in the data."""
    main, construction = _load("items.yaml"), _load("construction_items.yaml")
    raw = {
        "items": main["items"] | {k: [construction["defaults"] | e] for k, e in construction["items"].items()},
        "materials": main["materials"] | construction["materials"],
    }
    return Catalogue(division_code, raw, _load("bodies.yaml")["divisions"][division_code])


def gaps_of(item: Item, brought: Sequence[str]) -> list[Material]:
    """Required materials that are missing, in the order of the item (行政许可法 art. 32: all of them told at once)."""
    return [material for material in item.required() if material.material_type not in brought]


@cache
def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return content
