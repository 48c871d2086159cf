"""Settings of handoff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from shared.settings import ProcessSettings

SERVICE = "handoff"
GRPC_SERVICE = "tongban.handoff.v1.HandoffService"


class Settings(ProcessSettings, frozen=True, kw_only=True):
    """What handoff needs beyond the settings of every process."""

    agreements_file: Annotated[Path, Meta(description="agreements and lists of items, YAML")] = (
        Path(__file__).parent / "data" / "agreements.yaml"
    )
    partners_file: Annotated[Path | None, Meta(description="addresses and public keys of the partners, YAML")] = None
    partner_seconds: Annotated[float, Meta(gt=0, description="time in which a partner's gateway must answer")] = 10.0
    feed_days: Annotated[int, Meta(ge=1, description="days that the feed for partners is kept")] = 30
