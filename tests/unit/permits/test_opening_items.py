"""An item that was offered when a bundle or a project was planned, and is not when its turn comes."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from services.permits.domain.catalogue import ItemNotOffered, catalogue
from services.permits.usecases.watching import open_item
from shared.clock import FixedClock
from shared.events import Cause

BEFORE_ANY_LAW = datetime(1990, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "told"),
    [({}, ("", ["ITEM_NOT_OFFERED"])), ({"cases": "pmc_1"}, ("pmc_1", [])), ({"filings": "fil_1"}, ("fil_1", []))],
)
def test_it_is_told_why_it_cannot_be_opened_unless_it_was_before_a_crash(
    opened: dict[str, str], told: tuple[str, list[str]]
) -> None:
    def find(collection: str, origin_ref: str) -> Any:
        assert origin_ref == "stp_1"
        return {"_id": opened[collection]} if collection in opened else None

    items = catalogue("320411")
    with pytest.raises(ItemNotOffered):
        items.item("food_sales_permit", BEFORE_ANY_LAW.date())
    store = SimpleNamespace(find_by_origin=find)
    parts: Any = SimpleNamespace(store=store, catalogue=items, clock=FixedClock(BEFORE_ANY_LAW))
    never: Any = None
    assert open_item(parts, "client-1", "bundle-stp_1", "food_sales_permit", "stp_1", never, Cause()) == told
