"""What every request and answer has: ids, headers, log line, metrics; health; being overloaded; the keys of the issuer."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey
from prometheus_client import REGISTRY

from gateway.access_log import AccessLog
from gateway.app import create_app
from gateway.auth import Verifier
from gateway.config import AUDIENCE, read_settings
from gateway.errors import HttpProblem
from shared.failures import Unavailable
from shared.topology import load_topology
from tests.unit.gateway.conftest import LogLines
from tests.unit.gateway.partners import Issuer, Platform, serving

TRACE = "0af7651916cd43dd8448eb211c80319c"


def test_every_answer_carries_security_headers_and_a_correlation_id(api: httpx.Client) -> None:
    for path in ("/v1/registration/entities", "/nowhere", "/healthz", "/", "/static/portal.css"):
        headers = api.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert re.fullmatch("[0-9a-f]{32}", headers["X-Correlation-Id"])
        assert "server" not in headers
    assert api.get("/v1/registration/entities").headers["Cache-Control"] == "no-store"


def test_the_trace_of_the_caller_is_continued_and_named_in_problems(api: httpx.Client) -> None:
    answer = api.get("/nowhere", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    assert answer.json()["instance"] == TRACE
    assert answer.headers["X-Correlation-Id"] == TRACE


@pytest.mark.parametrize(
    "traceparent", ["", "00-" + "0" * 32 + "-b7ad6b7169203331-01", f"01-{TRACE}-b7ad6b7169203331-01", "x" * 60]
)
def test_a_malformed_trace_or_correlation_id_is_replaced(api: httpx.Client, traceparent: str) -> None:
    answer = api.get("/nowhere", headers={"traceparent": traceparent, "X-Correlation-Id": 'a" b'})
    assert answer.json()["instance"] not in (TRACE, "0" * 32)
    assert answer.headers["X-Correlation-Id"] == answer.json()["instance"]


def test_titles_are_chinese_for_those_who_ask(api: httpx.Client) -> None:
    assert api.get("/nowhere", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).json()["title"] == "地址不存在"
    assert api.get("/nowhere", headers={"Accept-Language": "de"}).json()["title"] == "There is no such address"


def test_a_request_is_one_log_line_with_its_template_and_no_content(api: httpx.Client, log_lines: LogLines) -> None:
    before = len(log_lines.lines())
    api.get("/v1/registration/entities/ent_secret", headers={"X-Correlation-Id": "c-1"})
    api.get("/v1/registration/entities?name_prefix=secret")
    api.get("/secret")
    first, second, third = log_lines.lines()[before:]
    assert first.items() >= {
        "event": "request_answered", "route": "/v1/registration/entities/{entity_id}", "method": "GET", "status": 200,
        "correlation_id": "c-1", "client_id": "applicant", "service": "gateway", "level": "info",
    }.items()  # fmt: skip
    assert second["route"] == "/v1/registration/entities"
    assert (third["route"], third["status"]) == ("(none)", 404)
    assert "secret" not in str([first, second, third])


def answered(route: str, status: str, method: str = "GET") -> float:
    labels = {"route": route, "method": method, "status": status}
    return REGISTRY.get_sample_value("tongban_gateway_requests_answered_total", labels) or 0.0


def test_requests_are_counted_by_template_never_by_path(api: httpx.Client) -> None:
    route, before = "/v1/registration/applications/{application_id}", 0.0
    before = answered(route, "404")
    api.get("/v1/registration/applications/app_none")
    api.get("/secret-path")
    assert answered(route, "404") == before + 1
    samples = [s for metric in REGISTRY.collect() for s in metric.samples if s.name.startswith("tongban_gateway")]
    assert "secret-path" not in str(samples)
    assert "app_none" not in str(samples)


def test_refused_tokens_are_counted_by_reason(anybody: httpx.Client) -> None:
    def count() -> float:
        return REGISTRY.get_sample_value("tongban_gateway_tokens_refused_total", {"reason": "TOKEN_MISSING"}) or 0.0

    before = count()
    anybody.get("/v1/registration/entities")
    assert count() == before + 1


def test_the_gateway_is_ready_when_it_has_keys_and_its_services_serve(anybody: httpx.Client) -> None:
    assert anybody.get("/healthz").json() == {"status": "ok"}
    assert anybody.get("/readyz").json() == {"reasons": {}}


def test_a_service_that_does_not_serve_is_named_with_503(anybody: httpx.Client, platform: Platform) -> None:
    platform.serving(False)
    time.sleep(1.1)
    answer = anybody.get("/readyz")
    platform.serving(True)
    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_READY")
    assert {e["field"] for e in answer.json()["errors"]} == {
        "registration",
        "certificates",
        "permits",
        "hotline",
        "handoff",
    }
    assert answer.headers["Retry-After"] == "1"
    assert anybody.get("/healthz").status_code == 200
    time.sleep(1.1)
    assert anybody.get("/readyz").status_code == 200


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_issuer_and_services_it_lives_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in load_topology().gateway_calls:
        monkeypatch.setenv(f"TONGBAN_{service.upper()}_ADDRESS", f"127.0.0.1:{closed_port()}")
    settings = read_settings(issuer_url=f"http://127.0.0.1:{closed_port()}")
    with serving(create_app(settings, AccessLog(enabled=False))) as url, httpx.Client(base_url=url) as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert {e["field"] for e in answer.json()["errors"]} == {
            "issuer",
            "registration",
            "certificates",
            "permits",
            "hotline",
            "handoff",
        }
        assert "127.0.0.1" not in answer.text
        answer = client.get("/v1/registration/entities", headers={"Authorization": "Bearer x.y.z"})
        assert (answer.status_code, answer.json()["code"]) == (503, "KEYS_NOT_FETCHED")
        started = time.monotonic()
        answer = client.get("/v1/certificates/keys", timeout=20)
        assert (answer.status_code, answer.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
        assert answer.headers["Retry-After"] == "1"
        assert time.monotonic() - started < 6
        page = client.get("/v/1.2.3", timeout=20)
        assert (page.status_code, "暂时无法核验" in page.text) == (503, True)


def test_more_requests_than_it_can_serve_are_told_to_come_back(
    fakes: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.forget()
    for name, value in fakes.environment.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(issuer_url=fakes.issuer.url, requests_in_flight=2)
    statuses: list[int] = []
    with serving(create_app(settings, AccessLog(enabled=False))) as url:
        while httpx.get(f"{url}/readyz").status_code != 200:
            time.sleep(0.05)
        fakes.registration.delay = 0.5
        headers = {"Authorization": f"Bearer {fakes.issuer.token()}"}

        def hand_in(number: int) -> None:
            key = {"Idempotency-Key": f"many-{number}"}
            answer = httpx.post(
                f"{url}/v1/registration/applications", json={"name": "x"}, headers=headers | key, timeout=20
            )
            statuses.append(answer.status_code)
            assert answer.status_code == 201 or answer.json()["code"] == "OVERLOADED"

        threads = [threading.Thread(target=hand_in, args=(i,)) for i in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    fakes.forget()
    assert set(statuses) == {201, 503}


def test_concurrent_applications_share_calls_and_each_gets_its_own_answer(
    api: httpx.Client, platform: Platform
) -> None:
    platform.registration.delay = 0.05
    answers: dict[int, Any] = {}

    def hand_in(number: int) -> None:
        name = f"占{number}" if number % 5 == 0 else f"名{number}"
        headers = dict(api.headers) | {"Idempotency-Key": f"c-{number}"}
        answers[number] = httpx.post(
            f"{api.base_url}/v1/registration/applications", json={"name": name}, headers=headers
        )

    threads = [threading.Thread(target=hand_in, args=(i,)) for i in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, answer in answers.items():
        if number % 5 == 0:
            assert (answer.status_code, answer.json()["code"]) == (409, "NAME_TAKEN")
        else:
            assert (answer.status_code, answer.json()["name"]["full_name"]) == (201, f"名{number}")
    assert len(platform.registration.heard) < 30
    assert sum(len(request.submissions) for request in platform.registration.heard) == 30


@pytest.fixture
def issuer() -> Any:
    issuer = Issuer()
    yield issuer
    issuer.stop()


def reason_of(verifier: Verifier, token: str) -> str:
    async def play() -> str:
        try:
            await verifier.verify(token.encode())
        except HttpProblem as problem:
            return problem.reason
        except Unavailable as failure:
            return failure.reason
        return "accepted"

    return asyncio.run(play())


def test_a_new_key_of_the_issuer_is_fetched_when_first_seen_but_not_more_than_every_10_seconds(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = Verifier(issuer.url)
    assert reason_of(verifier, issuer.token()) == "KEYS_NOT_FETCHED"
    assert asyncio.run(verifier.fetch())
    assert reason_of(verifier, issuer.token()) == "accepted"
    fresh = ECKey.generate_key("P-256", {"kid": "k2"})
    issuer.published.append(fresh)
    for _ in range(5):
        assert reason_of(verifier, issuer.token(key=fresh)) == "TOKEN_KEY"
    assert issuer.fetches == 1
    later = time.monotonic() + 11
    monkeypatch.setattr("gateway.auth.time.monotonic", lambda: later)
    assert reason_of(verifier, issuer.token(key=fresh)) == "accepted"
    assert issuer.fetches == 2


def test_a_withdrawn_key_stops_counting_even_for_tokens_seen_before(issuer: Issuer) -> None:
    verifier = Verifier(issuer.url)
    asyncio.run(verifier.fetch())
    token = issuer.token()
    assert reason_of(verifier, token) == "accepted"
    issuer.published[:] = [ECKey.generate_key("P-256", {"kid": "k2"})]
    asyncio.run(verifier.fetch())
    assert reason_of(verifier, token) == "TOKEN_KEY"


def test_keys_stay_while_the_issuer_is_away(issuer: Issuer) -> None:
    verifier = Verifier(issuer.url)
    asyncio.run(verifier.fetch())
    issuer.broken = True
    assert not asyncio.run(verifier.fetch())
    assert reason_of(verifier, issuer.token()) == "accepted"


def test_a_remembered_token_is_forgotten_when_it_expires(issuer: Issuer) -> None:
    now = [time.time()]
    verifier = Verifier(issuer.url, clock=lambda: now[0])
    asyncio.run(verifier.fetch())
    token = issuer.token(exp=int(now[0]) + 60)
    assert reason_of(verifier, token) == "accepted"
    now[0] += 89
    assert reason_of(verifier, token) == "accepted"
    now[0] += 3
    assert reason_of(verifier, token) == "TOKEN_EXPIRED"


def test_the_memory_of_tokens_is_bounded(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.auth.REMEMBERED", 3)
    verifier = Verifier(issuer.url)
    asyncio.run(verifier.fetch())
    for number in range(6):
        assert reason_of(verifier, issuer.token(jti=str(number))) == "accepted"
    assert len(verifier._known) == 3


def test_a_token_may_be_for_several_audiences(issuer: Issuer) -> None:
    verifier = Verifier(issuer.url)
    asyncio.run(verifier.fetch())
    assert reason_of(verifier, issuer.token(aud=["other", AUDIENCE])) == "accepted"
