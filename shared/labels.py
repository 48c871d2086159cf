"""Labels of forms, as they are compared: people write them with brackets of either width and with spaces."""

from __future__ import annotations

import unicodedata


def spelt(text: str) -> str:
    """A label, or a name beside it, in its one spelling."""
    return "".join(unicodedata.normalize("NFKC", text).split())
