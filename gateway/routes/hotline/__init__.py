"""Routes of the hotline: requests of callers, work of units, the centre."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routes.hotline import imports, orders, requests

router = APIRouter()
for part in (imports.router, requests.router, orders.router):
    router.routes.extend(part.routes)
