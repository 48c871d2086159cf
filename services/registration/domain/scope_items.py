"""Business scopes 经营范围 taken apart, so that an index finds entities by what they may do."""

from __future__ import annotations

import re
import unicodedata

from shared.failures import InvalidArgument, Violation

# What an index keeps of one scope: enough to find it, little enough that a scope of 4,000 characters costs no more than others.
MOST_ITEMS, LONGEST_ITEM = 30, 24
MIN_CHARACTERS = 2
_SEPARATORS = re.compile(r"[;,、。:]")
# Remarks in brackets, e.g. （依法须经批准的项目，经相关部门批准后方可开展经营活动）, are no items.
_REMARKS = re.compile(r"\([^()]*\)")
# Headings of the standard form and what stands for no item.
_HEADINGS = frozenset({"一般项目", "许可项目", "许可经营项目", "一般经营项目"})


def scope_items(text: str) -> list[str]:
    """The items of a scope, each once, as an index keeps them: without remarks and headings, cut to LONGEST_ITEM."""
    plain = _REMARKS.sub("", _normal(text))
    items = (item[:LONGEST_ITEM] for item in _SEPARATORS.split(plain) if len(item) >= MIN_CHARACTERS)
    return list(dict.fromkeys(item for item in items if item not in _HEADINGS))[:MOST_ITEMS]


def scope_beginning(keyword: str) -> str:
    """What an item must begin with. Raises InvalidArgument (QUERY_TOO_SHORT, SCOPE_KEYWORD_INVALID)."""
    plain = _normal(keyword)
    if len(plain) < MIN_CHARACTERS:
        raise _invalid(f"must have {MIN_CHARACTERS} characters at least", "QUERY_TOO_SHORT")
    if _SEPARATORS.search(plain) or "(" in plain or ")" in plain:
        raise _invalid("must be the beginning of one item, e.g. 食品销售", "SCOPE_KEYWORD_INVALID")
    return plain[:LONGEST_ITEM]


def _normal(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def _invalid(description: str, reason: str) -> InvalidArgument:
    violation = Violation("scope_keyword", description, reason)
    return InvalidArgument(f"scope_keyword {description}", reason=reason, violations=(violation,))
