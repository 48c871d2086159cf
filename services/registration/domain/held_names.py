"""What becomes of a held name when its entity changes, ends or is there again (企业名称登记管理规定 art. 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.registration.domain.entities import EntityType
from services.registration.domain.entity import EXISTING, Entity, EntityState
from services.registration.domain.naming import name_key, parse_name

REGISTERED, RESTING = "REGISTERED", "RESTING"


@dataclass(frozen=True, slots=True)
class NameMove:
    """What is written about a name. `new`: it is held from now on, else it is changed if it stands in `from_state`."""

    key: str
    written: Mapping[str, Any]
    new: bool = False
    from_state: str = REGISTERED


def name_moves(before: Entity, entity: Entity, rest_until: str, now: datetime, head_key: str = "") -> list[NameMove]:
    """A new name is held with the change. A name that is given up, or whose entity ends, rests until `rest_until` (ISO date); of
    a sole trader that was cancelled it rests for others only, so that its operator (`head_key`) may set up an enterprise
    under it: the second way from sole trader to enterprise (促进个体工商户发展条例 art. 13). An entity that is there again has its
    name again, unless somebody else holds it meanwhile."""
    old = _key(before)
    if entity.state not in EXISTING:
        if before.state not in EXISTING:
            return []
        own = entity.state is EntityState.CANCELLED and before.entity_type is EntityType.SOLE_TRADER and head_key
        rest = {"state": RESTING, "expiry_date": rest_until} | ({"rests_for": head_key} if own else {})
        return [NameMove(old, rest)]
    if before.state not in EXISTING:
        return [NameMove(old, {"state": REGISTERED, "expiry_date": None}, from_state=RESTING)]
    new = _key(entity)
    if new == old:
        return []
    held = {
        "_id": new, "state": REGISTERED, "full_name": entity.name, "division_code": entity.division_code,
        "expiry_date": None, "application_id": None, "client_id": "", "command_key": None, "claimed_time": now,
    }  # fmt: skip
    return [NameMove(old, {"state": RESTING, "expiry_date": rest_until}), NameMove(new, held, new=True)]


def _key(entity: Entity) -> str:
    return name_key(parse_name(entity.name, entity.entity_type, entity.division_code), entity.division_code)
