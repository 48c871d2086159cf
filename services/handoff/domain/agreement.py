"""Agreements between regions "跨域通办"协议 (3-01) and their lists of items (3-02): versioned data, never changed in place.

A version holds from its first day to its last; the next one replaces it. A case keeps the version it began under, so an
item that is taken off the list runs on for the cases that began before (T30), and new ones are refused. A suspension
stops every message of the agreement; a revoked authorisation stops new cases, not running ones (3-04).
The power to decide never moves (国办发〔2020〕35号; 行政许可法 art. 24): `deciding` names who decides an item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.clock import end_of_local_day, local_date
from shared.failures import NotFound, PermissionDenied

# What the accepting region may do for the deciding one (相互授权); the first is needed to open a case.
RECEIVE, NOTICE, VERIFY, DELIVER = "RECEIVE", "NOTICE", "VERIFY", "DELIVER"
# Who answers for what: a defect is booked to the side that owned the step.
ACCEPTING_DUTIES = ("IDENTITY", "FORM", "ORIGINALS", "CUSTODY", "FORWARDING", "DELIVERY")
DECIDING_DUTIES = ("SUBSTANCE", "LEGALITY", "TIME_LIMIT", "RESULT")


class AgreementNotInForce(PermissionDenied):
    """No agreement between the two regions is in force at that time, or it is suspended."""


class ItemNotAgreed(PermissionDenied):
    """The item is not on the list in this direction and mode, or no longer."""


class NotAuthorised(PermissionDenied):
    """The window holds no valid authorisation of the deciding region for this item."""


class UnknownAgreement(NotFound):
    """No such version of an agreement is known here."""


@dataclass(frozen=True, slots=True)
class AgreedItem:
    """An item of the list. `required`: fields of the application that the window checks, as dotted paths.

    `elements`: by region what its version of the item says (materials, limit, fee, result), for the unity of standards.
    """

    item: str
    target: str
    codes: Mapping[str, str]
    deciding: tuple[str, ...]
    modes: tuple[str, ...]
    required: tuple[str, ...]
    elements: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Authorisation:
    """`grantor` lets windows of `grantee` act for it (3-04). Times are instants; `revoked` None: not revoked."""

    authorisation_id: str
    grantor: str
    grantee: str
    units: tuple[str, ...]
    items: tuple[str, ...]
    rights: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    revoked: datetime | None

    def holds(self, item: str, unit_code: str, right: str, at: datetime) -> bool:
        """Whether the unit may do this for the item at an instant."""
        return (
            unit_code in self.units and item in self.items and right in self.rights
            and _within(self.valid_from, self.valid_to, at) and (self.revoked is None or at < self.revoked)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of an agreement between two regions."""

    agreement_id: str
    version: int
    parties: tuple[str, str]
    valid_from: date
    valid_to: date | None
    suspended: tuple[tuple[datetime, datetime | None], ...]
    items: Mapping[str, AgreedItem]
    authorisations: tuple[Authorisation, ...]

    def in_force(self, at: datetime) -> bool:
        """Whether new cases may begin at an instant."""
        return _within(self.valid_from, self.valid_to, at) and not self.is_suspended(at)

    def is_suspended(self, at: datetime) -> bool:
        """Whether nothing may be exchanged at an instant."""
        return any(start <= at and (end is None or at < end) for start, end in self.suspended)

    def item(self, name: str, deciding_region: str, mode: str) -> AgreedItem:
        """An item of the list in one direction and mode. Raises ItemNotAgreed."""
        found = self.items.get(name)
        if found is None or deciding_region not in found.deciding or mode not in found.modes:
            raise ItemNotAgreed(
                f"the item is not on the list of {self.agreement_id} (version {self.version}) in this direction and mode",
                metadata={"item": name[:60], "mode": mode},
            )
        return found

    def authorisation(self, item: str, grantor: str, unit_code: str, right: str, at: datetime) -> Authorisation:
        """The authorisation under which a window acts. Raises NotAuthorised."""
        for one in self.authorisations:
            if one.grantor == grantor and one.holds(item, unit_code, right, at):
                return one
        raise NotAuthorised(
            f"{unit_code[:40]} holds no authorisation of {grantor} for this item now", metadata={"right": right}
        )


