"""What handoff tells the others: facts in the past tense, ids and codes only.

Same names and fields as `protos/tongban/handoff/v1/events.proto` (a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandoffCaseOpened:
    """A window received a case that a partner region decides (异地受理)."""

    handoff_case_id: str
    item_code: str
    deciding_region: str
    agreement_version: int


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A message for a partner region stands in the ledger and waits to be delivered."""

    message_id: str
    handoff_case_id: str
    to_region: str
    sequence: int


@dataclass(frozen=True, slots=True)
class CaseReceived:
    """A partner region handed a case over; the service `target` receives it (it asks for the content with a purpose)."""

    handoff_case_id: str
    target: str
    item_code: str
    accepting_region: str
    agreement_version: int


@dataclass(frozen=True, slots=True)
class MaterialsSupplied:
    """Materials that were asked for came in at the accepting region."""

    handoff_case_id: str
    target: str
    materials: list[str]


@dataclass(frozen=True, slots=True)
class CaseWithdrawn:
    """The applicant withdrew at the accepting region."""

    handoff_case_id: str
    target: str


@dataclass(frozen=True, slots=True)
class HandoffStateChanged:
    """The case moved, on the side of this platform."""

    handoff_case_id: str
    state: str
    side: str
    reason_code: str
    case_version: int
    partner_region: str


@dataclass(frozen=True, slots=True)
class ResultReceived:
    """The deciding region sent the result."""

    handoff_case_id: str
    outcome: str
    certificate_identifier: str
    file_sha256: str


@dataclass(frozen=True, slots=True)
class HandoffDeadlineMissed:
    """A clock of the case passed its end and somebody above was told."""

    handoff_case_id: str
    clock: str
    owed_by: str


@dataclass(frozen=True, slots=True)
class HandoffCaseClosed:
    """Both regions know that the applicant has the result."""

    handoff_case_id: str
    outcome: str
