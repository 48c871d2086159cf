"""What hotline hears; nothing yet (deploy/topology.yaml lists no queue)."""

from __future__ import annotations

from shared.worker import PartsProvider


class HotlineHandlers:
    """Event handlers of hotline."""

    name = "hotline"
    parts = PartsProvider()
