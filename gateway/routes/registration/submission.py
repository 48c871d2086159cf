"""A set-up application as it comes in: shape, limits and their description, and the message made of it.

msgspec instead of pydantic, because applications come by the thousand (gateway/README.md has the figures). All fields may
be missing: what an application lacks is told by the service in one notice, not field by field here. Limits are those of
the contract (`SetUpApplication` in registration/v1/messages.proto), which a test compares.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from tongban.registration.v1 import messages_pb2 as pb

from gateway.errors import renamed
from gateway.messages import enum_values
from shared import strict_json
from shared.failures import InvalidArgument, Violation

ENTITY_TYPES = enum_values(pb.EntityType, "ENTITY_TYPE_")
MAX_FEN = 2**53 - 1
ID_TYPES_TOLD = (
    "RESIDENT_ID, RESIDENCE_PERMIT (港澳台居民居住证), PERMANENT_RESIDENT (外国人永久居留身份证) or PASSPORT"
)

EntityType = Literal[
    "LIMITED_COMPANY", "JOINT_STOCK_COMPANY", "STATE_OWNED", "COLLECTIVE", "JOINT_ENTERPRISE", "SOLE_PROPRIETORSHIP",
    "GENERAL_PARTNERSHIP", "LIMITED_PARTNERSHIP", "COOPERATIVE", "SOLE_TRADER", "BRANCH",
]  # fmt: skip
Division = Annotated[str, Meta(max_length=6, description="six digits, GB/T 2260", examples=["320411"])]
Fen = Annotated[int, Meta(ge=0, le=MAX_FEN, description="in fen (1/100 of the currency unit)", examples=[100000000])]


class PersonGiven(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A natural person. Stored sealed, shown masked, never logged."""

    name: Annotated[str, Meta(max_length=100, examples=["王小明"])] = ""
    id_type: Annotated[str, Meta(max_length=20, description=ID_TYPES_TOLD, examples=["RESIDENT_ID"])] = ""
    id_number: Annotated[str, Meta(max_length=40, examples=["32041119900307001X"])] = ""
    phone: Annotated[str, Meta(max_length=20, examples=["13800000000"])] = ""
    identity_check: Annotated[
        str, Meta(max_length=20, description="FACE, IN_PERSON or NOTARISED; empty: not yet", examples=["FACE"])
    ] = ""


