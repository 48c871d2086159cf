"""Rules of handoff: agreements, the case between two regions, messages and receipts, the ledger."""
