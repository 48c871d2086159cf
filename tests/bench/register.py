"""The register: taking over a file of entities, end to end into the store, and finding names by what they contain."""

from __future__ import annotations

import csv
import io
import random
import secrets
import time
from collections.abc import Iterator
from typing import Any

import httpx

from deploy.demo.report import percentile
from services.registration.domain.search import name_grams
from shared.national_codes import compose_uscc
from tests.bench.platform import Platform

ROWS, MANY, SEARCHES = 10_000, 1_000_000, 300
# Parts that names of a real register are made of, so that most pairs of characters are frequent and some are rare.
PLACES = ("常州", "常州市", "常州新北区", "江苏", "常州市新北区")
TRADES = ("机械", "贸易", "商贸", "电子科技", "物流", "餐饮管理", "建筑工程", "新能源", "精密机械", "信息科技", "服饰")
CHARACTERS = (
    "云帆星河嘉恒瑞祥泰和盛隆昌茂源通达顺康宁安乐丰裕鸿运福禄喜庆春夏秋冬"
    "松柏梅兰竹菊荷桂枫桐霞虹露霜雪辰山川溪泉石玉珠琳博远翔宇"
)
SUBJECT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def measure(target: Platform, many: int = MANY) -> list[dict[str, Any]]:
    """Rows a second of an import over the gateway (refused rows would end the run), and the 99th percentile of searches at
    ROWS and at `many` entities. Returns rows of the report."""
    draw = random.Random(11)
    names = [_name(draw) for _ in range(ROWS)]
    headers = {"Authorization": f"Bearer {target.token}"}
    with httpx.Client(base_url=target.gateway, headers=headers, timeout=300.0) as api:
        started = time.monotonic()
        answer = api.post(
            "/v1/registration/entities/imports", content=_file(names),
            headers={"Content-Type": "text/csv", "Idempotency-Key": secrets.token_hex(8)},
        )  # fmt: skip
        took = time.monotonic() - started
        answer.raise_for_status()
        if answer.json()["imported"] < ROWS * 0.99:  # a few drawn names break a naming rule
            raise SystemExit(f"the import refused too many rows: {answer.text[:400]}")
        rows = [_row("import_rows_per_second", ROWS / took, "rows/s")]
        rows.append(_row("search_p99_10k_ms", _searches(api, names, draw), "ms"))
        _copy(target, draw, many - target.register.entities.estimated_document_count())
        rows.append(_row("search_p99_1m_ms", _searches(api, names, draw), "ms"))
    return rows


def _name(draw: random.Random) -> str:
    trade_name = "".join(draw.choices(CHARACTERS, k=draw.choice((2, 2, 3, 4))))
    return f"{draw.choice(PLACES)}{trade_name}{draw.choice(TRADES)}有限公司"


def _file(names: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("name", "uscc", "registered_on", "type", "capital", "business_scope", "address"))
    for number, name in enumerate(names):
        subject = "MB" + "".join(SUBJECT[number // 31**n % 31] for n in range(6))
        code = compose_uscc("91", "320411", subject)
        writer.writerow(
            (name, code, "2019-03-11", "有限责任公司", "100万人民币", "机械制造；销售", "常州市新北区通江路88号")
        )
    return out.getvalue().encode()


def _searches(api: httpx.Client, names: list[str], draw: random.Random) -> float:
    """Pieces of two to five characters from anywhere in a name, as somebody types them; milliseconds over the gateway."""
    lags = []
    for _ in range(SEARCHES):
        name, length = draw.choice(names), draw.randint(2, 5)
        start = draw.randrange(len(name) - length)
        began = time.monotonic()
        answer = api.get(
            "/v1/registration/entities", params={"name_contains": name[start : start + length], "page_size": 20}
        )
        lags.append((time.monotonic() - began) * 1000)
        answer.raise_for_status()
        if not answer.json()["entities"]:
            raise SystemExit(f"a name that is there was not found: {name[start : start + length]}")
    return percentile(lags, 0.99)


def _copy(target: Platform, draw: random.Random, count: int) -> None:
    """Synthetic entities straight into the store: only what searches read has to be true of them."""
    entities, template = target.register.entities, target.register.entities.find_one({"imported": True})
    assert template is not None
    for group in _groups(draw, template, count):
        entities.insert_many(group, ordered=False)


def _groups(
    draw: random.Random, template: dict[str, Any], count: int, size: int = 5000
) -> Iterator[list[dict[str, Any]]]:
    kept = {k: v for k, v in template.items() if k not in ("timeline", "pending", "commands", "persons", "match_keys")}
    for first in range(0, count, size):
        group = []
        for number in range(first, min(first + size, count)):
            name = _name(draw)
            one = {"_id": f"ent_z{number:09}", "uscc": f"copy-{number}", "name": name, "grams": name_grams(name)}
            group.append(kept | one)
        yield group


def _row(name: str, value: float, unit: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "baseline": None, "ratio": None}
