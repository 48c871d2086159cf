"""Settings of certificates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta, field

from shared.settings import ProcessSettings
from shared.topology import load_topology

SERVICE = "certificates"
GRPC_SERVICE = "tongban.certificates.v1.CertificateService"


def _local_gateway() -> str:
    return f"http://127.0.0.1:{load_topology().gateway_port}"


class Settings(ProcessSettings, frozen=True, kw_only=True):
    """Beyond those of every process: where certificates are verified, how they look, with which keys they are signed."""

    public_url: Annotated[str, Meta(description="address that QR codes lead to, without a slash")] = field(
        default_factory=_local_gateway
    )
    former_public_urls: Annotated[
        list[str], Meta(description="earlier addresses that printed QR codes still name")
    ] = []
    font_dir: Annotated[Path, Meta(description="folder of the Noto CJK fonts")] = Path(".venv/assets/fonts")
    create_signing_key: Annotated[bool, Meta(description="make a first signing key where there is none")] = True
