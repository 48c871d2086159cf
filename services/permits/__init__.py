"""Permits, filings and “one thing” bundles."""
