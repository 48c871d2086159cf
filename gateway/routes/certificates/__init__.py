"""Routes of certificates (`protos/tongban/certificates/v1/service.proto`)."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from tongban.certificates.v1 import service_pb2 as rpc
from tongban.common.v1.paging_pb2 import PageRequest

from gateway.auth import Client, requires
from gateway.clients import FILE_SECONDS
from gateway.context import parts_of
from gateway.messages import answer, enum_values
from gateway.models import ID_PATTERN, PageSize, PageToken, next_link
from gateway.openapi import verify_body
from gateway.routes.certificates.models import (
    FILE_CONTENT,
    IDENTIFIER_EXAMPLE,
    Certificate,
    CertificatePage,
    KeySet,
    Verdict,
    VerifyRequest,
)
from gateway.routes.certificates.verification import judge, shown_in
from gateway.routing import GatewayRoute
from shared.failures import Unavailable

router = APIRouter(prefix="/v1/certificates", tags=["certificates"], route_class=GatewayRoute)
FORMATS = enum_values(rpc.FileFormat, "FILE_FORMAT_")
MEDIA_TYPES = {"pdf": "application/pdf", "json": "application/json", "png": "image/png"}
CertificateId = Annotated[str, Path(pattern=ID_PATTERN, examples=["cert_01KA3N6Q0V8T3J5M9W2XYZABCD"])]


@router.post(
    "/verify",
    summary="Verify a certificate",
    response_model=Verdict,
    openapi_extra={"requestBody": verify_body(VerifyRequest, {"identifier": IDENTIFIER_EXAMPLE})},
)
async def verify_certificate(
    request: Request,
    expected_holder_code: Annotated[
        str,
        Query(max_length=18, description="holder that you expect; for a PDF as body", examples=["91320411MAXX00015L"]),
    ] = "",
) -> Response:
    """Judges what is shown, in parts, against the state now. Needs no token and changes nothing.

    Show an identifier or the text of a QR code as JSON, a PDF as the body, or any certificate file (PDF, JSON) as `file` of
    a form. What is false is not an error: the verdict says so.
    """
    shown, expected = await shown_in(request)
    return answer(await judge(request, shown, expected or expected_holder_code))


@router.get("/keys", summary="Public keys of certificates", response_model=KeySet)
async def list_keys(request: Request) -> Response:
    """JWK set, for checking certificates without the platform. May be kept for 5 minutes."""
    services = parts_of(request).services
    found = await services.query(services.certificates.ListKeys, rpc.ListKeysRequest())
    content = found.jwks.encode()
    if not content:
        raise Unavailable("the keys are not there yet", reason="KEYS_NOT_FETCHED")
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


@router.get("", summary="Certificates of a holder", response_model=CertificatePage)
async def list_certificates(
    request: Request,
    holder_code: Annotated[
        str, Query(min_length=1, max_length=18, pattern=r"^[0-9A-Z]+$", examples=["91320411MAXX00015L"])
    ],
    client: Annotated[Client, requires("certificates:read")],
    page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:
    """Newest last, in pages."""
    services = parts_of(request).services
    found = await services.query(
        services.certificates.ListCertificates,
        rpc.ListCertificatesRequest(
            holder_code=holder_code, page=PageRequest(page_size=page_size, page_token=page_token)
        ),
    )
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get("/{certificate_id}", summary="Read a certificate", response_model=Certificate)
async def get_certificate(
    request: Request, certificate_id: CertificateId, client: Annotated[Client, requires("certificates:read")]
) -> Response:
    """Metadata and signature, with the state now."""
    services = parts_of(request).services
    query = rpc.GetCertificateRequest(certificate_id=certificate_id)
    certificate = (await services.query(services.certificates.GetCertificate, query)).certificate
    return answer(certificate, headers={"ETag": f'"{certificate.version}"'})


@router.get(
    "/{certificate_id}/file",
    summary="Fetch a certificate as a file",
    response_class=Response,
    responses={200: {"content": FILE_CONTENT}},
)
async def get_certificate_file(
    request: Request,
    certificate_id: CertificateId,
    client: Annotated[Client, requires("certificates:read")],
    format: Annotated[Literal["pdf", "json", "png"], Query(examples=["png"])] = "pdf",
) -> Response:
    """The PDF as issued, the JSON that carries the signature, or a picture."""
    services = parts_of(request).services
    query = rpc.GetCertificateFileRequest(certificate_id=certificate_id, format=FORMATS[format.upper()])
    found = await services.query(services.certificates.GetCertificateFile, query, FILE_SECONDS)
    name = quote(found.file_name or f"{certificate_id}.{format}", safe="")
    headers = {"Content-Disposition": f"attachment; filename=\"certificate.{format}\"; filename*=UTF-8''{name}"}
    return Response(found.content, headers=headers, media_type=MEDIA_TYPES[format])
