"""Persons as they come in: in bodies only, never in an address, an answer or a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, model_validator
from tongban.registration.v1 import messages_pb2 as pb

from gateway.models import USCC_PATTERN, Asked, Told
from gateway.routes.registration.models import Entity
from gateway.routes.registration.submission import MAX_FEN

IdType = Literal["RESIDENT_ID", "RESIDENCE_PERMIT", "PERMANENT_RESIDENT", "PASSPORT"]


class CasePerson(Asked):
    """A natural person in a case. Never shown again: a case shows the mask at most."""

    name: str = Field("", max_length=100, examples=["李小红"])
    id_type: IdType = Field(examples=["RESIDENT_ID"])
    id_number: str = Field(min_length=1, max_length=40, examples=["32041119880307003X"])
    phone: str = Field("", max_length=20, examples=["13800000001"])
    identity_check: Literal["", "FACE", "IN_PERSON", "NOTARISED"] = Field(
        "", description="how the identity was checked (实施细则 art. 16); empty: not yet", examples=["FACE"]
    )


class CaseInvestor(Asked):
    """Who holds shares: a person, or an organisation by its code."""

    person: CasePerson | None = None
    uscc: str | None = Field(None, pattern=USCC_PATTERN, examples=["91320411MAXX00023F"])
    amount_fen: int = Field(ge=0, le=MAX_FEN, description="in 1/100 of the currency unit", examples=[50000000])

    @model_validator(mode="after")
    def _one_holder(self) -> CaseInvestor:
        if (self.person is None) == (self.uscc is None):
            raise ValueError("an investor is a person or an organisation")
        return self


class PersonQuery(Asked):
    """Whose entities are asked for, and why. The number is found by its keyed hash and kept nowhere."""

    id_type: IdType = Field(examples=["RESIDENT_ID"])
    id_number: str = Field(min_length=1, max_length=40, examples=["32041119880307003X"])
    purpose: str = Field(
        pattern=r"^[A-Z0-9_]{1,60}$", description="kept with the question for three years", examples=["CHECK_OF_BAR"]
    )
    page_size: int = Field(50, ge=1, le=200, description="items of a page")
    page_token: str = Field("", max_length=1024, description="`next_page_token` of the last answer to this question")


class EntitiesOfPerson(Told):
    """A page of the entities of which the person is legal representative, operator or investor."""

    entities: list[Entity]
    next_page_token: str | None
    barred_until: str | None = Field(
        description="last day on which the person may register nothing (条例 art. 40); null: not barred",
        examples=["2028-03-03"],
    )


def person_message(person: CasePerson | None) -> Any:
    """The contract's Person, or None."""
    return pb.Person(**person.model_dump()) if person is not None else None


def investor_messages(investors: Sequence[CaseInvestor]) -> list[Any]:
    """The contract's Investors."""
    return [
        pb.Investor(person=person_message(one.person), amount_fen=one.amount_fen)
        if one.person is not None
        else pb.Investor(uscc=one.uscc or "", amount_fen=one.amount_fen)
        for one in investors
    ]