class DomicileGiven(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Registered seat."""

    division_code: Division = ""
    address: Annotated[str, Meta(max_length=300, examples=["常州市新北区通江路88号"])] = ""


class CapitalGiven(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Registered capital."""

    amount_fen: Fen = 0
    currency: Annotated[str, Meta(max_length=3, description="ISO 4217; empty means CNY", examples=["CNY"])] = ""
    paid_in_due_date: Annotated[
        str, Meta(max_length=10, description="day by which it is paid in (公司法 art. 47)", examples=["2030-12-31"])
    ] = ""


class InvestorGiven(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A person, or an organisation by its code; not both."""

    person: PersonGiven | msgspec.UnsetType = msgspec.UNSET
    uscc: str = ""
    amount_fen: Fen = 0

    def __post_init__(self) -> None:
        if self.person is not msgspec.UNSET and self.uscc:
            raise ValueError("an investor is a person or an organisation, not both")


class MaterialGiven(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A document handed in, by its digest."""

    type_code: Annotated[str, Meta(max_length=60, examples=["ARTICLES_OF_ASSOCIATION"])] = ""
    sha256: Annotated[
        # without the look-ahead, `$` would let a line end pass that the contract refuses
        str, Meta(pattern=r"^([0-9a-f]{64})?(?!\n)$", description="digest of the file, hex", examples=["0" * 64])
    ] = ""


class SetUpApplication(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What an applicant asks for (设立登记)."""

    division_code: Division = ""
    entity_type: EntityType | Literal[""] = ""
    name: Annotated[
        str, Meta(max_length=120, description="declared name, or …", examples=["常州市新北区云帆软件有限公司"])
    ] = ""
    name_reservation_id: Annotated[str, Meta(max_length=64, description="… the reservation that holds it")] = ""
    domicile: DomicileGiven | msgspec.UnsetType = msgspec.UNSET
    business_scope: Annotated[str, Meta(max_length=4000, examples=["软件开发；软件销售"])] = ""
    capital: CapitalGiven | msgspec.UnsetType = msgspec.UNSET
    legal_representative: PersonGiven | msgspec.UnsetType = msgspec.UNSET
    investors: Annotated[list[InvestorGiven], Meta(max_length=200)] = []
    materials: Annotated[list[MaterialGiven], Meta(max_length=100)] = []


_PERSON = {
    "name": "王小明", "id_type": "RESIDENT_ID", "id_number": "32041119900307001X", "phone": "13800000000",
    "identity_check": "FACE",
}  # fmt: skip
EXAMPLE: dict[str, Any] = {
    "division_code": "320411",
    "entity_type": "LIMITED_COMPANY",
    "name": "常州市新北区云帆软件有限公司",
    "domicile": {"division_code": "320411", "address": "常州市新北区通江路88号"},
    "business_scope": "软件开发；软件销售",
    "capital": {"amount_fen": 100000000, "currency": "CNY", "paid_in_due_date": "2030-12-31"},
    "legal_representative": _PERSON,
    "investors": [{"person": _PERSON, "amount_fen": 100000000}],
    # all that a limited company brings (条例 art. 16, 实施细则 arts. 25, 26), so that it is under review as it stands here
    "materials": [
        {"type_code": type_code, "sha256": "9f86d081884c7d659a2feaa0c55ad015" * 2}
        for type_code in (
            "APPLICATION_FORM",
            "IDENTITY_PROOF",
            "DOMICILE_PROOF",
            "ARTICLES_OF_ASSOCIATION",
            "APPOINTMENT_DOCUMENTS",
        )
    ],
}


_decoder, _encoder = msgspec.json.Decoder(SetUpApplication), msgspec.json.Encoder()


def read_inner_application(given: dict[str, object], field: str) -> dict[str, Any]:
    """The same of an application that stands in a larger body as `field`, which its violations name first."""
    try:
        return read_application(_encoder.encode(given))
    except InvalidArgument as failure:
        # "body": the application itself is at fault
        raise renamed(failure, lambda name: field if name == "body" else f"{field}.{name}") from None


def read_application(body: bytes) -> dict[str, Any]:
    """Fields of a `SetUpApplication` message, from the body of a request.

    Raises MalformedJson, or InvalidArgument (INVALID_FIELD) naming the field.
    """
    application = _read_fast(body)
    if application is None:
        try:
            application = msgspec.convert(strict_json.loads(body), SetUpApplication)
        except msgspec.ValidationError as error:
            raise _invalid(str(error)) from None
    # valid content has the shape of the message: only the enum is written differently
    fields: dict[str, Any] = msgspec.to_builtins(application)
    if "entity_type" in fields:
        fields["entity_type"] = ENTITY_TYPES[fields["entity_type"]]
    return fields


def _read_fast(body: bytes) -> SetUpApplication | None:
    """The same in a third of the time, or None when the strict way must look.

    msgspec takes the last of two equal keys. Written again without defaults, the content has as many quotes as the body only
    if no key stood there twice (and nothing was escaped); that proves it without a second parse.
    """
    if b"\\" in body:
        return None
    try:
        application = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return application if _encoder.encode(application).count(b'"') == body.count(b'"') else None


_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_NAMED = re.compile(r"Object (?:contains unknown|missing required) field `(?P<field>[^`]*)`")


def _invalid(text: str) -> InvalidArgument:
    """msgspec's sentence taken apart: `Expected `int`, got `str` - at `$.capital.amount_fen``."""
    match = _WHERE.match(text)
    what, path = (match["what"], match["path"] or "$") if match else (text, "$")
    path, reason = path.removeprefix("$").removeprefix("."), "FIELD_RULE"
    unknown = _NAMED.match(what)
    if unknown:
        reason, field = "FIELD_UNKNOWN", unknown["field"][:60]
        path, what = f"{path}.{field}" if path else field, "there is no such field"
    elif "got `" in what:
        reason = "FIELD_TYPE"
    elif what.startswith("Invalid enum value"):
        reason = "FIELD_VALUE"
    what = what.replace("`", "")
    violation = Violation(path or "body", what, reason)
    return InvalidArgument(f"{violation.field}: {what}", reason="INVALID_FIELD", violations=(violation,))
