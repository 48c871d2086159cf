"""What permits tells the others: facts in the past tense, ids and codes only.

Same names and fields as `protos/tongban/permits/v1/events.proto` (a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PermitCaseReceived:
    """Materials were received; the clock of the one-time notice runs (行政许可法 art. 32)."""

    case_id: str
    item_code: str
    division_code: str
    unit_code: str
    notice_due_date: str
    origin_ref: str


@dataclass(frozen=True, slots=True)
class MaterialsRequested:
    """One notice of all gaps went out; the clock waits for the applicant."""

    case_id: str
    item_code: str
    gap_codes: list[str]
    origin_ref: str


@dataclass(frozen=True, slots=True)
class PermitCaseAccepted:
    """The case is accepted; the decision is due. Deemed: no notice in time, so accepted from the day of receipt (art.
    32(4)).
    """

    case_id: str
    item_code: str
    accepted_date: str
    due_date: str
    deemed: bool
    origin_ref: str


@dataclass(frozen=True, slots=True)
class PermitCaseClosed:
    """Not accepted: no permit needed, or another body is competent (art. 32(1)(2)); or withdrawn by the applicant."""

    case_id: str
    item_code: str
    reason_codes: list[str]
    origin_ref: str


@dataclass(frozen=True, slots=True)
class DecisionExtended:
    """The head gave more time, once (art. 42)."""

    case_id: str
    due_date: str
    origin_ref: str


@dataclass(frozen=True, slots=True)
class DecisionPaused:
    """The decision's clock stands still for a step whose time does not count; `owner` has the word (art. 45)."""

    case_id: str
    reason_code: str
    owner: str
    until_date: str
    origin_ref: str


@dataclass(frozen=True, slots=True)
class DecisionResumed:
    """The decision's clock counts on, to a later due date; empty while another step still holds it (art. 45)."""

    case_id: str
    reason_code: str
    due_date: str
    origin_ref: str


@dataclass(frozen=True, slots=True)
class PermitGranted:
    """A permit is granted (art. 38)."""

    case_id: str
    permit_id: str
    item_code: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    division_code: str
    valid_from_date: str
    valid_to_date: str
    permit_version: int
    origin_ref: str


@dataclass(frozen=True, slots=True)
class PermitRefused:
    """A permit is refused, with reasons and remedies (art. 38)."""

    case_id: str
    item_code: str
    reason_codes: list[str]
    origin_ref: str


@dataclass(frozen=True, slots=True)
class PermitStateChanged:
    """A permit in force was suspended, reinstated, revoked (art. 69), cancelled (art. 70), or it expired."""

    permit_id: str
    case_id: str
    state: str
    reason_code: str
    permit_version: int


@dataclass(frozen=True, slots=True)
class PermitDelivered:
    """The result reached the applicant (art. 44)."""

    case_id: str
    permit_id: str
    origin_ref: str


@dataclass(frozen=True, slots=True)
class PermitDeadlineMissed:
    """A deadline passed and somebody above was told."""

    case_id: str
    clock: str
    due_date: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class FilingRecorded:
    """A filing is on record: it informs, it permits nothing (优化营商环境条例 art. 39)."""

    filing_id: str
    item_code: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    division_code: str
    recorded_date: str
    project_id: str
    subject_key: str
    origin_ref: str


@dataclass(frozen=True, slots=True)
class FilingReturned:
    """A filing came back incomplete."""

    filing_id: str
    item_code: str
    gap_codes: list[str]
    origin_ref: str


@dataclass(frozen=True, slots=True)
class FilingClosed:
    """A filing is without effect: its applicant took it back, or nobody mended it in time."""

    filing_id: str
    item_code: str
    reason_codes: list[str]
    origin_ref: str


@dataclass(frozen=True, slots=True)
class BundleStarted:
    """Several services as one thing: begun, with its promised finish."""

    bundle_id: str
    bundle_type: str
    division_code: str
    predicted_finish_date: str


@dataclass(frozen=True, slots=True)
class BundleStepChanged:
    """A step of a bundle moved."""

    bundle_id: str
    step_id: str
    item_code: str
    state: str
    predicted_finish_date: str


@dataclass(frozen=True, slots=True)
class BundleFinished:
    """Every step is done, refused or impossible."""

    bundle_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class BundleDelayed:
    """A step of a bundle is late, or the bundle's own promise has passed (no step): somebody above was told, once."""

    bundle_id: str
    step_id: str
    item_key: str
    party: str
    what: str
    due_time: str


@dataclass(frozen=True, slots=True)
class LicenceRequested:
    """A bundle needs a business licence: registration receives an application (it asks for the content with a
    purpose).
    """

    bundle_id: str
    step_id: str
    division_code: str


@dataclass(frozen=True, slots=True)
class ForwardedCaseAccepted:
    """A case handed over by a partner region is on this service's books."""

    origin_ref: str
    case_id: str
    due_date: str


@dataclass(frozen=True, slots=True)
class ForwardedCaseRejected:
    """A case handed over by a partner region cannot be received here; reasons say why."""

    origin_ref: str
    reason_codes: list[str]


@dataclass(frozen=True, slots=True)
class ProjectStarted:
    """A construction project began, with its own list of items (一项目一清单)."""

    project_id: str
    division_code: str
    item_codes: list[str]


@dataclass(frozen=True, slots=True)
class ProjectItemOpened:
    """Everything that an item comes after is done: it may be handed in, or is under way already. A fact has no code."""

    project_id: str
    item_code: str
    line: str


@dataclass(frozen=True, slots=True)
class ProjectItemDone:
    """An item of a project is granted or on record; or, without a code, the land contract is signed."""

    project_id: str
    item_code: str
    done_date: str


@dataclass(frozen=True, slots=True)
class ProjectDelayed:
    """An item of a project is late: somebody above was told, once."""

    project_id: str
    item_code: str
    line: str
    party: str
    what: str
    due_time: str


@dataclass(frozen=True, slots=True)
class ProjectEnded:
    """The land contract fell through: the project ends, its pre-reviews lapse without effect."""

    project_id: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class ProjectCompleted:
    """Every item of a project is done."""

    project_id: str


@dataclass(frozen=True, slots=True)
class PermitChanged:
    """A permit shows a new value of its holder, who changed; its certificate is issued anew."""

    permit_id: str
    case_id: str
    facts: list[str]
    certificate_type: str
    holder_ref: str
    permit_version: int
    origin_ref: str


@dataclass(frozen=True, slots=True)
class HolderFollowed:
    """Permits took in that an entity changed or ended, for all it holds. `certified`: <permit id>@<version> of those whose
    certificate is issued anew; `kept_*`: permits and filings that keep the old value, or ended with a revocation that was
    undone, each with its reason at the same place."""

    holder_ref: str
    holder_code: str
    entity_version: int
    permit_ids: list[str]
    certified: list[str]
    kept_permit_ids: list[str]
    kept_reason_codes: list[str]


@dataclass(frozen=True, slots=True)
class HolderChecked:
    """What an entity holds, and what stands in the way of its end (`reason_codes`, empty: nothing)."""

    check_ref: str
    holder_code: str
    permit_count: int
    reason_codes: list[str]
