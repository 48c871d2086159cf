"""Routes of registration (`protos/tongban/registration/v1/service.proto`)."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routes.registration import (
    applications,
    bundles,
    entities,
    entity_cases,
    forecast,
    imports,
    moving_in,
    names,
    persons,
)

router = APIRouter()
# the hot route comes first: routes are tried in order
for part in (applications, names, imports, persons, entities, entity_cases, bundles, forecast, moving_in):
    router.routes.extend(part.router.routes)
