"""What registration tells the others: facts in the past tense, ids and codes only.

Same names and fields as `protos/tongban/registration/v1/events.proto` (a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameReserved:
    """A name is held for its applicant."""

    reservation_id: str
    division_code: str
    expiry_date: str


@dataclass(frozen=True, slots=True)
class NameGivenUp:
    """A reserved name is free before its last day."""

    reservation_id: str
    division_code: str


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    """A complete application is under review; the registrar owes a decision by `due_date` ("": the calendar is not
    loaded, `ReviewDated` follows)."""

    application_id: str
    division_code: str
    entity_type: str
    due_date: str
    origin_ref: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationReturned:
    """An incomplete application went back with one notice of all gaps."""

    application_id: str
    division_code: str
    gap_reasons: list[str]
    origin_ref: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationRefused:
    """The registrar refused, with reasons."""

    application_id: str
    division_code: str
    reason_codes: list[str]
    origin_ref: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn:
    """The applicant took it back before it was decided."""

    application_id: str
    division_code: str
    origin_ref: str = ""


@dataclass(frozen=True, slots=True)
class ReviewExtended:
    """The head gave a complex case more time."""

    application_id: str
    due_date: str


@dataclass(frozen=True, slots=True)
class ReviewDated:
    """The due date of a review is known now; the calendar was not loaded when it was received."""

    application_id: str
    due_date: str


@dataclass(frozen=True, slots=True)
class EntityRegistered:
    """A market entity exists from `founding_date` on, the day its licence is issued."""

    entity_id: str
    application_id: str
    uscc: str
    entity_type: str
    division_code: str
    founding_date: str
    entity_version: int
    origin_ref: str = ""


@dataclass(frozen=True, slots=True)
class EntityImported:
    """An existing entity was taken over from an older register."""

    entity_id: str
    uscc: str
    entity_type: str
    division_code: str


@dataclass(frozen=True, slots=True)
class EntityStateChanged:
    """An entity's licence was revoked (吊销), its registration revoked (撤销), or it was cancelled (注销)."""

    entity_id: str
    uscc: str
    state: str
    reason_code: str
    effective_date: str
    entity_version: int


@dataclass(frozen=True, slots=True)
class ForwardedCaseAccepted:
    """An application that came from elsewhere is under review here."""

    origin_ref: str
    application_id: str
    due_date: str


@dataclass(frozen=True, slots=True)
class ForwardedCaseRejected:
    """An application that came from elsewhere cannot be received here."""

    origin_ref: str
    reason_codes: list[str]


@dataclass(frozen=True, slots=True)
class ReviewDeadlineMissed:
    """The registrar's time for an application is over and nothing was decided: the level above is told."""

    application_id: str


@dataclass(frozen=True, slots=True)
class EntityChanged:
    """Registered facts of an entity changed; `facts` names them."""

    entity_id: str
    uscc: str
    facts: list[str]
    entity_version: int


@dataclass(frozen=True, slots=True)
class EntityFlagged:
    """A flag beside the state was set or lifted, e.g. ABNORMAL_LIST."""

    entity_id: str
    uscc: str
    flag: str
    on: bool
    reason_code: str
    entity_version: int


@dataclass(frozen=True, slots=True)
class EntityCaseMoved:
    """A case about an entity was opened or went on; `reason_codes` say why where the law asks for a reason."""

    entity_case_id: str
    kind: str
    entity_id: str
    uscc: str
    state: str
    reason_codes: list[str]


@dataclass(frozen=True, slots=True)
class EntityCaseDeadlineMissed:
    """What was owed in a case about an entity was not done in time: the level above is told."""

    entity_case_id: str
    kind: str
    clock: str


@dataclass(frozen=True, slots=True)
class EntityMovedIn:
    """An entity came from another registrar and is kept here now, with its code and founding date."""

    entity_id: str
    uscc: str
    entity_type: str
    division_code: str
    from_division_code: str
    entity_version: int


@dataclass(frozen=True, slots=True)
class HolderCheckRequested:
    """A bundle must know what an entity holds and what stands in the way of its end."""

    check_ref: str
    entity_id: str
    uscc: str


@dataclass(frozen=True, slots=True)
class EntityBundleMoved:
    """A part of a bundle of an entity moved; `part` "" when the bundle as a whole did."""

    bundle_id: str
    kind: str
    entity_id: str
    uscc: str
    part: str
    part_state: str
    state: str
    reason_codes: list[str]


@dataclass(frozen=True, slots=True)
class EntityBundleDelayed:
    """What an authority owes in a bundle was not done in time: the level above is told."""

    bundle_id: str
    part: str
    owed_by: str
