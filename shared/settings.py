"""Settings of a process: environment variables `TONGBAN_*`, or files of the same names in `TONGBAN_SECRETS_DIR`.

A service subclasses `ProcessSettings` in its `config.py`; every field is listed in the service's README (a test compares).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.topology import load_topology

S = TypeVar("S", bound="ProcessSettings")


class ProcessSettings(BaseSettings):
    """What every process of a service needs to know. Raises pydantic.ValidationError naming the missing variable."""

    model_config = SettingsConfigDict(env_prefix="TONGBAN_", extra="ignore", frozen=True)

    region: str = Field(default_factory=lambda: load_topology().region, description="division code of this platform")
    mongo_uri: str = Field(description="store of this service, with its own user")
    amqp_uri: str = Field(description="broker and vhost, with the service's own user")
    bind_host: str = Field(default="127.0.0.1", description="address that the ports are opened on")
    key_dir: Path = Field(default=Path(".tongban/keys"), description="folder of this process's secret keys")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    rpc_threads: int = Field(default=16, ge=1, description="threads of the gRPC server")
    worker_greenlets: int = Field(default=20, ge=1, description="messages handled at once, and the prefetch")
    outbox_limit: int = Field(default=20_000, ge=1, description="unpublished events above which commands get 503")
    drain_seconds: float = Field(default=20.0, gt=0, description="time given to running work after SIGTERM")


def read_settings(kind: type[S]) -> S:
    """Build the settings of a process from its surroundings."""
    secrets = os.environ.get("TONGBAN_SECRETS_DIR")
    extra: dict[str, Any] = {"_secrets_dir": secrets} if secrets else {}
    return kind(**extra)
