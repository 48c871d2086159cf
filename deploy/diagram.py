"""Draw `docs/architecture.svg` from the topology: `python -m deploy.diagram`, or `--check` that it is in step."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from shared.topology import Topology, load_topology

TARGET = Path(__file__).resolve().parent.parent / "docs" / "architecture.svg"
CHINESE = {"registration": "登记", "certificates": "证照", "permits": "许可", "hotline": "热线", "handoff": "通办"}
WIDTH, BOX, GAP, TOP = 1060, 184, 22, 196
STYLE = """<style>
text{font-family:system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;font-size:13px;fill:#1c2733}
.h{font-size:17px;font-weight:600}.k{font-size:12px;font-weight:600}.s{font-size:11.5px;fill:#51606e}.b{fill:#fff;stroke:#9fb0bf}.g{fill:#eaf2fb;stroke:#5b87b5}
.p{fill:#f4f8f3;stroke:#8aa883}.d{fill:#fbf5e9;stroke:#c7a663}.q{fill:#fbeeee;stroke:#bf7b74}
.l{stroke:#5b87b5;fill:none;marker-end:url(#a)}.e{stroke:#bf7b74;fill:none;marker-end:url(#r)}</style>
<defs><marker id="a" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">
<path d="M0 0 8 4 0 8z" fill="#5b87b5"/></marker>
<marker id="r" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">
<path d="M0 0 8 4 0 8z" fill="#bf7b74"/></marker></defs>
"""


def draw(topology: Topology) -> str:
    """The picture as SVG text."""
    parts = [STYLE]
    parts.append(
        _box(
            20,
            14,
            WIDTH - 40,
            44,
            "b",
            "partner regions · counters · portals · citizens' phones",
            "HTTP/JSON, OpenAPI 3.1, bearer tokens; between regions signed messages (RFC 9421)",
        )
    )
    parts.append(
        _box(
            20,
            92,
            WIDTH - 40,
            58,
            "g",
            f"gateway :{topology.gateway_port}",
            "who are you, may you, which call · docs page · public verification page",
        )
    )
    parts.append(f'<path class="l" d="M{WIDTH / 2} 58V90"/>')
    queues = {name: len(service.subscriptions) for name, service in topology.services.items()}
    order = [name for name in CHINESE if name in topology.services] + [n for n in topology.services if n not in CHINESE]
    bus_top = TOP + 176
    for index, name in enumerate(order):
        service, x = topology.services[name], 20 + index * (BOX + GAP)
        parts.append(f'<rect class="b" x="{x}" y="{TOP}" width="{BOX}" height="132" rx="8"/>')
        parts.append(f'<text class="h" x="{x + 12}" y="{TOP + 24}">{name} {CHINESE.get(name, "")}</text>')
        parts.append(_box(x + 10, TOP + 36, 78, 40, "p", "rpc", f":{service.rpc_port}"))
        parts.append(_box(x + 96, TOP + 36, 78, 40, "p", "worker", f"{queues[name]} queue{'s' * (queues[name] != 1)}"))
        parts.append(_box(x + 10, TOP + 84, 164, 38, "d", f"MongoDB · {service.database}", "own database, own user"))
        parts.append(f'<path class="l" d="M{x + 49} 150V{TOP - 2}"/>')
        if service.publishes:
            parts.append(f'<path class="e" d="M{x + 30} {TOP + 132}V{bus_top - 2}"/>')
            parts.append(f'<text class="s" x="{x + 36}" y="{bus_top - 18}">{len(service.publishes)} events</text>')
        if service.subscriptions:
            parts.append(f'<path class="e" d="M{x + 135} {bus_top}V{TOP + 134}"/>')
    parts.append(f'<text class="s" x="{20 + 57}" y="{176}">gRPC: commands and queries</text>')
    parts.append(
        _box(
            20,
            bus_top,
            WIDTH - 40,
            52,
            "q",
            "RabbitMQ · quorum queues",
            "events: facts in the past tense, ids only · outbox, confirms, delay queues, dead letters with a reason",
        )
    )
    bottom = bus_top + 76
    for index, name in enumerate(order):
        lines = _heard(topology, name)
        for place, (kind, text) in enumerate(lines):
            y = bus_top + 76 + 16 * place
            parts.append(f'<text class="{kind}" x="{20 + index * (BOX + GAP)}" y="{y}">{escape(text)}</text>')
            bottom = max(bottom, y)
    y = bottom + 20
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="Architecture of Tongban">'
    return f'{head}\n<rect width="{WIDTH}" height="{y}" fill="#fcfdfe"/>\n' + "\n".join(parts) + "\n</svg>\n"


def _heard(topology: Topology, consumer: str) -> list[tuple[str, str]]:
    """What a service hears from others and asks of them, as lines of text under its column."""
    lines: list[tuple[str, str]] = []
    subscriptions = [s for s in topology.services[consumer].subscriptions if s.publisher != consumer]
    for publisher in dict.fromkeys(s.publisher for s in subscriptions):
        lines.append(("k", f"hears {publisher}"))
        lines += [("s", s.event) for s in subscriptions if s.publisher == publisher]
    asked = [question.name for question in topology.questions if consumer in question.asked_by]
    if asked:
        lines.append(("k", "asks"))
        lines += [("s", name) for name in asked]
    return lines


def _box(x: float, y: float, width: float, height: float, kind: str, title: str, line: str) -> str:
    middle = x + width / 2
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
        f'<text x="{middle}" y="{y + height / 2 - 3}" text-anchor="middle">{escape(title)}</text>'
        f'<text class="s" x="{middle}" y="{y + height / 2 + 13}" text-anchor="middle">{escape(line)}</text>'
    )


def main() -> None:
    """Write the picture, or compare with `--check`."""
    text = draw(load_topology(port_offset=0))
    if "--check" in sys.argv:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            raise SystemExit(
                "docs/architecture.svg is not in step with deploy/topology.yaml: run python -m deploy.diagram"
            )
        return
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
