"""Settings of permits."""

from __future__ import annotations

from shared.settings import ProcessSettings

SERVICE = "permits"
GRPC_SERVICE = "tongban.permits.v1.PermitService"


class Settings(ProcessSettings, frozen=True, kw_only=True):
    """No settings beyond those of every process."""
