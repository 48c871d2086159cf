"""What the pages for people say of files, commands and events is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from services.registration.domain.bundle_types import bundle_kinds
from shared.topology import load_topology

ROOT = Path(__file__).resolve().parents[3]
SERVICES = ("registration", "permits", "hotline", "handoff", "certificates")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_page_of_the_topology_names_every_question_and_every_event_between_services() -> None:
    topology, text = load_topology(port_offset=0), page("docs/topology.md")
    groups = tuple(re.findall(r"\b([A-Z]\w+)…", text))
    heard = {
        s.event for name, service in topology.services.items() for s in service.subscriptions if s.publisher != name
    }
    # what handoff hears of a case is told there as "what became of it"
    passed_on = {s.event for s in topology.services["handoff"].subscriptions}
    assert [q.name for q in topology.questions if q.name not in text] == []
    assert sorted(e for e in heard - passed_on if e not in text and not e.startswith(groups)) == []


@pytest.mark.parametrize("part", ["domain", "usecases", "store", "rpc"])
def test_the_parts_of_a_service_stand_where_contributors_are_sent(part: str) -> None:
    assert f"`services/<name>/{part}/`" in page("CONTRIBUTING.md")
    small = {"store", "rpc"}  # one file where that is enough
    for folder in (ROOT / "services" / name for name in SERVICES):
        assert (folder / part).is_dir() or (part in small and (folder / f"{part}.py").exists()), folder


@pytest.mark.parametrize("name", ["gateway/README.md", "deploy/local/cli.py"])
def test_a_token_is_had_by_a_command_that_there_is_without_setting_a_path(name: str) -> None:
    assert "make token CLIENT=applicant" in page(name)
    assert re.search(r"^token:", page("Makefile"), re.M)


def test_the_addresses_of_other_authorities_are_shown_by_codes_that_bundles_ask() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", page("services/registration/README.md"), re.S)
    asked = {rule.authority for kind in bundle_kinds().values() for rule in kind.parts if rule.does == "authority"}
    assert set(yaml.safe_load(shown)["authorities"]) <= asked
    assert all(set(body) == {"url"} for body in yaml.safe_load(shown)["authorities"].values())
