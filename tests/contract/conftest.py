"""The contract is tested against the same running gateway and partners as its units."""

from tests.unit.gateway.conftest import anybody, api, fakes, gateway_url, log_lines, platform

__all__ = ["anybody", "api", "fakes", "gateway_url", "log_lines", "platform"]
