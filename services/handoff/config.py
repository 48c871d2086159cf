"""Settings of handoff."""

from __future__ import annotations

from shared.settings import ProcessSettings

SERVICE = "handoff"
GRPC_SERVICE = "tongban.handoff.v1.HandoffService"


class Settings(ProcessSettings):
    """No settings beyond those of every process."""
