"""The store of handoff: cases, messages, the ledger, the feed."""

from services.handoff.store.handoff_store import HandoffStore, case_of, to_document

__all__ = ["HandoffStore", "case_of", "to_document"]
