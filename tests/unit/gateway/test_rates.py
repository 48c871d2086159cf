"""Rate limits: each client has its own count, every answer tells what is left, above it 429 and nothing else happens."""

from __future__ import annotations

import httpx
import pytest

from gateway.access_log import AccessLog
from gateway.app import create_app
from gateway.config import read_settings
from tests.unit.gateway.partners import Platform, serving

PATH = "/v1/registration/entities"


def token(platform: Platform, subject: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {platform.issuer.token(sub=subject)}"}


def test_a_client_above_its_limit_waits_and_others_do_not(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in platform.environment.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(issuer_url=platform.issuer.url, rate_limit="5/hour")
    with serving(create_app(settings, AccessLog(enabled=False))) as url, httpx.Client(base_url=url) as client:
        left = []
        for _ in range(5):
            answer = client.get(PATH, headers=token(platform, "first"))
            assert answer.status_code == 200, answer.text
            assert answer.headers["RateLimit-Policy"] == '"client";q=5;w=3600'
            left.append(answer.headers["RateLimit"].partition("r=")[2].partition(";")[0])
        assert left == ["4", "3", "2", "1", "0"]
        heard = len(platform.registration.heard)
        refused = client.get(PATH, headers=token(platform, "first"))
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
        assert 3590 <= int(refused.headers["Retry-After"]) <= 3600
        assert len(platform.registration.heard) == heard
        assert client.get(PATH, headers=token(platform, "second")).status_code == 200


@pytest.mark.parametrize("limit", ["many", "0/minute", "5/fortnight", "5"])
def test_a_limit_of_another_form_is_refused_at_the_start(limit: str) -> None:
    with pytest.raises(ValueError, match="rate_limit"):
        read_settings(rate_limit=limit)
