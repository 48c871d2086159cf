"""From a message's making to its stored receipt, between two platforms, at a fixed rate of new cases."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

import httpx
from pymongo import MongoClient

from deploy.demo.report import percentile
from deploy.local.mongo import mongo_uri
from deploy.local.state import open_state
from deploy.local.tokens import fetch_token
from tests.bench.hotspots import watched
from tests.bench.platform import Platform, wait_until
from tests.e2e.regions import with_partner

NAME = "handoff_receipt_p99_ms"
RATE, SECONDS, LOOK_SECONDS = 20, 15, 6
BODY: dict[str, Any] = {
    "item": "food_sales_permit", "deciding_region": "440305", "mode": "COLLECT_ELSEWHERE", "identity_check": "IN_PERSON",
    "consent": True,
    "application": {"holder_code": "91320411MAXX00015L", "materials": ["application_form"],
                    "content": {"applicant_name": "云帆", "premises": "科技路1号"}},
}  # fmt: skip


def measure(home: Platform) -> tuple[dict[str, Any], list[tuple[str, float]]]:
    """Open cases at home for the partner, and read from home's ledger when each message was made and when its receipt was
    stored. Returns the row of the report, and where home's worker spends its time under the same load once more (looking
    costs CPU, so not while it is measured). Raises SystemExit when a receipt does not come."""
    token = fetch_token(f"http://127.0.0.1:{home.topology.issuer_port}", "window", home.folder)
    client: MongoClient[dict[str, Any]] = MongoClient(
        mongo_uri(open_state(home.folder), home.topology, "handoff"), tz_aware=True
    )
    ledger = client[home.topology.services["handoff"].database]["ledger"]
    with with_partner(home):
        asyncio.run(_open(home.gateway, token, 2))  # connections and plans are warm
        time.sleep(2)
        first = ledger.estimated_document_count()
        count = asyncio.run(_open(home.gateway, token, SECONDS))
        receipted = lambda: ledger.count_documents({"kind": "RECEIPTED", "_id": {"$gt": first}}) >= count  # noqa: E731
        if not wait_until(receipted, 60):
            raise SystemExit("a receipt did not come: nothing was measured")
        times: dict[str, dict[str, Any]] = {}
        for entry in ledger.find({"_id": {"$gt": first}}):
            times.setdefault(entry["message_id"], {})[entry["kind"]] = entry["time"]
        with watched(home, "handoff-worker", LOOK_SECONDS) as hot:
            asyncio.run(_open(home.gateway, token, LOOK_SECONDS))
    client.close()
    lags = [
        (t["RECEIPTED"] - t["SENT"]).total_seconds() * 1000 for t in times.values() if {"SENT", "RECEIPTED"} <= set(t)
    ]
    row = {"name": NAME, "value": percentile(lags, 0.99), "unit": "ms", "baseline": None, "ratio": None}
    return row, hot


async def _open(gateway: str, token: str, seconds: int) -> int:
    """Open cases at the rate; how many were received."""
    headers = {"Authorization": f"Bearer {token}"}
    good = 0
    async with httpx.AsyncClient(base_url=gateway, headers=headers, timeout=30) as client:

        async def submit() -> None:
            nonlocal good
            answer = await client.post(
                "/v1/handoff/cases", json=BODY, headers={"Idempotency-Key": secrets.token_hex(12)}
            )
            good += answer.status_code == 201

        loop = asyncio.get_running_loop()
        start, tasks = loop.time(), []
        for number in range(RATE * seconds):
            await asyncio.sleep(max(0.0, start + number / RATE - loop.time()))
            tasks.append(asyncio.create_task(submit()))
        await asyncio.gather(*tasks)
    return good
