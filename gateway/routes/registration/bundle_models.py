"""What is asked and told about bundles of entities."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from tongban.registration.v1 import messages_pb2 as pb

from gateway.described import say, told_model
from gateway.models import ID_PATTERN, Asked, ExpectedVersion
from gateway.routes.registration.case_models import Facts
from gateway.routes.registration.person_models import CaseInvestor, CasePerson
from gateway.routes.registration.submission import EXAMPLE

BundleKind = Literal["OPENING", "INFORMATION_CHANGE", "CANCELLATION"]
BundleState = Literal["RUNNING", "BLOCKED", "FINISHED"]
BundleOutcome = Literal["COMPLETE", "PARTIAL", "ENDED"]
PartAsk = Literal["CHECK", "CLEAR", "OPEN", "UPDATE", "CLOSE", "UNDO"]
PartState = Literal[
    "WAITING", "ASKED", "DONE", "BLOCKED", "UNREACHABLE", "UNCLEAR", "RETURNED", "REFUSED", "ENDED"
]  # fmt: skip
OwedFlag = Literal["HAS_ITS_OWN_CASE", "NO_LIMIT_IN_LAW", "CALENDAR_NOT_LOADED"]

say(
    pb.BundlePart,
    key="name of the part in its bundle, e.g. TAX, SEALS, ENTITY",
    authority="who does it, e.g. 税务机关",
    ask=("what is asked of it; UNDO takes a clearance back", PartAsk),
    state=(
        "WAITING for other parts; ASKED; BLOCKED with reasons until you cleared them; UNREACHABLE or UNCLEAR: no answer, or none"
        " that fits, and it is asked again; RETURNED: the licence application must be corrected",
        PartState,
    ),
    attempts="how often it was asked",
    reason_codes="why it is blocked, refused or ended",
    reference="number of the result there, or id of the case or application here",
    next_time="when it is asked again; RFC 3339 in +08:00",
    due_date="last day for it, ISO date; of its own case where it has one",
    owed_by="who owes the next step of its own case or application",
    owed="and which, e.g. creditors_notice",
    followed="permits and certificates that took the change in, by their ids",
    not_followed="those that could not",
)
say(
    pb.EntityBundle,
    bundle_id="as in its address",
    kind=("which of the three", BundleKind),
    state=("BLOCKED: somebody must act, see the parts", BundleState),
    version="goes up with every change; also the ETag",
    outcome=(
        "null until it is finished; PARTIAL: some parts were refused or given up; ENDED: it came to nothing",
        BundleOutcome,
    ),
    entity_id="the entity; of an opening null until it is registered",
    uscc="its code",
    parts="each authority's part, in the order in which they can be done",
    owed_by="who owes the next step: applicant, registrar:<division>, authority:<code>, platform; null when finished",
    owed="what is owed",
    owed_until="first instant at which it is late; RFC 3339 in +08:00",
    owed_flag=(
        "why owed_until is null: the part has a case of its own (see its due_date), the law names no limit, or the calendar of"
        " that year is not here yet",
        OwedFlag,
    ),
    escalated="it is late, and the level above was told",
    timeline="what happened, in order; empty in lists",
)
EntityBundle = told_model(pb.EntityBundle)


class BundleStart(Asked):
    """One form. An opening brings the set-up `application`; the others name the entity and bring the facts of its case. What
    the kind does not ask for is refused
    (`POST /v1/registration/entities/{entity_id}/cases`). Answers for the other authorities stand among the facts: `staff_count`,
    `insured_from`, `fund_rate_percent`, `bank_code`, `invoice_kind`, `seal_kinds`. `route` says by which case: a change is a
    CHANGE (else CHANGE_OF_OPERATOR or CONVERSION 个转企), a cancellation SIMPLIFIED (else ORDINARY)."""

    kind: BundleKind = Field(examples=["CANCELLATION"])
    entity_id: str | None = Field(None, pattern=ID_PATTERN, examples=["ent_01KA3N6Q0V8T3J5M9W2XYZABCD"])
    application: dict[str, object] | None = None
    facts: Facts = Field(
        default_factory=dict, max_length=40, examples=[{"no_debts": "true", "all_investors_signed": "true"}]
    )
    person: CasePerson | None = Field(
        None, description="who becomes legal representative or operator by an information change; kept sealed"
    )
    investors: list[CaseInvestor] = Field(
        default_factory=list, max_length=200,
        description="everyone who holds shares after an information change, if that changes; kept sealed",
    )  # fmt: skip


class BundleApplication(Asked):
    """The set-up application anew, whole, with what was missing."""

    application: dict[str, object] = Field(examples=[EXAMPLE])
    expected_version: ExpectedVersion = None


class BundleStep(Asked):
    """Nothing but the version that you have read."""

    expected_version: ExpectedVersion = None
