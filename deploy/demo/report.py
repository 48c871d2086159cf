"""What the demo leaves: a table, licences as PDF, one HTML page of pictures, a JSON report."""

from __future__ import annotations

import html
import json
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.demo.across import Crossing
from deploy.demo.messages import Imported
from deploy.demo.play import Result
from deploy.demo.story import Story
from deploy.demo.timeline import picture

OUTCOMES = ("registered", "returned", "refused", "failed")
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>Tongban 通办 · demo</title>
<style>svg{max-width:100%;height:auto}
body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:2rem;background:#f4f5f7;color:#222}
h1{font-weight:600}main{display:grid;grid-template-columns:repeat(auto-fill,minmax(420px,1fr));gap:1.2rem}
figure{margin:0;background:#fff;padding:.8rem;border-radius:8px;box-shadow:0 1px 4px #0002}img{width:100%}
figcaption{font-size:13px;overflow-wrap:anywhere}a{color:#a3241c}table{border-collapse:collapse;background:#fff;margin:0 0 1.5rem}
td{padding:.3rem .9rem;border-bottom:1px solid #eee}td+td{text-align:right}</style>
"""


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest-rank percentile; 0 for no values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def summary(results: Sequence[Result], in_file: int) -> list[tuple[str, str]]:
    """Lines of the table."""
    count = Counter(result.outcome for result in results)
    registered = [result for result in results if result.outcome == "registered"]
    fresh = [result.seconds for result in registered if not result.repeated]
    return [
        ("rows in the file", str(in_file)),
        ("applied", str(len(results))),
        ("registered", str(count["registered"])),
        ("  of these in an earlier run", str(sum(result.repeated for result in registered))),
        ("returned with one notice of all gaps", str(count["returned"])),
        ("refused with reasons", str(count["refused"])),
        ("failed", str(count["failed"])),
        ("licences issued", str(sum(result.licences for result in registered))),
        ("licences verified", str(sum(result.verified for result in registered))),
        ("application → verified licence, median", f"{statistics.median(fresh):.3f} s" if fresh else "–"),
        ("application → verified licence, p99", f"{percentile(fresh, 0.99):.3f} s" if fresh else "–"),
    ]


def reasons(results: Sequence[Result], outcome: str) -> Counter[str]:
    """How often each reason was given."""
    return Counter(reason for result in results if result.outcome == outcome for reason in result.reasons)


def print_result(console: Console, results: Sequence[Result], in_file: int) -> None:
    """The table, then why what was not registered was not."""
    table = Table(title="Tongban 通办: from application to verified licence", show_header=False, title_justify="left")
    for name, value in summary(results, in_file):
        table.add_row(name, value)
    console.print(table)
    for outcome in ("returned", "refused", "failed"):
        found = reasons(results, outcome)
        if found:
            table = Table(title=f"{outcome}: reasons", show_header=False, title_justify="left")
            for reason, times in found.most_common(20):
                table.add_row(reason, str(times))
            console.print(table)


def print_messages(console: Console, imported: Imported) -> None:
    """What became of the messages of citizens."""
    table = Table(title="12345 · messages of citizens", show_header=False, title_justify="left")
    table.add_row("messages in the file", str(imported.rows))
    for verdict, text in (("REGISTERED", "became work orders"), ("URGED", "urged the open order of the same caller and matter"),
                          ("REPEATED", "filed by an earlier run"), ("REFUSED", "refused with a reason")):  # fmt: skip
        table.add_row(text, str(imported.verdicts[verdict]))
    table.add_row("orders of today", str(imported.orders_today))
    for reason, times in imported.reasons.most_common(5):
        table.add_row(f"  {reason}", str(times))
    console.print(table)


def write_page(
    folder: Path, results: Sequence[Result], pictured: Sequence[Result], in_file: int, story: Story | None,
    crossings: Sequence[Crossing] = (),
) -> None:  # fmt: skip
    """One page with the table and the pictured licences, each linked to its PDF and its public verification page."""
    parts = [PAGE, "<h1>Tongban 通办 · from application to verified licence</h1><table>"]
    parts += [
        f"<tr><td>{html.escape(name)}</td><td>{html.escape(value)}</td></tr>"
        for name, value in summary(results, in_file)
    ]
    parts.append("</table>")
    for told in ([story] if story is not None else []) + list(crossings):
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in told.lines)
        parts.append(f"<h2>{html.escape(told.title)}</h2><ol>{lines}</ol>{picture(told.title, told.moments)}")
    parts.append("<main>")
    for result in pictured:
        name, code = html.escape(result.row.name), html.escape(result.uscc)
        parts.append(
            f'<figure><a href="{code}.pdf"><img loading="lazy" src="{code}.png" alt="{name}"></a>'
            f"<figcaption>{name}<br>{code}<br><small>{html.escape(result.identifier)}</small></figcaption></figure>"
        )
    parts.append("</main></html>")
    (folder / "index.html").write_text("\n".join(parts), encoding="utf-8")


def write_report(
    path: Path, results: Sequence[Result], started: datetime, story: Story | None, crossings: Sequence[Crossing] = ()
) -> None:
    """`build/reports/demo.json` in the form of all reports; every row that was not registered is explained."""
    registered = [result for result in results if result.outcome == "registered"]
    fresh = [result.seconds for result in registered if not result.repeated]
    values: list[tuple[str, float, str]] = [
        ("applied", len(results), "applications"),
        *((outcome, sum(r.outcome == outcome for r in results), "applications") for outcome in OUTCOMES),
        ("licences", sum(r.licences for r in registered), "licences"),
        ("verified", sum(r.verified for r in registered), "licences"),
        ("application_to_licence_p50", statistics.median(fresh) if fresh else 0.0, "s"),
        ("application_to_licence_p99", percentile(fresh, 0.99), "s"),
        *((("store_material_cut", story.material_cut, "share"), ("revocation_to_verdict", story.seconds_to_turn, "s"))
          if story else ()),
        *((("across_regions_closed", sum(c.ok for c in crossings), "matters"),
           ("across_regions_messages", sum(c.messages for c in crossings), "messages")) if crossings else ()),
    ]  # fmt: skip
    report = {
        "command": "demo",
        "started": started.astimezone(UTC).isoformat(),
        "ok": is_good(results) and (story is None or story.ok) and all(c.ok for c in crossings),
        "rows": [{"name": n, "value": v, "unit": u, "baseline": None, "ratio": None} for n, v, u in values],
        "explained": [
            {"row": r.row.number, "outcome": r.outcome, "reasons": r.reasons}
            for r in results
            if r.outcome != "registered"
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def is_good(results: Sequence[Result]) -> bool:
    """Nothing failed, each registered entity has exactly one licence, all verified, each refusal has a reason."""
    return all(
        (r.licences == 1 and r.verified) if r.outcome == "registered" else r.outcome != "failed" and bool(r.reasons)
        for r in results
    )
