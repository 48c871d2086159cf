"""Cross-region handoff: a case accepted in one region is decided in another."""
