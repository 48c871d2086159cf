"""What permits hears; nothing yet (deploy/topology.yaml lists no queue)."""

from __future__ import annotations

from shared.worker import PartsProvider


class PermitsHandlers:
    """Event handlers of permits."""

    name = "permits"
    parts = PartsProvider()
