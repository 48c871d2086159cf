"""Settings of certificates."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from shared.settings import ProcessSettings
from shared.topology import load_topology

SERVICE = "certificates"
GRPC_SERVICE = "tongban.certificates.v1.CertificateService"


def _local_gateway() -> str:
    return f"http://127.0.0.1:{load_topology().gateway_port}"


class Settings(ProcessSettings):
    """Beyond those of every process: where certificates are verified, how they look, with which keys they are signed."""

    public_url: str = Field(
        default_factory=_local_gateway, description="address that QR codes lead to, without a slash"
    )
    former_public_urls: list[str] = Field(default=[], description="earlier addresses that printed QR codes still name")
    font_dir: Path = Field(default=Path(".venv/assets/fonts"), description="folder of the Noto CJK fonts")
    create_signing_key: bool = Field(default=True, description="make a first signing key where there is none")
