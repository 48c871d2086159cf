"""Conditions of items that the applicant's own facts decide before any fee or step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shared.failures import FailedPrecondition, InvalidArgument, Violation

# metres from the nearest school: "within 200 m" is read as less than 200 (互联网上网服务营业场所管理条例 art. 9)
SCHOOL_DISTANCE_M = 200
# goods that the city decides about, not the district (危险化学品安全管理条例 art. 35)
CITY_GOODS = frozenset({"HIGHLY_TOXIC", "EXPLOSIVE_PRECURSOR"})


class ConditionNotMet(FailedPrecondition):
    """A condition of the law is not met, so nothing is begun; the message names the article."""


def check_conditions(conditions: tuple[str, ...], facts: Mapping[str, str]) -> None:
    """Raise ConditionNotMet for the first condition that the facts break; InvalidArgument for a fact that is missing."""
    for name in conditions:
        CONDITIONS[name](facts)


def _school_distance(facts: Mapping[str, str]) -> None:
    text = _fact(facts, "school_distance_m")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise _invalid("facts.school_distance_m", "is a whole number of metres", "FACT_NUMBER")
    if int(text) < SCHOOL_DISTANCE_M:
        raise ConditionNotMet(
            "an internet café must not lie within 200 m of a school (互联网上网服务营业场所管理条例 art. 9)",
            reason="TOO_CLOSE_TO_A_SCHOOL", metadata={"field": "facts.school_distance_m"},
        )  # fmt: skip


def _not_residential(facts: Mapping[str, str]) -> None:
    if _fact(facts, "building_use") == "RESIDENTIAL":
        raise ConditionNotMet(
            "an internet café must not be in a residential building (互联网上网服务营业场所管理条例 art. 9)",
            reason="RESIDENTIAL_BUILDING", metadata={"field": "facts.building_use"},
        )  # fmt: skip


def _district_competence(facts: Mapping[str, str]) -> None:
    if _fact(facts, "goods_class") in CITY_GOODS or _fact(facts, "with_storage") == "YES":
        raise ConditionNotMet(
            "the city decides about these goods and about storage (危险化学品安全管理条例 art. 35)",
            reason="CITY_IS_COMPETENT", metadata={"competent": "city emergency-management bureau"},
        )  # fmt: skip


CONDITIONS: dict[str, Callable[[Mapping[str, str]], None]] = {
    "school_distance": _school_distance,
    "not_residential": _not_residential,
    "district_competence": _district_competence,
}


def _fact(facts: Mapping[str, str], name: str) -> str:
    value = facts.get(name, "").strip()
    if not value:
        raise _invalid(f"facts.{name}", "must be said: a condition of the law depends on it", "FACT_MISSING")
    return value


def _invalid(field: str, description: str, reason: str) -> InvalidArgument:
    return InvalidArgument(description, reason=reason, violations=(Violation(field, description, reason),))
