"""Who has not handed in the annual report when its time is over goes onto the abnormal list (实施细则 art. 70)."""

from __future__ import annotations

import hashlib

from services.registration.domain.annual_reports import closed_year
from services.registration.domain.cases.engine import Party
from services.registration.domain.cases.listing import NothingMissing
from services.registration.domain.cases.reports import REPORT_MISSED
from services.registration.usecases.context import Parts
from services.registration.usecases.entity_cases import CaseAlreadyOpen, open_entity_case
from shared.commands import Command
from shared.failures import Failure, Unavailable
from shared.logs import get_logger

log = get_logger(__name__)
PLATFORM = "platform"
# A command of its own for each entity and year: whoever does it, and however often, it is done once.
_FACTS = {"reason_codes": REPORT_MISSED}
_DIGEST = hashlib.sha256(REPORT_MISSED.encode()).digest()


def list_late_reporters(parts: Parts, limit: int = 200) -> int:
    """List entities of this registrar whose report of a closed year is missing, at most `limit`; returns how many were listed.
    One that stands on the list for another reason is looked at again when it leaves it. Harmless to run twice and at once.
    Raises Unavailable when the outbox is full: the next run goes on."""
    year, listed = closed_year(parts.clock.today()), 0
    late = parts.store.late_reporters(parts.region, year, limit)
    for entity_id in late:
        command = Command(PLATFORM, f"annual-report-{year}-{entity_id}", _DIGEST, actor_id=PLATFORM)
        try:
            _, _, replayed = open_entity_case(
                parts, command, "ABNORMAL_LISTING", entity_id, "", _FACTS, Party.PLATFORM
            )  # fmt: skip
            listed += not replayed
        except (CaseAlreadyOpen, NothingMissing):
            parts.store.put_off_report(entity_id, year + 1)
        except Unavailable:
            raise
        except Failure as failure:  # it changed or ended beside us; the next run looks again, and the others go on
            log.warning("late_reporter_not_listed", entity_id=entity_id, reason=failure.reason)
    if late:
        log.info("late_reporters_listed", report_year=year, looked_at=len(late), listed=listed)
    return listed
