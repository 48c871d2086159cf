"""The picture of a matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from deploy.demo.timeline import Moment, in_order, lanes_of, picture

START = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def moment(seconds: int, region: str, service: str, event: str = "CaseReceived") -> Moment:
    return Moment(START + timedelta(seconds=seconds), region, service, event, "hof_01")


MOMENTS = [
    moment(3, "440305", "registration"),
    moment(0, "320411", "handoff"),
    moment(1, "440305", "handoff"),
    moment(9, "320411", "handoff", "ResultReceived"),
    moment(0, "320411", "handoff"),
]


def test_moments_stand_in_order_of_time_and_each_once() -> None:
    assert [(m.region, m.service) for m in in_order(MOMENTS)] == [
        ("320411", "handoff"), ("440305", "handoff"), ("440305", "registration"), ("320411", "handoff"),
    ]  # fmt: skip


def test_lanes_of_one_region_stand_together() -> None:
    assert lanes_of(in_order(MOMENTS)) == [("320411", "handoff"), ("440305", "handoff"), ("440305", "registration")]


def test_the_picture_is_whole_xml_with_a_dot_for_each_moment_and_nothing_from_elsewhere() -> None:
    drawn = picture("一件事 <1>", MOMENTS)
    root = ElementTree.fromstring(drawn)
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 4
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
