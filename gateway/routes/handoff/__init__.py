"""Routes of handoff: the accepting window, messages of partner platforms, what both sides can prove, the feed."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routes.handoff import cases, evidence, feed, messages

router = APIRouter()
for part in (cases.router, messages.router, evidence.router, feed.router):
    router.routes.extend(part.routes)
