"""The store of registration: documents and their indexes (`documents`), and what is asked of them (`register`)."""

from services.registration.store.register import RegisterStore

__all__ = ["RegisterStore"]
