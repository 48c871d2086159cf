"""The set-up application: states, transitions, refusals with their article.

submitted, complete ──► UNDER_REVIEW ──► REGISTERED (entity exists)
     │                        ├────────► REFUSED (reasons told)
     │                        └────────► WITHDRAWN (by the applicant)
     └─ incomplete ──► RETURNED (one notice; a new try is a new application, 实施细则 art. 18)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.registration.domain.entities import EntityType
from services.registration.domain.entity import Entity, EntityState, StaleVersion
from services.registration.domain.events import (
    ApplicationRefused,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ReviewDated,
    ReviewExtended,
)
from services.registration.domain.form_check import Capital, Domicile, Gap, SetUpApplication, mask_name
from services.registration.domain.limits import known_due_date
from services.registration.domain.naming import NameParts
from services.registration.domain.persons import require_pseudonym
from shared.case_clocks import ClockExpired
from shared.clock import local_date
from shared.failures import AlreadyExists, FailedPrecondition, InvalidArgument, Violation
from shared.working_calendar import CALENDAR_NOT_LOADED

# How references of this service's own bundles begin, which hear what becomes of their application.
OWN_BUNDLE = "ebn_"


class ApplicationState(StrEnum):
    """Where an application stands."""

    UNDER_REVIEW = "UNDER_REVIEW"
    RETURNED = "RETURNED"
    REGISTERED = "REGISTERED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class ApplicationAlreadyDecided(FailedPrecondition):
    """A decision stands; it is changed only by review or revocation, never by deciding again."""


class ApplicationWasReturned(FailedPrecondition):
    """Everything went back to the applicant; there is nothing left to decide (实施细则 art. 18)."""


class WithdrawnWhereItCameFrom(FailedPrecondition):
    """It is a step of a bundle of permits, or a case of a partner region: that one is taken back, and hears what becomes of it."""


class ReviewAlreadyExtended(FailedPrecondition):
    """The review of a complex case is extended once (实施细则 art. 18)."""


class NameTaken(AlreadyExists):
    """Another entity, application or reservation of this registrar holds the trade name in this trade (名称规定 art. 17)."""


class DuplicateApplication(AlreadyExists):
    """The same applicant has an open application under this name."""


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """Why a registration is refused: stable code, words for the applicant, the article (条例 art. 20)."""

    code: str
    description: str
    source: str


@dataclass(slots=True)
class Application:
    """One set-up application. `version` goes up with every change."""

    application_id: str
    state: ApplicationState
    version: int
    division_code: str
    entity_type: EntityType
    name: NameParts
    name_key: str
    domicile: Domicile
    business_scope: str
    capital: Capital | None
    legal_representative_masked: str
    received_time: datetime
    first_due_date: str = ""
    due_date: str = ""
    extended: bool = False
    # pseudonym of the head who approved the extension
    extension_approved_by: str = ""
    gaps: list[Gap] = field(default_factory=list)
    refusal_reasons: list[RefusalReason] = field(default_factory=list)
    entity_id: str = ""
    uscc: str = ""
    decided_time: datetime | None = None
    # what it came from: a step of a bundle, a case of a partner region; empty: our own door
    origin_ref: str = ""

    def require_open(self, expected_version: int) -> None:
        """Raise unless the application waits for a decision and is as the registrar saw it."""
        if self.state is ApplicationState.RETURNED:
            raise ApplicationWasReturned("the application was returned to the applicant as incomplete")
        if self.state is not ApplicationState.UNDER_REVIEW:
            raise ApplicationAlreadyDecided(f"the application was decided already: {self.state}")
        if self.version != expected_version:
            raise StaleVersion(
                f"the application is at version {self.version}, not {expected_version}; read it again",
                metadata={"current_version": str(self.version)},
            )

    def extend(self, expected_version: int, approved_by: str, now: datetime) -> ReviewExtended:
        """Three more working days for a complex case, once, while the first ones run (实施细则 art. 18). `approved_by`:
        pseudonym of the head. Raises ReviewAlreadyExtended, ClockExpired, InvalidArgument."""
        self.require_open(expected_version)
        require_pseudonym(approved_by, "approved_by")
        if self.extended:
            raise ReviewAlreadyExtended("the review was extended before; the law gives one extension")
        if self.due_date and local_date(now).isoformat() > self.due_date:
            raise ClockExpired(
                f"the last day of the review was {self.due_date}; what is over is not extended (实施细则 art. 18)",
                metadata={"clock": "review"},
            )
        self.extended, self.extension_approved_by = True, approved_by
        self._date()
        self.version += 1
        return ReviewExtended(self.application_id, self.due_date)

    @property
    def undated(self) -> str:
        """Why a review has no due date (T36); "" when it has one, or needs none."""
        waits = self.state is ApplicationState.UNDER_REVIEW and not self.due_date
        return CALENDAR_NOT_LOADED if waits else ""

    def date_again(self) -> ReviewDated | None:
        """A review that could not be dated when it was received has its due date now, if the calendar is here."""
        if self.undated:
            self._date()
        return ReviewDated(self.application_id, self.due_date) if self.due_date else None

    def _date(self) -> None:
        first = self.first_due_date or known_due_date("registration_review", local_date(self.received_time))
        self.first_due_date = self.due_date = first
        if self.extended and first:
            self.due_date = known_due_date("registration_review_extension", date.fromisoformat(first))

    def refuse(self, expected_version: int, reasons: Sequence[RefusalReason], now: datetime) -> ApplicationRefused:
        """Refuse with reasons (条例 art. 20)."""
        self.require_open(expected_version)
        if not reasons:
            violation = Violation(
                "reasons", "a refusal states its reasons (市场主体登记管理条例 art. 20)", "REASONS_MISSING"
            )
            raise InvalidArgument(violation.description, reason="REASONS_MISSING", violations=(violation,))
        self.state, self.decided_time = ApplicationState.REFUSED, now
        self.refusal_reasons = list(reasons)
        self.version += 1
        codes = [reason.code for reason in reasons]
        return ApplicationRefused(self.application_id, self.division_code, codes, self.origin_ref)

    def withdraw(self, expected_version: int, now: datetime) -> ApplicationWithdrawn:
        """The applicant takes it back: nothing forbids it until the decision (条例 art. 16: registered on application)."""
        self.require_open(expected_version)
        if self.origin_ref and not self.origin_ref.startswith(OWN_BUNDLE):
            raise WithdrawnWhereItCameFrom(
                "it came from a bundle of permits or a partner region; take that back",
                metadata={"origin_ref": self.origin_ref},
            )
        self.state, self.decided_time = ApplicationState.WITHDRAWN, now
        self.version += 1
        return ApplicationWithdrawn(self.application_id, self.division_code, self.origin_ref)

    def register(self, expected_version: int, entity_id: str, uscc: str, now: datetime) -> Entity:
        """Register: the entity exists from today on (条例 art. 21: founding date = issue date of the licence)."""
        self.require_open(expected_version)
        self.state, self.decided_time = ApplicationState.REGISTERED, now
        self.entity_id, self.uscc = entity_id, uscc
        self.version += 1
        entity = Entity(
            entity_id=entity_id,
            uscc=uscc,
            state=EntityState.ACTIVE,
            version=1,
            entity_type=self.entity_type,
            name=self.name.full_name,
            division_code=self.division_code,
            domicile=self.domicile,
            business_scope=self.business_scope,
            capital=self.capital,
            founding_date=local_date(now).isoformat(),
            legal_representative_masked=self.legal_representative_masked,
            application_id=self.application_id,
            origin_ref=self.origin_ref,
        )
        entity.owe_reports(local_date(now))
        return entity


def receive(
    application_id: str,
    asked: SetUpApplication,
    name: NameParts,
    name_key: str,
    gaps: Sequence[Gap],
    now: datetime,
    origin_ref: str = "",
) -> tuple[Application, ApplicationSubmitted | ApplicationReturned]:
    """Receive an application: under review when complete, else returned with all gaps at once (实施细则 art. 18).

    The clock starts on the day of receipt, which is not counted.
    """
    representative = asked.legal_representative.name if asked.legal_representative else ""
    application = Application(
        application_id=application_id,
        state=ApplicationState.RETURNED if gaps else ApplicationState.UNDER_REVIEW,
        version=1,
        division_code=asked.division_code,
        entity_type=asked.entity_type,
        name=name,
        name_key=name_key,
        domicile=asked.domicile,
        business_scope=asked.business_scope,
        capital=asked.capital,
        legal_representative_masked=mask_name(representative),
        received_time=now,
        gaps=list(gaps),
        origin_ref=origin_ref,
    )
    if gaps:
        reasons = [gap.reason for gap in gaps]
        return application, ApplicationReturned(application_id, asked.division_code, reasons, origin_ref)
    application.first_due_date = application.due_date = known_due_date("registration_review", local_date(now))
    return application, ApplicationSubmitted(
        application_id, asked.division_code, asked.entity_type, application.due_date, origin_ref
    )
