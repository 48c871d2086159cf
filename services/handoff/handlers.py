"""What handoff hears; nothing yet (deploy/topology.yaml lists no queue)."""

from __future__ import annotations

from shared.worker import PartsProvider


class HandoffHandlers:
    """Event handlers of handoff."""

    name = "handoff"
    parts = PartsProvider()
