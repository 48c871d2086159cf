"""Shapes of registration, as the API's document shows them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.models import DIVISION_PATTERN, Asked, ExpectedVersion, ProblemField, TimelineEntry, Told

EntityType = Literal[
    "LIMITED_COMPANY", "JOINT_STOCK_COMPANY", "STATE_OWNED", "COLLECTIVE", "JOINT_ENTERPRISE", "SOLE_PROPRIETORSHIP",
    "GENERAL_PARTNERSHIP", "LIMITED_PARTNERSHIP", "COOPERATIVE", "SOLE_TRADER", "BRANCH",
]  # fmt: skip
EntityState = Literal[
    "ACTIVE", "LICENCE_REVOKED", "REGISTRATION_REVOKED", "CANCELLED", "DORMANT", "CANCELLING", "CLEARING", "MOVED_OUT"
]  # fmt: skip
ApplicationState = Literal["UNDER_REVIEW", "RETURNED", "REGISTERED", "REFUSED", "WITHDRAWN"]
TIME_EXAMPLE, DATE_EXAMPLE = "2026-05-04T09:30:00.000+08:00", "2026-05-11"


class NameParts(Told):
    """A name taken apart (企业名称登记管理规定 art. 6)."""

    full_name: str | None = Field(examples=["常州市新北区云帆软件有限公司"])
    division: str | None = Field(description="行政区划", examples=["常州市新北区"])
    trade_name: str | None = Field(description="字号", examples=["云帆"])
    trade: str | None = Field(description="行业", examples=["软件"])
    form: str | None = Field(description="组织形式", examples=["有限公司"])


class NameCheck(Asked):
    division_code: str = Field(pattern=DIVISION_PATTERN, examples=["320411"])
    name: str = Field(min_length=1, max_length=120, examples=["常州市新北区云帆软件有限公司"])
    entity_type: EntityType = Field(examples=["LIMITED_COMPANY"])
    invested_usccs: list[Annotated[str, StringConstraints(max_length=18)]] = Field(
        default_factory=list, max_length=20, examples=[["91320411MAXX00015L"]],
        description="codes of enterprises with an investment relation 投资关系, whose names are not held against this one",
    )  # fmt: skip


class NameJudgement(Told):
    """Violations are the answer, not a failure."""

    parts: NameParts | None
    violations: list[ProblemField]
    available: bool = Field(description="nothing breaks a rule and the name could be reserved now")


class NameReservationRequest(NameCheck):
    needs_pre_approval: bool = Field(False, description="a pre-approval comes first: the name is held for 1 year")


class NameReservation(Told):
    reservation_id: str = Field(examples=["nam_01KA3N6Q0V8T3J5M9W2XYZABCD"])
    name: NameParts
    expiry_date: str = Field(examples=["2026-07-04"])


class NameReservationPage(Told):
    reservations: list[NameReservation]
    next_page_token: str | None


class Domicile(Told):
    division_code: str | None
    address: str | None


class Capital(Told):
    amount_fen: int = Field(description="1/100 of the currency unit")
    currency: str | None = Field(description="ISO 4217")
    paid_in_due_date: str | None


class Gap(Told):
    """One gap of the one-time notice 一次性告知."""

    field: str
    reason: str
    description: str = Field(description="what to bring or mend")
    source: str | None = Field(description="article that demands it")


class SubmissionReceipt(Told):
    """What the applicant holds in hand. State RETURNED: `gaps` says everything that is missing; no persons and
    no files are kept, and the name is free."""

    application_id: str = Field(examples=["app_01KA3N6Q0V8T3J5M9W2XYZABCD"])
    state: ApplicationState = Field(examples=["UNDER_REVIEW"])
    version: int = Field(examples=[1])
    name: NameParts | None
    received_time: str | None = Field(examples=[TIME_EXAMPLE])
    due_date: str | None = Field(description="last day for the decision", examples=[DATE_EXAMPLE])
    due_date_flag: str | None = Field(
        description="CALENDAR_NOT_LOADED: the due date follows when that year's calendar is here"
    )
    gaps: list[Gap]


class RefusalReason(Told):
    code: str
    description: str
    source: str


class RefusalReasonGiven(Asked):
    code: str = Field(pattern=r"^[A-Z0-9_]{1,60}$", examples=["FORBIDDEN_TRADE"])
    description: str = Field(min_length=1, max_length=500)
    source: str = Field(min_length=1, max_length=200, description="the article that forbids it (登记管理条例 art. 20)")


class MaterialShown(Told):
    type_code: str
    sha256: str | None = Field(description="digest of the file, hex")


class InvestorShown(Told):
    name_masked: str | None = Field(examples=["王*明"], description="empty for an organisation")
    uscc: str | None
    amount_fen: int


class Application(Told):
    application_id: str
    state: ApplicationState
    version: int = Field(description="goes up with every change; also the ETag")
    division_code: str
    entity_type: EntityType
    name: NameParts | None
    domicile: Domicile | None
    business_scope: str | None
    capital: Capital | None
    legal_representative_masked: str | None = Field(examples=["王*明"])
    received_time: str | None = Field(examples=[TIME_EXAMPLE])
    due_date: str | None
    due_date_flag: str | None = Field(
        description="CALENDAR_NOT_LOADED: the due date follows when that year's calendar is here"
    )
    extended: bool
    gaps: list[Gap]
    refusal_reasons: list[RefusalReason]
    entity_id: str | None
    uscc: str | None
    decided_time: str | None
    timeline: list[TimelineEntry]
    duplicate_entity_ids: list[str] = Field(
        description="entities that it resembles now, for registrars; `/duplicates` compares them side by side"
    )
    materials: list[MaterialShown] = Field(
        description="the files handed in, by their digests; none for one that went back"
    )
    investors: list[InvestorShown] = Field(description="who puts in what")
    extension_approved_by: str | None = Field(description="pseudonym of the head who approved the extension")


class ApplicationPage(Told):
    applications: list[Application]
    next_page_token: str | None


class DecisionRequest(Asked):
    decision: Literal["REGISTER", "REFUSE"]
    reasons: list[RefusalReasonGiven] = Field(default_factory=list, max_length=20, description="at least one to refuse")
    duplicates_reviewed: bool = Field(
        False, examples=[True],
        description="you have compared it with what it resembles (`/duplicates`) and say that it is another business; "
        "needed to register what resembles something (DUPLICATES_NOT_REVIEWED); kept on the timeline with your name",
    )  # fmt: skip
    expected_version: ExpectedVersion = None


class FieldComparison(Told):
    """What both state in one field."""

    field: str = Field(examples=["address"])
    of_application: str | None
    of_other: str | None
    same: bool = Field(
        description="after spelling is levelled; of persons: the same identity number, which is not shown"
    )


class DuplicatePair(Told):
    """The application beside one that it resembles."""

    entity_id: str = Field(description="of the entity; of an application that is under review too, its application_id")
    reasons: list[str] = Field(
        description="SAME_NAME, SIMILAR_NAME, SAME_TRADE_NAME_AND_ADDRESS, SAME_PERSON_AND_ADDRESS, "
        "SAME_PERSON_AND_TRADE_NAME"
    )
    fields: list[FieldComparison]


class Comparison(Told):
    """All that the application resembles."""

    pairs: list[DuplicatePair]


class ExtensionRequest(Asked):
    approved_by: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",
        examples=["head-7"],
        description="pseudonym of the head who approved it in writing",
    )
    expected_version: ExpectedVersion = None


class WithdrawalRequest(Asked):
    expected_version: ExpectedVersion = None


class WorkItem(Told):
    application_id: str
    division_code: str
    due_date: str | None
    opened_time: str | None
    open: bool


class WorkItemPage(Told):
    work_items: list[WorkItem]
    next_page_token: str | None


class EntityDuty(Told):
    code: str = Field(examples=["SHORTEN_PAID_IN_TERM"])
    due_date: str = Field(description="last day to do it", examples=["2027-06-30"])
    latest_date: str = Field(description="last day that the new term may have", examples=["2032-06-30"])
    source: str = Field(description="the article")


class Entity(Told):
    entity_id: str
    uscc: str
    state: EntityState
    version: int
    entity_type: EntityType
    name: str
    division_code: str
    domicile: Domicile | None
    business_scope: str | None
    capital: Capital | None
    founding_date: str | None
    legal_representative_masked: str | None
    application_id: str | None
    licence_certificate_id: str | None = Field(description="the business licence, once issued")
    licence_identifier: str | None
    imported: bool
    state_reason_code: str | None = Field(description="why it is in its state; null while it is as registered")
    state_date: str | None = Field(description="since when")
    flags: list[str] = Field(description="what stands beside the state, e.g. ABNORMAL_LIST")
    shown_name: str | None = Field(description="the name, or the code while the name is withdrawn (名称规定 art. 23)")
    timeline: list[TimelineEntry] = Field(description="empty in lists")
    last_report_year: int = Field(description="year of the last annual report; 0: none", examples=[2025])
    above_size: str | None = Field(description="class above designated size 四上; null: below", examples=["INDUSTRY"])
    from_division_code: str | None = Field(description="division that it moved in from")
    duties: list[EntityDuty] = Field(description="what a changed law wants it to do yet")


class EntityStateChange(Asked):
    """吊销 (the licence, as a penalty), 撤销 (the registration), 注销 (the entity ends)."""

    state: Literal["LICENCE_REVOKED", "REGISTRATION_REVOKED", "CANCELLED"] = Field(examples=["LICENCE_REVOKED"])
    reason_code: str = Field(pattern=r"^[A-Z0-9_]{1,60}$", examples=["FALSE_REGISTRATION"])
    expected_version: ExpectedVersion = None


class EntityPage(Told):
    entities: list[Entity]
    next_page_token: str | None


class RegisterMonth(Told):
    month: str = Field(examples=["2024-03"])
    set_up: int
    taken_over: int = Field(description="from an older register")
    restored: int = Field(description="the revocation of the registration was undone")
    cancelled: int
    registration_revoked: int
    moved_out: int
    stock: int = Field(description="entities at the end of the month")
    moved_in: int = Field(description="from another registrar")


class RegisterStatistics(Told):
    months: list[RegisterMonth]
    above_size: int = Field(description="firms above designated size 四上 now")


class RowVerdict(Told):
    row_number: int = Field(description="from 1, without the header row")
    verdict: Literal["IMPORTED", "UNCHANGED", "REFUSED"]
    entity_id: str | None
    violations: list[ProblemField]
    duplicate_entity_ids: list[str] = Field(description="entities that it resembles; it was taken over all the same")


class ImportResult(Told):
    imported: int
    unchanged: int
    refused: int
    verdicts: list[RowVerdict] = Field(
        description="refused rows; with `verdicts=resembling` those too that resemble an entity; all rows with `verdicts=all`"
    )
