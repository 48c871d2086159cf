"""What is asked and told about cases of entities."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from gateway.models import Asked, ExpectedVersion, TimelineEntry, Told
from gateway.routes.registration.case_facts import MEANING, OPENED_WITH
from gateway.routes.registration.person_models import CaseInvestor, CasePerson

FactName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
FactValue = Annotated[str, StringConstraints(max_length=4000)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,60}$")]
# What has a form of its own; the service names the fact that has another.
_FORMS: dict[str, dict[str, JsonValue]] = {
    "reason_codes": {"type": "string", "pattern": "^[A-Z0-9_]{1,60}(,[A-Z0-9_]{1,60}){0,19}$"},
    "approved_by": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},
    "new_address": {"type": "string", "maxLength": 300},
}
_PROPERTIES: dict[str, JsonValue] = {
    name: {"type": "string", **_FORMS.get(name, {}), "description": text} for name, text in MEANING.items()
}
Facts = Annotated[dict[FactName, FactValue], Field(json_schema_extra={"properties": _PROPERTIES})]
_FACTS = "declarations (“true”), dates, codes and new values, as the kind asks for; what is missing or not used is told"
_FACTS_BY_KIND = _FACTS + ". " + "; ".join(
    f"{kind}: {', '.join(facts) or 'none'}" for kind, facts in OPENED_WITH.items()
)  # fmt: skip


CaseKind = Literal[
    "CHANGE", "CHANGE_OF_OPERATOR", "FILING", "CONVERSION", "MOVE_OUT", "DORMANCY", "SIMPLIFIED_CANCELLATION",
    "ORDINARY_CANCELLATION", "FORCED_CANCELLATION", "ABNORMAL_LISTING", "IMPERSONATION", "REVOCATION_REVIEW",
    "NAME_DISPUTE", "ANNUAL_REPORT", "CAPITAL_REDUCTION", "MERGER", "DIVISION", "SHARES_FREEZE",
]  # fmt: skip
CaseState = Literal[
    "ACCEPTED", "ANNOUNCED", "BARRED", "CANCELLED", "CLAIMS_OVER", "CLEARED", "CLEARING_GROUP_NAMED", "CLOSED", "CREDITORS_TOLD",
    "DISMISSED", "DORMANT", "FROZEN", "HANDED_OVER", "INQUIRY", "LAPSED", "LISTED", "NOTHING_TO_CLEAR", "NOTICE",
    "NOTICE_SUSPENDED", "NOT_ACCEPTED", "NOT_REVOKED", "OBJECTED", "OPEN_FOR_APPLICATION", "OVERTAKEN", "PUSHED", "READY",
    "RECEIVED", "RECORDED", "REFUSED", "REGISTERED", "RELEASED", "REMOVAL_ASKED", "REMOVED", "RENAMED", "RENAME_LATE",
    "RENAME_ORDERED", "RENAME_SERIOUS", "REQUESTED", "RESUMED", "REVOKED", "SERIOUS", "SETTLED", "STOPPED", "SUSPENDED",
    "UNCONTESTED", "UNCONTESTED_SUSPENDED", "UNDER_REVIEW", "UNDONE", "UPHELD", "WITHDRAWN",
]  # fmt: skip


class CaseOpening(Asked):
    """E.g. a simplified cancellation 简易注销."""

    kind: Literal[
        "CHANGE", "CHANGE_OF_OPERATOR", "FILING", "CONVERSION", "MOVE_OUT", "DORMANCY", "SIMPLIFIED_CANCELLATION",
        "ORDINARY_CANCELLATION", "IMPERSONATION", "REVOCATION_REVIEW", "NAME_DISPUTE", "ANNUAL_REPORT", "CAPITAL_REDUCTION",
        "MERGER", "DIVISION",
    ] = Field(examples=["SIMPLIFIED_CANCELLATION"])  # fmt: skip
    facts: Facts = Field(
        default_factory=dict, max_length=40, description=_FACTS_BY_KIND,
        examples=[{"no_debts": "true", "all_investors_signed": "true"}],
    )  # fmt: skip
    person: CasePerson | None = Field(
        None,
        description="who becomes legal representative (CHANGE, CONVERSION) or operator (CHANGE_OF_OPERATOR), with the "
        "real-name check (实施细则 art. 16), kept sealed, shown masked; or who was impersonated (IMPERSONATION), by number alone: "
        "needed where the shares of that person may have to be revoked",
    )
    investors: list[CaseInvestor] = Field(
        default_factory=list, max_length=200,
        description="everyone who holds shares afterwards (CHANGE: a transfer of shares, shareholders who come in with new "
        "capital; CONVERSION), their amounts add up to the capital; kept sealed",
    )  # fmt: skip


class CaseOpeningExOfficio(Asked):
    """E.g. the abnormal list 经营异常名录."""

    kind: Literal[
        "ABNORMAL_LISTING", "FORCED_CANCELLATION", "IMPERSONATION", "REVOCATION_REVIEW", "NAME_DISPUTE", "SHARES_FREEZE",
        "MOVE_OUT",
    ] = Field(examples=["ABNORMAL_LISTING"])  # fmt: skip
    facts: Facts = Field(
        default_factory=dict,
        max_length=40,
        description=_FACTS_BY_KIND,
        examples=[{"reason_codes": "ANNUAL_REPORT_MISSED"}],
    )
    person: CasePerson | None = Field(
        None, description="who was impersonated (IMPERSONATION), by number alone; kept sealed until it is decided"
    )


class CaseStepTaken(Asked):
    """One of the `steps` that the case shows."""

    action: str = Field(pattern=r"^[A-Z_]{1,40}$", examples=["WITHDRAW"])
    facts: Facts = Field(default_factory=dict, max_length=40, description=_FACTS)
    person: CasePerson | None = Field(
        None, description="whom the step is about: who is directly responsible for a false registration (条例 art. 40)"
    )
    expected_version: ExpectedVersion = None


class CaseObjection(Asked):
    """Why."""

    reason_codes: list[Code] = Field(min_length=1, max_length=10, examples=[["TAXES_OWED"]])
    expected_version: ExpectedVersion = None


class CaseDeadline(Told):
    """A statutory clock."""

    clock: str = Field(examples=["objections"])
    state: Literal["RUNNING", "PAUSED", "ENDED", "UNKNOWN"] = Field(
        description="UNKNOWN: the calendar of a year that it touches is not loaded yet", examples=["RUNNING"]
    )
    due_date: str | None = Field(description="last day")
    explanation: list[str] = Field(description="how it was counted, each step with its source")


class CaseStep(Told):
    """What may be done now."""

    action: str
    by: list[str]
    article: str


class EntityCase(Told):
    """A procedure of an entity's life."""

    entity_case_id: str = Field(examples=["enc_01KA3N6Q0V8T3J5M9W2XYZABCD"])
    kind: CaseKind = Field(description="kind of procedure")
    state: CaseState = Field(
        description="one of its kind's (services/registration/README.md draws them); OVERTAKEN: the entity was ended or revoked"
        " by another way, and nothing is left to do"
    )
    version: int = Field(description="goes up with every change; also the ETag")
    entity_id: str
    uscc: str
    division_code: str
    received_time: str | None
    facts: dict[str, str]
    reason_codes: list[str]
    deadlines: list[CaseDeadline]
    steps: list[CaseStep]
    owed_by: str | None = Field(description="who owes the next step; null when the case is closed")
    owed: str | None
    owed_until: str | None = Field(description="first instant at which it is late")
    escalated: bool
    flag: str | None = Field(description="why there is no deadline")
    timeline: list[TimelineEntry] = Field(description="empty in lists")


class EntityCasePage(Told):
    """A page of cases."""

    entity_cases: list[EntityCase]
    next_page_token: str | None
