"""Settings of handoff."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from shared.settings import ProcessSettings

SERVICE = "handoff"
GRPC_SERVICE = "tongban.handoff.v1.HandoffService"


class Settings(ProcessSettings):
    """What handoff needs beyond the settings of every process."""

    agreements_file: Path = Field(
        default=Path(__file__).parent / "data" / "agreements.yaml", description="agreements and lists of items, YAML"
    )
    partners_file: Path | None = Field(default=None, description="addresses and public keys of the partners, YAML")
    partner_seconds: float = Field(default=10.0, gt=0, description="time in which a partner's gateway must answer")
    feed_days: int = Field(default=30, ge=1, description="days that the feed for partners is kept")
