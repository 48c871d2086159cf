"""Keyset paging: a token says after which key the next page starts, and for which query it was made."""

from __future__ import annotations

import base64
import binascii
import hashlib

from shared.failures import InvalidArgument

DEFAULT_SIZE = 50


def page_size(asked: int) -> int:
    """Items of a page; 0 means the default."""
    return asked or DEFAULT_SIZE


def write_token(last_key: str, *query: str) -> str:
    """Token for the page after `last_key` of the query described by `query`."""
    return base64.urlsafe_b64encode(f"{_digest(query)}|{last_key}".encode()).decode()


def read_token(token: str, *query: str) -> str:
    """Key to start after; "" for the first page. Raises InvalidArgument (PAGE_TOKEN) for a token of another query."""
    if not token:
        return ""
    try:
        digest, _, key = base64.urlsafe_b64decode(token.encode()).decode().partition("|")
    except (binascii.Error, UnicodeError, ValueError):
        digest, key = "", ""
    if not key or digest != _digest(query):
        raise InvalidArgument("page_token does not belong to this query", reason="PAGE_TOKEN")
    return key


def _digest(query: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(query).encode()).hexdigest()[:16]
