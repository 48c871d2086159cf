"""Shapes that several routes share. Answers are written from the contract's messages (gateway.messages); these classes
describe them in the API's document, and a test holds their fields against the messages."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.requests import Request

ID_PATTERN = r"^[A-Za-z0-9_.-]{1,64}$"
DIVISION_PATTERN = r"^[0-9]{6}$"
USCC_PATTERN = r"^[0-9A-Z]{18}$"

PageSize = Annotated[int, Query(ge=1, le=200, description="items of a page", examples=[50])]
PageToken = Annotated[
    str,
    Query(
        max_length=1024,
        description="`next_page_token` of the last answer; belongs to the same query",
        examples=["MjAyNi0wNS0xMnxhcHBfMDFLQTNO"],
    ),
]
ExpectedVersion = Annotated[
    int | None,
    Field(ge=1, le=2**31 - 1, description="version you have read, unless If-Match says it", examples=[1]),
]
DivisionCode = Annotated[str, Query(pattern=DIVISION_PATTERN, description="six digits, GB/T 2260", examples=["320411"])]


def _iso_day(text: Any) -> Any:
    """Only YYYY-MM-DD: pydantic alone also takes seconds since 1970 and instants of midnight for days."""
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("must be a day, e.g. 2026-05-04")
    return text


Day = Annotated[date, BeforeValidator(_iso_day)]


class Asked(BaseModel):
    """Base of what comes in: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """Base of what goes out. A field without a value is null, never left out."""


class Health(Told):
    status: str = Field(examples=["ok"])


class Ready(Told):
    reasons: dict[str, str] = Field(
        description="what stands against being ready, by part; empty when ready", examples=[{}]
    )


class ProblemField(Told):
    field: str = Field(description="path in the request", examples=["capital.amount_fen"])
    reason: str = Field(description="stable", examples=["FIELD_RULE"])
    detail: str = Field(description="what to mend", examples=["must be at least 0"])


class Problem(Told):
    """Problem details (RFC 9457). `code` and `type` are stable, texts are not."""

    type: str = Field(examples=["urn:tongban:problem:name-taken"])
    title: str = Field(examples=["It exists already"])
    status: int = Field(examples=[409])
    detail: str | None = Field(None, examples=["the name is held by another application"])
    instance: str | None = Field(
        None, description="trace id, for questions", examples=["4bf92f3577b34da6a3ce929d0e0e4736"]
    )
    code: str = Field(description="stable reason", examples=["NAME_TAKEN"])
    errors: list[ProblemField] | None = Field(None, description="fields at fault")
    current_version: str | None = Field(None, description="of what has changed meanwhile")
    expected_sequence: str | None = Field(None, description="message that the case waits for (SEQUENCE_GAP)")
    application_id: str | None = Field(
        None, description="your application that is open already (DUPLICATE_APPLICATION)"
    )
    entity_id: str | None = Field(None, description="entity that is kept here already")
    entity_ids: list[str] | None = Field(None, description="entities that it resembles (DUPLICATES_NOT_REVIEWED)")
    application_ids: list[str] | None = Field(None, description="applications under review that it resembles")
    competent_division_code: str | None = Field(
        None, description="division whose registrar is competent (NOT_COMPETENT)"
    )
    state: str | None = Field(None, description="state in which this is not possible")
    bars: list[str] | None = Field(None, description="everything that bars it; `code` names the first")
    route: str | None = Field(None, description="kind of case that stays open instead")
    years: list[str] | None = Field(None, description="years whose annual report is missing")
    # "from" is a word of the language
    from_: str | None = Field(None, alias="from", description="first day on which it is possible")
    until: str | None = Field(None, description="last day of what stands in the way, or that may be asked for")


class TimelineEntry(Told):
    """What happened, in order."""

    event_id: str
    type: str = Field(examples=["ApplicationSubmitted"])
    time: str = Field(description="RFC 3339", examples=["2026-05-04T09:30:00.000+08:00"])
    actor_id: str | None
    data: dict[str, Any] | None = Field(description="fields of the event: ids and codes, no personal data")


def next_link(request: Request, next_page_token: str) -> dict[str, str]:
    """Header `Link: …; rel="next"` when there is another page (RFC 8288); relative, so that it holds behind any proxy."""
    if not next_page_token:
        return {}
    url = request.url.include_query_params(page_token=next_page_token)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}