class Agreements:
    """All versions of all agreements of a platform."""

    def __init__(self, raw: Mapping[str, Any], region: str) -> None:
        """`raw`: the content of an agreements file; only agreements with this region count."""
        self.region = region
        self._all = [
            version
            for body in raw["agreements"]
            if region in body["parties"]
            for version in _versions(body)
        ]  # fmt: skip

    def all(self) -> list[Agreement]:
        """Every version, in the order of the data."""
        return list(self._all)

    def partners(self) -> list[str]:
        """Regions that there is an agreement with."""
        return sorted({party for one in self._all for party in one.parties} - {self.region})

    def version(self, agreement_id: str, version: int) -> Agreement:
        """The version that a case keeps. Raises UnknownAgreement."""
        for one in self._all:
            if (one.agreement_id, one.version) == (agreement_id, version):
                return one
        raise UnknownAgreement("no such version of an agreement", metadata={"agreement_id": agreement_id[:60]})

    def between(self, one_region: str, other: str, at: datetime) -> Agreement:
        """The version in force between two regions at an instant, the newest first. Raises AgreementNotInForce."""
        found = [a for a in self._all if set(a.parties) == {one_region, other} and a.in_force(at)]
        if not found:
            raise AgreementNotInForce(
                f"no agreement between {one_region} and {other} is in force", metadata={"partner_region": other[:6]}
            )
        return max(found, key=lambda a: a.version)


def differences(item: AgreedItem, accepting: str, deciding: str) -> list[tuple[str, str, str]]:
    """Elements in which two regions' versions of an item differ (3-03): (element, accepting's, deciding's). Empty: the
    same standard 标准统一."""
    ours, theirs = item.elements.get(accepting, {}), item.elements.get(deciding, {})
    names = dict.fromkeys((*ours, *theirs))
    return [(n, ours.get(n, ""), theirs.get(n, "")) for n in names if ours.get(n, "") != theirs.get(n, "")]


def missing_fields(required: Sequence[str], application: Mapping[str, Any]) -> list[str]:
    """Fields of the list that the application leaves empty: the window's form check, all gaps at once."""
    return [path for path in required if not _at(application, path.split("."))]


def _at(value: Any, path: Sequence[str]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _within(first: date, last: date | None, at: datetime) -> bool:
    return first <= local_date(at) and (last is None or at < end_of_local_day(last))


def _versions(body: Mapping[str, Any]) -> list[Agreement]:
    one, other = body["parties"]
    return [
        Agreement(
            agreement_id=body["agreement_id"],
            version=version["version"],
            parties=(one, other),
            valid_from=version["valid_from"],
            valid_to=version["valid_to"],
            suspended=tuple((s["from"], s.get("to")) for s in version.get("suspended", ())),
            items={entry["item"]: _item(entry) for entry in version["items"]},
            authorisations=tuple(_authorisation(entry) for entry in version["authorisations"]),
        )
        for version in body["versions"]
    ]


def _item(entry: Mapping[str, Any]) -> AgreedItem:
    return AgreedItem(
        item=entry["item"], target=entry["target"], codes=entry["codes"], deciding=tuple(entry["deciding"]),
        modes=tuple(entry["modes"]), required=tuple(entry["required"]), elements=entry.get("elements", {}),
    )  # fmt: skip


def _authorisation(entry: Mapping[str, Any]) -> Authorisation:
    return Authorisation(
        authorisation_id=entry["authorisation_id"], grantor=entry["grantor"], grantee=entry["grantee"],
        units=tuple(entry["units"]), items=tuple(entry["items"]), rights=tuple(entry["rights"]),
        valid_from=entry["valid_from"], valid_to=entry["valid_to"], revoked=entry.get("revoked"),
    )  # fmt: skip
