"""Routes of permits: the catalogue, cases, filings, bundles."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routes.permits import bundles, cases, catalogue, filings, work

router = APIRouter()
for part in (catalogue.router, cases.router, work.router, filings.router, bundles.router):
    router.routes.extend(part.routes)
