"""A permit in force and what may become of it (行政许可法 art. 69, 70).

IN_FORCE ⇄ SUSPENDED          EXPIRED is never stored: it follows from the dates on reading
    └──┴──► REVOKED (art. 69, obtained by fraud, granted unlawfully) | CANCELLED (art. 70, ended)      both final
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.permits.domain.events import PermitChanged, PermitStateChanged
from shared.failures import FailedPrecondition


class PermitState(StrEnum):
    """Where a permit stands."""

    IN_FORCE = "IN_FORCE"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class PermitChangeNotAllowed(FailedPrecondition):
    """A permit does not go from its state to that one; revoked and cancelled are final (art. 69, 70)."""


_ALLOWED = {
    PermitState.IN_FORCE: frozenset({PermitState.SUSPENDED, PermitState.REVOKED, PermitState.CANCELLED}),
    # an expired one can still be undone or struck off (art. 69, 70(1)), not brought back
    PermitState.EXPIRED: frozenset({PermitState.REVOKED, PermitState.CANCELLED}),
    PermitState.SUSPENDED: frozenset({PermitState.IN_FORCE, PermitState.REVOKED, PermitState.CANCELLED}),
}


# States in which a permit is held: it counts, and follows its holder.
HELD = frozenset({PermitState.IN_FORCE, PermitState.SUSPENDED})


@dataclass(slots=True)
class Permit:
    """The granted right. Dates are ISO; `valid_to_date` "" = without end. `reason_code`: of its last change.

    `shown_version`: its own version since which it shows its holder as it does (0: as granted); `shown_date`: since which day;
    `shown_holder_version`: of the holder, which it showed then.
    """

    permit_id: str
    state: PermitState
    version: int
    valid_from_date: str
    valid_to_date: str
    reason_code: str = ""
    shown_version: int = 0
    shown_date: str = ""
    shown_holder_version: int = 0

    def state_on(self, day: date) -> PermitState:
        """The state on a day: one past its last day is expired, whatever job has run."""
        if (
            self.state in (PermitState.IN_FORCE, PermitState.SUSPENDED)
            and self.valid_to_date
            and day > date.fromisoformat(self.valid_to_date)
        ):
            return PermitState.EXPIRED
        return self.state

    def change(self, case_id: str, state: PermitState, reason_code: str, day: date) -> PermitStateChanged:
        """Suspend, reinstate, revoke or cancel, for a coded reason. Raises PermitChangeNotAllowed."""
        now = self.state_on(day)
        if state not in _ALLOWED.get(now, frozenset()):
            raise PermitChangeNotAllowed(
                f"a permit that is {now} does not become {state} (行政许可法 art. 69, 70)", metadata={"state": now}
            )
        self.state, self.reason_code = state, reason_code
        self.version += 1
        return PermitStateChanged(self.permit_id, case_id, state, reason_code, self.version)

    def follow(
        self,
        case_id: str,
        facts: Sequence[str],
        certificate_type: str,
        holder_ref: str,
        origin_ref: str,
        day: date,
        holder_version: int = 0,
    ) -> list[PermitChanged | PermitStateChanged]:
        """Show new values of the holder, which changed; validity stays as it was granted.

        A suspended permit says once more that it is: its new certificate is not in force either.
        Raises PermitChangeNotAllowed for a permit that is not held any more.
        """
        now = self.state_on(day)
        if now not in HELD:
            raise PermitChangeNotAllowed(
                f"a permit that is {now} follows nobody (行政许可法 art. 70)", metadata={"state": now}
            )
        self.version += 1
        self.shown_version, self.shown_date = self.version, day.isoformat()
        self.shown_holder_version = holder_version
        told: list[PermitChanged | PermitStateChanged] = [
            PermitChanged(self.permit_id, case_id, list(facts), certificate_type, holder_ref, self.version, origin_ref)
        ]
        if now is PermitState.SUSPENDED:
            self.version += 1
            told.append(PermitStateChanged(self.permit_id, case_id, now, self.reason_code, self.version))
        return told
