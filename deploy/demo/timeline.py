"""One matter as a picture: what happened to it in which service of which region, in order of time (SVG, no script)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.clock import LOCAL

# Colour of a service's lane, the same in every picture.
COLOURS = {
    "registration": "#a3241c",
    "permits": "#1f5f8b",
    "hotline": "#b7791f",
    "handoff": "#2f6f4f",
    "certificates": "#6b3fa0",
}
ROW, TOP, LANE, LEFT, TEXT = 30, 96, 104, 120, 560
STYLE = (
    'text{font:13px system-ui,"Noto Sans CJK SC",sans-serif;fill:#222}.t{fill:#777;font-size:12px}'
    ".h{font-weight:600}.r{font-size:12px;fill:#555}"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when, in which region and service, which event, about which document."""

    time: datetime
    region: str
    service: str
    event: str
    subject: str

    @property
    def lane(self) -> tuple[str, str]:
        return self.region, self.service


def in_order(moments: Sequence[Moment]) -> list[Moment]:
    """By time; the same event of the same document counts once."""
    unique = {(m.region, m.service, m.event, m.subject, m.time): m for m in moments}
    return sorted(unique.values(), key=lambda m: (m.time, m.region, m.service))


def lanes_of(moments: Sequence[Moment]) -> list[tuple[str, str]]:
    """Region and service of every lane, regions together, in the order in which they first appear."""
    regions = list(dict.fromkeys(m.region for m in moments))
    return [lane for region in regions for lane in dict.fromkeys(m.lane for m in moments if m.region == region)]


def picture(title: str, moments: Sequence[Moment]) -> str:
    """The matter as an SVG: a lane for each service of each region, a line that follows the matter from top to bottom."""
    moments = in_order(moments)
    lanes = lanes_of(moments)
    column = {lane: LEFT + LANE * index + LANE // 2 for index, lane in enumerate(lanes)}
    words, height = LEFT + LANE * len(lanes) + 16, TOP + ROW * len(moments) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {words + TEXT} {height}" width="{words + TEXT}">',
        f"<style>{STYLE}</style><rect width='100%' height='100%' fill='#fff'/>",
        f'<text class="h" x="12" y="26" font-size="16">{html.escape(title)}</text>',
    ]
    for (region, service), x in column.items():
        colour = COLOURS.get(service, "#444")
        parts.append(f'<line x1="{x}" x2="{x}" y1="{TOP - 14}" y2="{height - 16}" stroke="{colour}" opacity=".25"/>')
        parts.append(f'<text class="r" x="{x}" y="{TOP - 40}" text-anchor="middle">{html.escape(region)}</text>')
        parts.append(
            f'<text class="h" x="{x}" y="{TOP - 24}" text-anchor="middle" style="fill:{colour}">{service}</text>'
        )
    places = [(column[m.lane], TOP + ROW * index) for index, m in enumerate(moments)]
    path = " ".join(f"{x},{y}" for x, y in places)
    parts.append(f'<polyline points="{path}" fill="none" stroke="#999" stroke-dasharray="3 3"/>')
    for moment, (x, y) in zip(moments, places, strict=True):
        clock = moment.time.astimezone(LOCAL).strftime("%H:%M:%S.%f")[:-3]
        parts.append(f'<text class="t" x="12" y="{y + 4}">{clock}</text>')
        parts.append(f'<circle cx="{x}" cy="{y}" r="6" fill="{COLOURS.get(moment.service, "#444")}"/>')
        parts.append(f'<text x="{words}" y="{y + 4}">{html.escape(moment.event)}</text>')
        parts.append(f'<text class="t" x="{words + 250}" y="{y + 4}">{html.escape(moment.subject)}</text>')
    return "\n".join([*parts, "</svg>"])
