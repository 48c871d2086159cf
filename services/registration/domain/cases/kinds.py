"""All kinds of cases about entities, by key; and their diagram for people, drawn from the tables themselves."""

from __future__ import annotations

import sys
from functools import cache

from services.registration.domain.cases.cancellation import FORCED, ORDINARY, SIMPLIFIED
from services.registration.domain.cases.changes import CHANGE, CONVERSION, FILING, MOVE_OUT, OPERATOR_CHANGE
from services.registration.domain.cases.disputes import IMPERSONATION, REVOCATION_REVIEW
from services.registration.domain.cases.dormancy import DORMANCY
from services.registration.domain.cases.engine import ENTITY_FACTS, OVERTAKEN, Kind, Party
from services.registration.domain.cases.freezing import SHARES_FREEZE
from services.registration.domain.cases.listing import ABNORMAL_LISTING
from services.registration.domain.cases.name_disputes import NAME_DISPUTE
from services.registration.domain.cases.notices import CAPITAL_REDUCTION, DIVISION, MERGER
from services.registration.domain.cases.reports import ANNUAL_REPORT
from services.registration.domain.entity import STATE_CHANGES
from shared.failures import InvalidArgument, Violation

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        CHANGE, OPERATOR_CHANGE, FILING, CONVERSION, MOVE_OUT, DORMANCY, SIMPLIFIED, ORDINARY, FORCED, ABNORMAL_LISTING,
        IMPERSONATION, REVOCATION_REVIEW, NAME_DISPUTE, ANNUAL_REPORT, CAPITAL_REDUCTION, MERGER, DIVISION, SHARES_FREEZE,
    )
}  # fmt: skip


_WHEN = {ENTITY_FACTS: "when the entity's facts say so"}


def kind_of(key: str) -> Kind:
    """The kind with this key. Raises InvalidArgument that names those there are."""
    found = KINDS.get(key)
    if found is None:
        violation = Violation("kind", f"is one of {', '.join(sorted(KINDS))}", "KIND_UNKNOWN")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return found


@cache
def concerning(party: Party) -> frozenset[str]:
    """Kinds of cases in which a party has a part: it opens them, takes a step in them, or is waited for."""
    return frozenset(
        kind.key
        for kind in KINDS.values()
        if party in kind.by
        or any(party in action.by for action in kind.actions)
        or any(owing is party for owing, _, _ in kind.owed.values())
    )


def diagram() -> str:
    """The machines as text: entity, then each kind of case, one line for each step with who takes it and its article."""
    lines = ["entity"]
    for state, ways in STATE_CHANGES.items():
        lines += [f"  {state} -> {target}  ({article})" for target, article in ways.items()]
    for kind in KINDS.values():
        again = f", or again {', '.join(kind.goes_on_in)}" if kind.goes_on_in else ""
        lines += [
            "",
            f"{kind.key}: begins {kind.first} while the entity is {', '.join(kind.opens_in)}{again}  ({kind.article})",
        ]
        for action in kind.actions:
            by = _WHEN.get(action.when_over, "when time is up") if action.when_over else "/".join(action.by)
            lines.append(f"  {'|'.join(action.sources)} -> {action.target}  {action.name} by {by}  ({action.article})")
        closed = [state for state in kind.states if state not in kind.owed]
        lines.append(f"  closed: {', '.join([*closed, OVERTAKEN] if kind.owed else closed)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(diagram())
