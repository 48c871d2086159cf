"""What the hotline hears: nothing from others yet (deploy/topology.yaml lists no queue); its worker sweeps deadlines."""

from __future__ import annotations

from shared.worker import PartsProvider


class HotlineHandlers:
    """Event handlers of the hotline."""

    name = "hotline"
    parts = PartsProvider()
