"""Rows of a register file as set-up applications.

The file says what the entity is; who stands behind it is not in it, so every application gets invented persons
(synthetic identity numbers and 138 0000 xxxx phones, all checks right). The same row always gives the same application.
"""

from __future__ import annotations

import csv
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.registration.domain.entities import EntityType, entity_type_of, parse_capital
from services.registration.domain.form_check import form_rules
from shared.clock import SystemClock
from shared.national_codes import divisions

SAMPLE = Path(__file__).parent / "sample.csv"
COLUMNS = ("name", "uscc", "registered_on", "type", "capital", "business_scope", "address")
# Four of these make a trade name: a demo that is played often on one register must not meet the names of earlier ones.
TRADE_NAME = "云海山川林泉松竹梅兰晨曦和悦祥瑞星沐雅锦诺卓凡霁岚澜屿槐棠霖禾帆岭屏砚樾野序章越航桥"
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳敏静丽强磊军洋勇艳杰涛明超霞平刚桂英"
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (from 1, without the header) and the application made of it."""

    number: int
    name: str
    application: dict[str, Any]

    @property
    def key(self) -> str:
        """Idempotency key: the same content is the same command, however often the demo runs."""
        return "demo-" + hashlib.sha256(repr(sorted(self.application.items())).encode()).hexdigest()[:32]


def read_rows(path: Path, region: str, count: int | None, today: date) -> tuple[list[Row], int]:
    """Rows to play, those of this district first (others are for other registrars), and how many the file has.

    Raises SystemExit with the missing columns when the file is not of the form of `COLUMNS`.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise SystemExit(f"{path}: the columns {', '.join(missing)} are missing")
        rows = [_row(number, record, region, today) for number, record in enumerate(reader, start=1)]
    rows.sort(key=lambda row: row.application["domicile"]["division_code"] != region)
    return rows[:count], len(rows)


def store_application(rows: Sequence[Row], region: str) -> dict[str, Any]:
    """The set-up application of a new convenience store: persons and materials like those of the rows, a name of its own."""
    division = divisions()[region]
    city = (division.city or division.province).removesuffix("市")
    name = city + "".join(secrets.SystemRandom().sample(TRADE_NAME, 4)) + "便利店有限公司"
    record = {
        "name": name, "uscc": "", "type": "有限责任公司", "capital": "30(万元人民币)",
        "business_scope": "食品销售；烟草制品零售；日用百货销售。", "address": f"{division.full_name}通江路88号",
    }  # fmt: skip
    return dict(_row(0, record, region, SystemClock().today()).application)


def _row(number: int, record: dict[str, str], region: str, today: date) -> Row:
    name, code = record["name"].strip(), record["uscc"].strip()
    entity_type = entity_type_of(record["type"], name, code)
    head = _person(name, 0)
    application: dict[str, Any] = {
        "division_code": region,
        "entity_type": entity_type.value,
        "name": name,
        "domicile": {
            "division_code": code[2:8] or record.get("division_code") or region,
            "address": record["address"].strip(),
        },
        "business_scope": record["business_scope"].strip(),
        "legal_representative": head,
        "materials": [
            {"type_code": material, "sha256": hashlib.sha256(f"{name}{material}".encode()).hexdigest()}
            for material in form_rules()[entity_type].materials
        ],
    }
    capital = _capital(record["capital"])
    if capital is not None and capital["amount_fen"] > 0:
        if entity_type is EntityType.LIMITED_COMPANY:
            capital["paid_in_due_date"] = f"{today.year + 4}-12-31"
        application["capital"] = capital
        application["investors"] = [{"person": _person(name, 1), "amount_fen": capital["amount_fen"]}]
    return Row(number, name, application)


def _capital(text: str) -> dict[str, Any] | None:
    try:
        capital = parse_capital(text)
    except ValueError:
        return None
    return {"amount_fen": capital.amount_fen, "currency": capital.currency} if capital else None


def _person(name: str, role: int) -> dict[str, str]:
    seed = hashlib.sha256(f"{name}/{role}".encode()).digest()
    base = f"320411{1955 + seed[0] % 45}{1 + seed[1] % 12:02d}{1 + seed[2] % 28:02d}{seed[3]:03d}"
    check = CHECKS[sum(int(digit) * weight for digit, weight in zip(base, WEIGHTS, strict=True)) % 11]
    return {
        "name": SURNAMES[seed[4] % len(SURNAMES)] + GIVEN[seed[5] % len(GIVEN)] + GIVEN[seed[6] % len(GIVEN)],
        "id_type": "RESIDENT_ID",
        "id_number": base + check,
        "phone": f"1380000{seed[7] * 39 % 10000:04d}",
        "identity_check": "FACE",
    }
