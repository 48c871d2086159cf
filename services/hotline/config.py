"""Settings of hotline."""

from __future__ import annotations

from shared.settings import ProcessSettings

SERVICE = "hotline"
GRPC_SERVICE = "tongban.hotline.v1.HotlineService"


class Settings(ProcessSettings):
    """No settings beyond those of every process."""
