"""Settings of the gateway: environment variables `TONGBAN_*`. It has no store, no broker and no secret."""

from __future__ import annotations

import os
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.lean import load_without
from shared.topology import load_topology

# here, because every module of the gateway reads this one first: httpx without its command line
load_without("httpx", "rich", "click")

AUDIENCE = "tongban-gateway"


class Settings(BaseSettings):
    """What the gateway needs to know. Raises pydantic.ValidationError naming the variable that is wrong.

    A service's address is its port of the topology on this machine, unless TONGBAN_<SERVICE>_ADDRESS says otherwise.
    """

    model_config = SettingsConfigDict(env_prefix="TONGBAN_", extra="ignore", frozen=True)

    region: str = Field(default_factory=lambda: load_topology().region, description="division code of this platform")
    bind_host: str = Field(default="127.0.0.1", description="address that the ports are opened on")
    public_url: str = Field(
        default_factory=lambda: f"http://127.0.0.1:{load_topology().gateway_port}",
        description="address of the gateway as people see it; QR codes carry it",
    )
    issuer_url: str = Field(
        default_factory=lambda: f"http://127.0.0.1:{load_topology().issuer_port}",
        description="issuer of tokens; its keys are at {issuer}/.well-known/jwks.json",
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    body_limit: int = Field(default=1024 * 1024, ge=1024, description="largest JSON body, bytes")
    file_limit: int = Field(default=16 * 1024 * 1024, ge=1024, description="largest file sent in, bytes")
    message_limit: int = Field(default=2 * 1024 * 1024, ge=1024, description="largest message of a partner, bytes")
    body_seconds: float = Field(default=10.0, gt=0, description="time in which a JSON body must have arrived")
    file_seconds: float = Field(default=60.0, gt=0, description="time spent waiting for a file in all")
    header_seconds: float = Field(default=10.0, gt=0, description="time in which a request's headers must have arrived")
    requests_in_flight: int = Field(default=1000, ge=1, description="requests served at once; above it 503")
    rate_limit: str = Field(
        default="12000/minute", pattern=r"^[1-9][0-9]{0,9}/(second|minute|hour)$", description="requests of one client"
    )
    connections: int = Field(default=4000, ge=1, description="connections held open; further ones are closed")
    submit_batch: int = Field(default=200, ge=1, le=200, description="applications in one call to registration")
    submit_calls: int = Field(default=2, ge=1, description="such calls in flight at once")
    submit_worth: int = Field(default=32, ge=1, description="applications that must wait for a call beside another")
    submit_waiting: int = Field(default=5000, ge=1, description="applications that may wait for a call; above it 503")
    drain_seconds: int = Field(default=20, ge=1, description="time given to running requests after SIGTERM")

    def address(self, service: str) -> str:
        """Where the service's rpc process listens, `host:port`."""
        port = load_topology().services[service].rpc_port
        return os.environ.get(f"TONGBAN_{service.upper()}_ADDRESS") or f"127.0.0.1:{port}"


def read_settings(**overrides: Any) -> Settings:
    """Build the settings from the environment; a trailing slash of an address means nothing."""
    settings = Settings(**overrides)
    return settings.model_copy(
        update={"public_url": settings.public_url.rstrip("/"), "issuer_url": settings.issuer_url.rstrip("/")}
    )
