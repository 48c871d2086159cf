"""Settings of registration."""

from __future__ import annotations

from shared.settings import ProcessSettings

SERVICE = "registration"
GRPC_SERVICE = "tongban.registration.v1.RegistrationService"


class Settings(ProcessSettings, frozen=True, kw_only=True):
    """No settings beyond those of every process."""
