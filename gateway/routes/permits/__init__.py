"""Routes of permits: the catalogue, cases, filings, bundles, projects."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routes.permits import bundles, cases, catalogue, filings, projects, work

router = APIRouter()
for part in (catalogue.router, cases.router, work.router, filings.router, bundles.router, projects.router):
    router.routes.extend(part.routes)
