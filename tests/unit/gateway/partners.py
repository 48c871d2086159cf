"""The partners of the gateway in these tests: an issuer with real ES256 keys over HTTP, and the services over gRPC with the
real messages and the real checks of the contract. What they say is fixed; what they heard is kept."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import uvicorn
from fastapi import FastAPI
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from joserfc import jwt
from joserfc.jwk import ECKey
from tongban.certificates.v1 import messages_pb2 as cpb
from tongban.certificates.v1 import service_pb2 as crpc
from tongban.certificates.v1 import service_pb2_grpc as cgrpc
from tongban.common.v1 import failure_pb2
from tongban.handoff.v1 import service_pb2 as orpc
from tongban.handoff.v1 import service_pb2_grpc as ogrpc
from tongban.hotline.v1 import service_pb2 as hrpc
from tongban.hotline.v1 import service_pb2_grpc as hgrpc
from tongban.permits.v1 import service_pb2 as prpc
from tongban.permits.v1 import service_pb2_grpc as pgrpc
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc
from tongban.registration.v1 import service_pb2_grpc as rgrpc

from gateway.auth import SCOPES
from gateway.config import AUDIENCE
from gateway.server import protocol_class
from shared.failures import Aborted, Failure, NotFound
from shared.grpc_server import OPTIONS, ChecksInterceptor
from tests.unit.gateway.made_up import made_up, made_up_servicer

DIVISION = "320411"
UNIT = "320411-market"
IDENTIFIER = "1.2.156.3005.2.11320411999900011N001.11320411999900011N.000000001.001.X"


class Issuer:
    """Publishes keys, signs tokens."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig", "alg": "ES256"})
        self.published = [self.key]
        self.fetches = 0
        self.broken = False
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.fetches += 1
                found = self.path == "/.well-known/jwks.json" and not issuer.broken
                body = json.dumps({"keys": [key.as_dict(private=False) for key in issuer.published]}).encode()
                self.send_response(200 if found else 503)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def token(self, scope: str = " ".join(SCOPES), key: ECKey | None = None, typ: str = "at+jwt", **claims: Any) -> str:
        """A token; a claim given as None is left out."""
        now, key = int(time.time()), key or self.key
        content = {
            "iss": self.url, "aud": AUDIENCE, "sub": "applicant", "client_id": "applicant", "iat": now, "exp": now + 600,
            "jti": "t1", "scope": scope, "division": DIVISION,
            "unit": UNIT,
        } | claims  # fmt: skip
        content = {name: value for name, value in content.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": typ}, content, key, algorithms=["ES256"])

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _reserved(reservation_id: str) -> Any:
    name = pb.NameParts(full_name="常州云帆机械有限公司", trade_name="云帆", trade="机械")
    return rpc.ReservedName(reservation_id=reservation_id, name=name, expiry_date="2026-07-04")


def sample_application(application_id: str = "app_1", version: int = 1, division_code: str = DIVISION) -> Any:
    application = pb.Application(
        application_id=application_id,
        state=pb.APPLICATION_STATE_UNDER_REVIEW,
        version=version,
        division_code=division_code,
        entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY,
        name=pb.NameParts(full_name="常州市新北区云帆软件有限公司", trade_name="云帆"),
        capital=pb.Capital(amount_fen=100_000_000, currency="CNY"),
        legal_representative_masked="王*明",
        due_date="2026-05-11",
        timeline=[pb.TimelineEntry(event_id="e1", type="ApplicationSubmitted", actor_id="applicant", data='{"a":"b"}')],
    )
    application.received_time.FromJsonString("2026-05-04T01:30:00Z")
    application.timeline[0].time.FromJsonString("2026-05-04T01:30:00Z")
    return application


def sample_entity(entity_id: str = "ent_1") -> Any:
    return pb.Entity(
        entity_id=entity_id, uscc="91320411MAXX00015L", state=pb.ENTITY_STATE_ACTIVE, version=2,
        entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY, name="常州市云帆软件有限公司", division_code=DIVISION,
        founding_date="2026-05-05",
    )  # fmt: skip


def sample_certificate(certificate_id: str = "crt_1") -> Any:
    certificate = cpb.Certificate(
        certificate_id=certificate_id, identifier=IDENTIFIER, state=cpb.CERTIFICATE_STATE_ISSUED,
        certificate_type="BUSINESS_LICENCE", type_name="营业执照", holder_name="常州市新北区云帆软件有限公司",
        holder_code="91320411MAXX00015L", holder_code_type="001", issuer_name="常州市新北区行政审批局",
        issue_date="2026-05-05", valid_from_date="2026-05-05", signed_content=b"{}", signature=b"\xff\x00", key_id="c1",
        qr_text=f"http://x/v/{IDENTIFIER}?h=1", version=1,
    )  # fmt: skip
    certificate.issued_time.FromJsonString("2026-05-05T01:30:00Z")
    return certificate


class FakeRegistration(type(made_up_servicer(rgrpc.RegistrationServiceServicer, rpc))):  # type: ignore[misc]
    """Answers fixed things; `heard` keeps the requests. Names that begin with 占 are taken, with 缺 incomplete."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.keys: dict[str, str] = {}
        case = made_up(rpc.GetEntityCaseResponse())
        case.entity_case.division_code = DIVISION
        self.answers: dict[str, Any] = {"GetEntityCase": case}
        self.delay = 0.0
        self.import_failure: Failure | None = None

    def CheckName(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        violation = failure_pb2.FieldViolation(field="name", description="too short", reason="NAME_TOO_SHORT")
        return rpc.CheckNameResponse(parts=pb.NameParts(full_name=request.name), violations=[violation])

    def ReserveName(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return rpc.ReserveNameResponse(
            reservation_id="nam_1", name=pb.NameParts(full_name=request.name), expiry_date="2026-07-04"
        )

    def SubmitApplications(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        time.sleep(self.delay)
        return rpc.SubmitApplicationsResponse(outcomes=[self._outcome(s) for s in request.submissions])

    def _outcome(self, submission: Any) -> Any:
        name, key = submission.application.name, f"{submission.context.client_id}|{submission.context.idempotency_key}"
        if name.startswith("占"):
            violation = failure_pb2.FieldViolation(field="name", description="held", reason="NAME_TAKEN")
            return rpc.SubmissionOutcome(
                failure=failure_pb2.ItemFailure(
                    code="ALREADY_EXISTS", reason="NAME_TAKEN", message="the name is held", violations=[violation]
                )
            )
        replayed = key in self.keys
        application_id = self.keys.setdefault(key, f"app_{len(self.keys) + 1}")
        returned = name.startswith("缺")
        gap = pb.Gap(field="materials", reason="MATERIAL_MISSING", description="bring the articles", source="art. 16")
        return rpc.SubmissionOutcome(
            receipt=rpc.SubmissionReceipt(
                application_id=application_id,
                state=pb.APPLICATION_STATE_RETURNED if returned else pb.APPLICATION_STATE_UNDER_REVIEW,
                version=1,
                name=pb.NameParts(full_name=name),
                received_time="2026-05-04T01:30:00+00:00",
                due_date="" if returned else "2026-05-11",
                gaps=[gap] if returned else [],
                replayed=replayed,
            )
        )

    def GetApplication(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        if request.application_id == "app_none":
            raise NotFound("no such application", reason="APPLICATION_NOT_FOUND")
        if request.application_id == "app_broken":
            raise RuntimeError("secret detail of mongodb://user@host")
        division_code = "440305" if request.application_id == "app_elsewhere" else DIVISION
        return rpc.GetApplicationResponse(application=sample_application(request.application_id, 3, division_code))

    def ListReservationsOf(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return rpc.ListReservationsOfResponse(reservations=[_reserved("nam_1")])

    def GiveUpName(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return rpc.GiveUpNameResponse(reservation=_reserved(request.reservation_id), replayed=True)

    def ListApplicationsOf(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return rpc.ListApplicationsOfResponse(applications=[sample_application("app_1", 3)], next_page_token="more")

    def DecideApplication(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        if request.expected_version != 3:
            raise Aborted("the application has changed", reason="STALE_VERSION")
        return rpc.DecideApplicationResponse(application=sample_application(request.application_id, 4), replayed=True)

    def ExtendReview(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return rpc.ExtendReviewResponse(application=sample_application(request.application_id, 4))

    def ListWorkItems(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        item = pb.WorkItem(
            application_id="app_1", division_code=request.division_code, due_date="2026-05-11", open=True
        )
        item.opened_time.FromJsonString("2026-05-04T01:30:00Z")
        return rpc.ListWorkItemsResponse(work_items=[item])

    def GetEntity(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return rpc.GetEntityResponse(entity=sample_entity(request.entity_id or "ent_1"))

    def ChangeEntityState(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        if request.expected_version != 2:
            raise Aborted("the entity has changed", reason="STALE_VERSION")
        entity = sample_entity(request.entity_id)
        entity.state, entity.version, entity.state_reason_code = request.state, 3, request.reason_code
        entity.state_date = "2026-11-25"
        return rpc.ChangeEntityStateResponse(entity=entity, replayed=True)

    def ListEntities(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return rpc.ListEntitiesResponse(entities=[sample_entity()], next_page_token="bmV4dA==")

    def ImportEntities(self, requests: Iterator[Any], context: Any) -> Any:
        # a call that an earlier test broke off may still run: what it hears is not of the present test
        verdicts, heard = [], self.heard
        for request in requests:
            heard.append(request)
            if self.import_failure:
                raise self.import_failure
            for row in request.rows:
                bad = row.name == ""
                violation = failure_pb2.FieldViolation(field="name", description="is missing", reason="NAME_MISSING")
                verdicts.append(
                    rpc.RowVerdict(
                        row_number=row.row_number,
                        verdict=rpc.IMPORT_VERDICT_REFUSED if bad else rpc.IMPORT_VERDICT_IMPORTED,
                        entity_id="" if bad else f"ent_{row.row_number}",
                        violations=[violation] if bad else [],
                        duplicate_entity_ids=["ent_alike"] if row.name.startswith("像") else [],
                    )
                )
        refused = sum(v.verdict == rpc.IMPORT_VERDICT_REFUSED for v in verdicts)
        return rpc.ImportEntitiesResponse(verdicts=verdicts, imported=len(verdicts) - refused, refused=refused)


class FakeCertificates(cgrpc.CertificateServiceServicer):
    """Answers fixed things; `verdict` is what VerifyCertificate says."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.verdict: Callable[[], Any] = verdict_in_force

    def GetCertificate(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return crpc.GetCertificateResponse(certificate=sample_certificate(request.certificate_id))

    def ListCertificates(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return crpc.ListCertificatesResponse(certificates=[sample_certificate()])

    def GetCertificateFile(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return crpc.GetCertificateFileResponse(content=b"%PDF-1.7", media_type="text/html", file_name="营业执照.pdf")

    def VerifyCertificate(self, request: Any, context: Any) -> Any:
        self.heard.append(request)
        return crpc.VerifyCertificateResponse(verdict=self.verdict())

    def ListKeys(self, request: Any, context: Any) -> Any:
        return crpc.ListKeysResponse(jwks='{"keys":[]}')


def verdict_in_force() -> Any:
    passed = ("IDENTIFIER", "RECORD", "QR_SIGNATURE", "KEY", "STATE", "VALIDITY")
    parts = [cpb.VerdictPart(part=part, result=cpb.PART_RESULT_PASSED) for part in passed]
    parts.append(
        cpb.VerdictPart(part="FILE_HASH", result=cpb.PART_RESULT_NOT_CHECKED, reason="NO_FILE", detail="未出示文件")
    )
    verdict = cpb.Verdict(
        conclusion=cpb.CONCLUSION_IN_FORCE, parts=parts, identifier=IDENTIFIER, state=cpb.CERTIFICATE_STATE_ISSUED,
        certificate=sample_certificate(),
    )  # fmt: skip
    verdict.checked_time.FromJsonString("2026-05-06T01:30:00Z")
    return verdict


class Platform:
    """Issuer and services in this process; `addresses` go to the gateway's environment."""

    def __init__(self) -> None:
        self.issuer = Issuer()
        self.registration, self.certificates = FakeRegistration(), FakeCertificates()
        self.permits = made_up_servicer(pgrpc.PermitServiceServicer, prpc)
        self.hotline = made_up_servicer(hgrpc.HotlineServiceServicer, hrpc)
        self.handoff = made_up_servicer(ogrpc.HandoffServiceServicer, orpc)
        self.health = health.HealthServicer()
        self._server = grpc.server(futures.ThreadPoolExecutor(8), interceptors=[ChecksInterceptor()], options=OPTIONS)
        rgrpc.add_RegistrationServiceServicer_to_server(self.registration, self._server)
        cgrpc.add_CertificateServiceServicer_to_server(self.certificates, self._server)
        pgrpc.add_PermitServiceServicer_to_server(self.permits, self._server)
        hgrpc.add_HotlineServiceServicer_to_server(self.hotline, self._server)
        ogrpc.add_HandoffServiceServicer_to_server(self.handoff, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self.health, self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        self.serving(True)
        self.environment = {
            "TONGBAN_REGISTRATION_ADDRESS": f"127.0.0.1:{port}",
            "TONGBAN_CERTIFICATES_ADDRESS": f"127.0.0.1:{port}",
            "TONGBAN_PERMITS_ADDRESS": f"127.0.0.1:{port}",
            "TONGBAN_HOTLINE_ADDRESS": f"127.0.0.1:{port}",
            "TONGBAN_HANDOFF_ADDRESS": f"127.0.0.1:{port}",
        }

    def serving(self, serving: bool) -> None:
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        self.health.set("", status)

    def forget(self) -> None:
        """Back to the beginning."""
        self.registration.heard, self.certificates.heard, self.permits.heard = [], [], []
        self.hotline.heard = []
        self.handoff.heard = []
        self.handoff.answers, self.hotline.answers = {}, {}
        self.registration.keys.clear()
        self.registration.delay, self.registration.import_failure = 0.0, None
        self.certificates.verdict = verdict_in_force
        self.serving(True)

    def stop(self) -> None:
        self._server.stop(0)
        self.issuer.stop()


@contextmanager
def serving(app: FastAPI, header_seconds: float = 10.0, connections: int = 4000) -> Iterator[str]:
    """The application on a real port, served as in production."""
    config = uvicorn.Config(
        app, port=0, loop="uvloop", http=protocol_class(header_seconds, connections), ws="none", lifespan="on",
        log_config=None, access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the gateway did not start"
        assert time.monotonic() < deadline, "the gateway did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
