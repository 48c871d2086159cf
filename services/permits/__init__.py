"""Permits, filings, “one thing” bundles and construction projects."""
