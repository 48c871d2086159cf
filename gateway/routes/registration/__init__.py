"""Routes of registration (`protos/tongban/registration/v1/service.proto`)."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routes.registration import applications, entities, entity_cases, imports, names, persons

router = APIRouter()
# the hot route comes first: routes are tried in order
for part in (applications, names, imports, persons, entities, entity_cases):
    router.routes.extend(part.router.routes)
