"""What comes in to permits, as the API's document shows it; what goes out is drawn from the contract (gateway.described)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field

from gateway.models import ID_PATTERN, USCC_PATTERN, Asked, ExpectedVersion
from gateway.routes.registration.submission import EXAMPLE

MaterialType = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$", examples=["premises_proof"])]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,60}$")]
ItemKey = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$", examples=["food_sales_permit"])]
HolderCode = Annotated[
    str, Field(pattern=USCC_PATTERN, description="unified social credit code", examples=["91320411MAXX00015L"])
]
CaseId = Annotated[str, Path(pattern=ID_PATTERN, examples=["pmc_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
FilingId = Annotated[str, Path(pattern=ID_PATTERN, examples=["fil_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
BundleId = Annotated[str, Path(pattern=ID_PATTERN, examples=["bun_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
PermitId = Annotated[str, Path(pattern=ID_PATTERN, examples=["per_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
MATERIALS_EXAMPLE = [
    "application_form", "premises_proof", "premises_layout", "equipment_list", "food_safety_staff",
]  # fmt: skip


class FormContent(Asked):
    """Who applies and where; kept sealed, shown to the deciding unit and on the certificate."""

    applicant_name: str = Field(min_length=1, max_length=120, examples=["常州市新北区云帆便利店"])
    premises: str = Field(min_length=1, max_length=300, examples=["常州市新北区通江路88号"])
    contact: str = Field("", max_length=120, examples=["138 0000 0000"])
    answers: dict[str, str] = Field(
        default_factory=dict, max_length=20, description="further answers of the form, printed on the certificate",
        examples=[{"经营项目": "预包装食品销售"}],
    )  # fmt: skip


class CaseGiven(Asked):
    """Materials for a permit."""

    item_key: ItemKey
    holder_code: HolderCode
    content: FormContent
    materials: list[MaterialType] = Field(default_factory=list, max_length=60, examples=[MATERIALS_EXAMPLE])
    facts: dict[str, str] = Field(
        default_factory=dict, max_length=40, description="facts that conditions of the law depend on",
        examples=[{"school_distance_m": "350"}],
    )  # fmt: skip
    committed: bool = Field(False, description="you commit in writing (告知承诺), where the item knows it")


class MaterialsGiven(Asked):
    materials: list[MaterialType] = Field(min_length=1, max_length=60, examples=[["equipment_list"]])


class ReasonGiven(Asked):
    code: Code = Field(examples=["PREMISES_NOT_FIT"])
    description: str = Field(min_length=1, max_length=500, examples=["经营场所不符合要求"])
    source: str = Field(min_length=1, max_length=200, description="the article", examples=["食品安全法 art. 33"])


class UnitStep(Asked):
    """One step of the unit with a case; exactly the fields of that step are given.

    REQUEST_MATERIALS (the one notice; `materials` beyond those found missing) · ACCEPT (`materials` promised in writing) ·
    DECLINE (`reasons`) · PAUSE (`reason`, `owner`, `working_days`) · RESUME (`reason`) · EXTEND (`reason`) · GRANT ·
    REFUSE (`reasons`) · DELIVER · CHECK_COMMITMENT (`holds`)
    """

    step: Literal[
        "REQUEST_MATERIALS", "ACCEPT", "DECLINE", "PAUSE", "RESUME", "EXTEND", "GRANT", "REFUSE", "DELIVER",
        "CHECK_COMMITMENT",
    ] = Field(examples=["GRANT"])  # fmt: skip
    materials: list[MaterialType] | None = Field(None, max_length=60)
    reasons: list[ReasonGiven] | None = Field(None, min_length=1, max_length=20)
    reason: Code | None = None
    owner: str | None = Field(None, min_length=1, max_length=60)
    working_days: int | None = Field(None, ge=1, le=120)
    holds: bool | None = None
    expected_version: ExpectedVersion = None


class PermitChange(Asked):
    state: Literal["IN_FORCE", "SUSPENDED", "REVOKED", "CANCELLED"] = Field(examples=["SUSPENDED"])
    reason_code: Code = Field(examples=["UNDER_INVESTIGATION"])


class FilingGiven(Asked):
    item_key: ItemKey = Field(examples=["prepacked_food_filing"])
    holder_code: HolderCode
    content: FormContent
    materials: list[MaterialType] = Field(
        default_factory=list, max_length=60, examples=[["application_form", "premises_proof"]]
    )
    event_date: str = Field(
        "",
        pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$",
        description="day of the completion acceptance, where the item asks",
    )
    project_id: str = Field("", max_length=64)
    subject_key: str = Field("", max_length=120, description="project + building + filing number")


class FilingAmendment(Asked):
    materials: list[MaterialType] = Field(min_length=1, max_length=60, examples=[["premises_proof"]])
    expected_version: ExpectedVersion = None


class FilingWithdrawal(Asked):
    expected_version: ExpectedVersion = None


ANSWERS_EXAMPLE = {
    "prepacked_only": "NO", "sells_tobacco": "YES", "sells_medical_devices": "NO", "has_sign": "YES",
    "public_gathering": "NO", "large_shop": "NO",
}  # fmt: skip


class BundlePlanAsked(Asked):
    bundle_type: ItemKey = Field(examples=["convenience_store"])
    answers: dict[str, str] = Field(max_length=40, examples=[ANSWERS_EXAMPLE])
    has_licence: bool = Field(False, description="the applicant is a registered entity already")


class BundleGiven(Asked):
    """One form for everything. Without `holder_code` the business licence comes first: give `licence_application`, with the
    fields of a set-up application (`POST /v1/registration/applications`)."""

    bundle_type: ItemKey = Field(examples=["convenience_store"])
    answers: dict[str, str] = Field(max_length=40, examples=[ANSWERS_EXAMPLE])
    holder_code: str | None = Field(None, pattern=USCC_PATTERN, examples=["91320411MAXX00015L"])
    content: FormContent
    materials: list[MaterialType] = Field(
        default_factory=list, max_length=60, examples=[[*MATERIALS_EXAMPLE, "sign_drawing"]]
    )
    licence_application: dict[str, object] | None = None
    commitments: list[ItemKey] = Field(
        default_factory=list, max_length=40,
        description="items for which you commit in writing (告知承诺), where the step's item knows it: `kind` COMMITMENT",
    )  # fmt: skip


class BundleCorrection(Asked):
    """The set-up application anew, whole, with what was missing (`POST /v1/registration/applications`)."""

    licence_application: dict[str, object] = Field(examples=[EXAMPLE])
    expected_version: ExpectedVersion = None


class BundleEnd(Asked):
    expected_version: ExpectedVersion = None


TRAITS_EXAMPLE = {
    "land_kind": "TRANSFER", "investor": "ENTERPRISE", "industry_code": "C", "eia_class": "REGISTRATION", "hazard": "NO",
    "area_m2": "1800", "height_m": "20",
}  # fmt: skip
ProjectId = Annotated[str, Path(pattern=ID_PATTERN, examples=["prj_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
Traits = Annotated[dict[str, str], Field(max_length=40, description="see `/project-traits`", examples=[TRAITS_EXAMPLE])]


class ProjectPlanAsked(Asked):
    traits: Traits


class ProjectGiven(Asked):
    """One form for the whole project; materials are handed in item by item."""

    traits: Traits
    holder_code: HolderCode
    content: FormContent


class ProjectItemsGiven(Asked):
    """Items whose materials are handed in together (并联), with one list of materials for all of them."""

    keys: list[ItemKey] = Field(min_length=1, max_length=40, examples=[["project_filing"]])
    materials: list[MaterialType] = Field(default_factory=list, max_length=60, examples=[["application_form"]])
    event_date: str = Field(
        "",
        pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$",
        description="day of the completion acceptance, for the completion filing",
    )


class ProjectStep(Asked):
    """One step of a unit with a project; exactly the fields of that step are given.

    PRE_REVIEW (`key`; `reason_codes` when it is not fit) · LAND_CONTRACT (`contract_date`) · LAND_FELL_THROUGH
    (`reason_code`)
    """

    step: Literal["PRE_REVIEW", "LAND_CONTRACT", "LAND_FELL_THROUGH"] = Field(examples=["LAND_CONTRACT"])
    key: ItemKey | None = Field(None)
    reason_codes: list[Code] | None = Field(None, max_length=20)
    contract_date: str | None = Field(None, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2025-10-20"])
    reason_code: Code | None = None
    expected_version: ExpectedVersion = None
