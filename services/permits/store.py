"""The store of permits: so far only the leases of its timers; permit cases come with the first use case."""

from __future__ import annotations

from typing import Any

from pymongo import MongoClient

from shared.mongo import store_reason


class PermitStore:
    """The database of permits."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self.client, self.database = client, database
        self.leases = client[database]["leases"]

    def reason(self) -> str | None:
        """Readiness: None when the store answers."""
        return store_reason(self.client, self.database)
