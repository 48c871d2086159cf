"""Settings of registration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from shared.settings import ProcessSettings

SERVICE = "registration"
GRPC_SERVICE = "tongban.registration.v1.RegistrationService"


class Settings(ProcessSettings, frozen=True, kw_only=True):
    """What registration needs beyond the settings of every process."""

    authorities_file: Annotated[Path | None, Meta(description="addresses of the other authorities, YAML")] = None
    authority_seconds: Annotated[float, Meta(gt=0, description="time in which another authority must answer")] = 10.0
