"""Moving in 迁入: another registrar hands an entity over, and it is kept here with its code and founding date (条例 art. 27,
实施细则 art. 62).

Its name was lawful where it was given and stays lawful (名称规定 art. 4), so only its characters are judged, as with an older
register; but a trade name that is held in its trade here is not held twice (art. 17).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.registration.domain.entities import EntityRow, EntityType, row_violations, uscc_kind
from services.registration.domain.entity import Entity, EntityState
from services.registration.domain.events import EntityChanged, EntityFlagged, EntityMovedIn
from services.registration.domain.form_check import (
    Capital,
    Domicile,
    Person,
    SetUpApplication,
    form_gaps,
    mask_name,
    require_competent,
)
from services.registration.domain.naming import normalise_name
from shared.clock import local_date
from shared.failures import AlreadyExists, InvalidArgument, Violation
from shared.national_codes import division

_ARTICLE = "市场主体登记管理条例 art. 27"
# Columns of an older register as the fields are called here.
_FIELDS = {"registered_on": "founding_date", "address": "domicile.address"}
# What the form of a set-up asks for that is asked here too: the licence that is issued here states it (条例 arts. 22, 27). By when
# the capital is paid in was lawful where it was given; but it must be a day, since a later one is held against it.
_STATED = frozenset({
    ("business_scope", "BUSINESS_SCOPE_MISSING"), ("capital.amount_fen", "CAPITAL_MISSING"),
    ("capital.currency", "CURRENCY_UNKNOWN"), ("capital.paid_in_due_date", "PAID_IN_DUE_DATE_INVALID"),
})  # fmt: skip
# Codes of these kinds begin in one way only (GB 32100); a company may have been a sole trader and keep its 92.
_OWN_CODES = (EntityType.SOLE_TRADER, EntityType.COOPERATIVE)


class EntityAlreadyKept(AlreadyExists):
    """An entity with this code stands in this register and has not moved out."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """What the other registrar hands over (proto `TakeOverEntityRequest`). `files_sha256`: digest of the files, hex."""

    division_code: str
    from_division_code: str
    taking_over_ref: str
    files_sha256: str
    uscc: str
    entity_type: EntityType
    name: str
    founding_date: str
    domicile: Domicile
    business_scope: str
    capital: Capital | None
    legal_representative: Person


def check_take_over(asked: TakeOver, region: str, today: date) -> None:
    """Raise NotCompetent unless the entity comes to this registrar, InvalidArgument with everything else that is wrong."""
    form = SetUpApplication(
        division_code=asked.division_code, entity_type=asked.entity_type, domicile=asked.domicile, capital=asked.capital,
        legal_representative=asked.legal_representative, business_scope=asked.business_scope,
    )  # fmt: skip
    require_competent(form, region)
    row = EntityRow(
        1, asked.name, asked.uscc, asked.founding_date, business_scope=asked.business_scope,
        address=asked.domicile.address,
    )  # fmt: skip
    found = [replace(one, field=_FIELDS.get(one.field, one.field)) for one in row_violations(row, today)]
    found += _origin_violations(asked)
    found += [
        Violation(gap.field, f"{gap.description} ({gap.source})", gap.reason)
        for gap in form_gaps(form, today, has_name=True)
        if gap.field.startswith("legal_representative") or (gap.field, gap.reason) in _STATED
    ]
    if not asked.domicile.division_code:
        found.append(
            Violation("domicile.division_code", "state the division of the domicile", "DOMICILE_DIVISION_MISSING")
        )
    if found:
        raise InvalidArgument(
            f"{found[0].field} {found[0].description}", reason=found[0].reason, violations=tuple(found)
        )  # fmt: skip


def _origin_violations(asked: TakeOver) -> list[Violation]:
    found = []
    if asked.from_division_code == asked.division_code:
        found.append(Violation("from_division_code", f"must be another division ({_ARTICLE})", "SAME_DIVISION"))
    try:
        division(asked.from_division_code, "from_division_code")
    except InvalidArgument as failure:
        found += failure.violations
    kind = uscc_kind(asked.entity_type)
    if asked.entity_type in _OWN_CODES and len(asked.uscc) == 18 and not asked.uscc.startswith(kind):
        found.append(Violation("uscc", f"a code of this kind begins with {kind} (GB 32100)", "USCC_KIND"))
    return found


def moved_in(asked: TakeOver, entity_id: str, now: datetime) -> tuple[Entity, EntityMovedIn]:
    """An entity that was never kept here, and the fact that it is now."""
    entity = Entity(
        entity_id=entity_id, uscc=asked.uscc, state=EntityState.ACTIVE, version=1, entity_type=asked.entity_type,
        name=normalise_name(asked.name), division_code=asked.division_code, domicile=asked.domicile,
        business_scope=asked.business_scope.strip(), capital=asked.capital, founding_date=asked.founding_date,
        legal_representative_masked=mask_name(asked.legal_representative.name),
        from_division_code=asked.from_division_code,
    )  # fmt: skip
    entity.owe_reports(local_date(now))
    return entity, _event(entity)


def come_back(
    asked: TakeOver, entity: Entity, now: datetime, same_representative: bool = False
) -> list[EntityFlagged | EntityChanged | EntityMovedIn]:  # fmt: skip
    """An entity that moved out comes back: the same one, with the facts that are handed over now; what of them is new is told,
    for the permits that it kept show it. What stood beside its state when it left was the other registrar's since; the files
    tell, and a new case says so here. `same_representative`: by name, of which two may have one mask. Raises
    EntityAlreadyKept, InvalidArgument when it is founded on another day."""
    if entity.state is not EntityState.MOVED_OUT:
        raise EntityAlreadyKept("an entity with this code is kept here", metadata={"entity_id": entity.entity_id})
    if entity.founding_date != asked.founding_date:
        violation = Violation(
            "founding_date",
            f"is {entity.founding_date} in this register ({_ARTICLE}: it is kept)",
            "FOUNDING_DATE_DIFFERS",
        )
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    told: list[EntityFlagged | EntityChanged | EntityMovedIn] = []
    for flag in list(entity.flags):
        told += entity.flag(flag, False, "MOVED_IN")
    new, _ = moved_in(asked, entity.entity_id, now)
    entity.move(EntityState.ACTIVE, "MOVED_IN", now)
    handed_over = {name: getattr(new, name) for name in _HANDED_OVER}
    changed = {name: value for name, value in handed_over.items() if value != getattr(entity, name)}
    if not same_representative:
        changed[_REPRESENTATIVE] = new.legal_representative_masked
    for name in _OF_REGISTRAR:  # who keeps the entity is told by its moving in
        setattr(entity, name, handed_over[name])
        changed.pop(name, None)
    if changed:
        told.append(entity.change_facts(changed))
    entity.owe_reports(local_date(now))
    entity.licence_certificate_id, entity.licence_identifier = "", ""
    return [*told, _event(entity)]


_REPRESENTATIVE = "legal_representative_masked"
_OF_REGISTRAR = ("division_code", "from_division_code")
_HANDED_OVER = (
    "entity_type", "name", "domicile", "business_scope", "capital", _REPRESENTATIVE, *_OF_REGISTRAR,
)  # fmt: skip


def _event(entity: Entity) -> EntityMovedIn:
    return EntityMovedIn(
        entity.entity_id,
        entity.uscc,
        entity.entity_type,
        entity.division_code,
        entity.from_division_code,
        entity.version,
    )
