"""The API by service. A service whose router has routes is one that the gateway must reach to be ready."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routes import certificates, handoff, hotline, permits, registration

ROUTERS: dict[str, APIRouter] = {
    "registration": registration.router,
    "certificates": certificates.router,
    "permits": permits.router,
    "hotline": hotline.router,
    "handoff": handoff.router,
}
