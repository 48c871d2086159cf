"""One platform of fakes and one gateway for all tests of a session; each test starts with nothing heard."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway.access_log import AccessLog
from gateway.app import create_app
from gateway.config import read_settings
from tests.unit.gateway.partners import Platform, serving

SECONDS = 0.6


class LogLines(io.BytesIO):
    """What the gateway logs about requests."""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture(scope="session")
def log_lines() -> LogLines:
    return LogLines()


@pytest.fixture(scope="session")
def fakes() -> Iterator[Platform]:
    platform = Platform()
    yield platform
    platform.stop()


@pytest.fixture(scope="session")
def gateway_url(fakes: Platform, log_lines: LogLines) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in fakes.environment.items():
            patch.setenv(name, value)
        # short patience, so that tests of slow clients are quick; the defaults are tested by reading them
        settings = read_settings(
            issuer_url=fakes.issuer.url, public_url="https://tongban.example", body_seconds=SECONDS, file_seconds=5.0,
            file_limit=2 * 1024 * 1024,
        )  # fmt: skip
        with serving(create_app(settings, AccessLog(sink=log_lines)), header_seconds=SECONDS) as url:
            for _ in range(200):
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
                time.sleep(0.05)
            yield url


@pytest.fixture
def platform(fakes: Platform) -> Platform:
    fakes.forget()
    return fakes


@pytest.fixture
def api(gateway_url: str, platform: Platform) -> Iterator[httpx.Client]:
    """A client with a token that holds every scope."""
    with httpx.Client(base_url=gateway_url, headers={"Authorization": f"Bearer {platform.issuer.token()}"}) as client:
        yield client


@pytest.fixture
def anybody(gateway_url: str, platform: Platform) -> Iterator[httpx.Client]:
    """A client without a token."""
    with httpx.Client(base_url=gateway_url) as client:
        yield client
