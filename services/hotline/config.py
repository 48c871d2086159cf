"""Settings of hotline."""

from __future__ import annotations

from shared.settings import ProcessSettings

SERVICE = "hotline"
GRPC_SERVICE = "tongban.hotline.v1.HotlineService"


class Settings(ProcessSettings, frozen=True, kw_only=True):
    """No settings beyond those of every process."""
