"""The store of permits: documents and their indexes (`documents`), and what is asked of them (`permit_store`)."""

from services.permits.store.permit_store import PermitStore

__all__ = ["PermitStore"]
