"""Messages of citizens from a file go through the hotline's import: what became of them, told in one line and three figures."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.desk import Desk
from shared.clock import SystemClock

# the columns that are read; others are ignored
COLUMNS = ("citizen", "title", "detail")
CHUNK = 300
HEADER = ("caller", "title", "text", "kind", "place", "territory", "category_code")


@dataclass
class Imported:
    """Rows by what became of them, and reasons of those that were refused."""

    rows: int
    verdicts: Counter[str]
    reasons: Counter[str]
    orders_today: int

    @property
    def ok(self) -> bool:
        """Every row has its verdict."""
        return sum(self.verdicts.values()) == self.rows


def import_messages(desk: Desk, path: Path) -> Imported:
    """File every message of a CSV file. Sending the same file again files nothing twice.

    Raises SystemExit naming missing columns, StoryStuck when the gateway refuses the file.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise SystemExit(f"{path}: the columns {', '.join(missing)} are missing")
        rows = [
            [r["citizen"], r["title"].strip()[:200], r["detail"].strip()[:8000], "COMPLAINT", "", "", ""]
            for r in reader
        ]
    verdicts, reasons = Counter[str](), Counter[str]()
    for start in range(0, len(rows), CHUNK):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([HEADER, *rows[start : start + CHUNK]])
        body = text.getvalue().encode()
        told = desk.ask(
            "POST", "/v1/hotline/requests/imports", "hotline-centre", key=hashlib.sha256(body).hexdigest()[:40],
            content=body, headers={"Content-Type": "text/csv"},
        )  # fmt: skip
        for verdict in told["verdicts"]:
            verdicts[verdict["verdict"]] += 1
            if verdict["reason"]:
                reasons[f"{verdict['reason']} ({verdict['field']})"] += 1
    today = SystemClock().today().isoformat()
    counted = desk.ask("GET", "/v1/hotline/statistics", "hotline-centre", params={"from_date": today, "to_date": today})
    return Imported(len(rows), verdicts, reasons, counted["orders"])
