"""Answered messages from a CSV file, moved to years whose working calendar is loaded.

Columns: request_id, citizen, title, received_at, detail, reply, replied_at (local time). A message moves by a whole number of
weeks, so it keeps its weekday, its hour and its delay; deadlines are then those of the year it lands in.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from shared.clock import LOCAL

COLUMNS = ("request_id", "citizen", "title", "received_at", "detail", "replied_at")
# 52 weeks: weekdays stay
YEAR = timedelta(days=364)
TARGET_YEAR = 2025
_INSTANT = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Message:
    """One message; instants are aware, in local time."""

    message_id: str
    caller: str
    title: str
    text: str
    received_time: datetime
    replied_time: datetime


def read_messages(path: Path) -> list[Message]:
    """All messages in order of their arrival. Raises SystemExit naming missing columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise SystemExit(f"{path}: the columns {', '.join(missing)} are missing")
        found = [_message(record) for record in reader]
    return sorted(found, key=lambda message: (message.received_time, message.message_id))


def _message(record: dict[str, str]) -> Message:
    received, replied = (_instant(record[name]) for name in ("received_at", "replied_at"))
    shift = YEAR * (TARGET_YEAR - received.year)
    return Message(
        record["request_id"], record["citizen"], record["title"].strip(), record["detail"].strip(), received + shift,
        replied + shift,
    )  # fmt: skip


def _instant(text: str) -> datetime:
    """A date as the files write it: 2019-04-25 09:32:09, 2018/4/24, 2018/4/24 9:05. Raises ValueError."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"cannot be read as a time: {text[:40]!r}")
    return datetime(*(int(part or 0) for part in match.groups()), tzinfo=LOCAL)  # type: ignore[arg-type, misc]
