"""Every overlay keeps the house rules for a cluster, and each rule finds the one fault of its bad document."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.deploy import policies
from tests.unit.deploy.built import NAMES, built, named
from tests.unit.deploy.network_policies import doors, wrong_doors

BAD = Path(__file__).parent / "bad"
Rule = Callable[[list[dict[str, Any]]], list[str]]


def wrong_doors_of_production(documents: list[dict[str, Any]]) -> list[str]:
    """The network of production."""
    return wrong_doors(documents, "production")


RULES: list[Rule] = [
    policies.unpinned_images, policies.unlimited_containers, policies.unprobed_containers, policies.bad_budgets,
    policies.mounted_tokens, policies.unrestricted_pods, policies.secrets_in_the_open, policies.dangling_references,
    policies.unstaged_documents,
]  # fmt: skip
PRODUCTION_RULES: list[Rule] = [policies.images_without_digest, policies.single_processes, wrong_doors_of_production]


def of_rule(rule: Rule) -> Path:
    return BAD / f"{rule.__name__.removesuffix('_of_production')}.yaml"


@pytest.mark.parametrize("overlay", NAMES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_overlay_keeps_the_rule(overlay: str, rule: Rule) -> None:
    assert rule(built(overlay)) == []


@pytest.mark.parametrize("rule", PRODUCTION_RULES, ids=lambda rule: rule.__name__)
def test_production_keeps_the_rule(rule: Rule) -> None:
    assert rule(built("production")) == []


@pytest.mark.parametrize("overlay", NAMES)
def test_the_doors_that_are_open_are_those_of_the_topology(overlay: str) -> None:
    assert wrong_doors(built(overlay), overlay) == []


@pytest.mark.parametrize("rule", [*RULES, *PRODUCTION_RULES], ids=lambda rule: rule.__name__)
def test_the_rule_finds_its_bad_document_and_nothing_else(rule: Rule) -> None:
    text = of_rule(rule).read_text(encoding="utf-8")
    first, _, _ = text.partition("\n")

    found = rule([*built("production"), yaml.safe_load(text)])

    # what stands in the first line, beside what a broad fault brings with it
    assert first.removeprefix("# expected: ") in found
    assert len(found) == 1


def test_every_bad_document_belongs_to_a_rule() -> None:
    assert set(BAD.iterdir()) == {of_rule(rule) for rule in [*RULES, *PRODUCTION_RULES]}


def test_without_the_default_policy_doors_stand_open() -> None:
    documents = [d for d in built("production") if d["kind"] != "NetworkPolicy"]

    assert ("anyone", "tongban-store", "0-65535") in doors(documents)
    assert ("permits-worker", "certificates-rpc", "0-65535") in doors(documents)


def test_a_missing_default_policy_is_found_though_every_pod_has_its_own() -> None:
    documents = [d for d in built("production") if d["metadata"]["name"] != "default-deny"]

    assert wrong_doors(documents, "production") == ["nothing is shut by default"]


@pytest.mark.parametrize("name", ["gateway", "handoff-worker", "registration-worker", "bus", "broker", "store-members"])
def test_a_missing_policy_shuts_what_the_topology_wants_open(name: str) -> None:
    documents = [d for d in built("production") if (d["kind"], d["metadata"]["name"]) != ("NetworkPolicy", name)]

    assert any("cannot reach" in problem for problem in wrong_doors(documents, "production"))


def test_nobody_but_the_gateway_and_two_workers_reaches_https_outside_save_the_operators_pods() -> None:
    outside = {source for source, target, port in doors(built("production")) if (target, port) == ("outside", "443")}

    assert outside == {"gateway", "handoff-worker", "registration-worker", "tongban-broker", "tongban-store"}


def test_every_secret_of_the_guide_is_used_and_every_secret_used_is_in_the_guide() -> None:
    used = {name for overlay in NAMES for _who, name, _key in policies.secret_references(built(overlay))}

    assert used == set(policies.listed_secrets())


def test_a_budget_counts_the_least_that_its_autoscaler_keeps() -> None:
    documents = copy.deepcopy(built("production"))
    named(documents, "HorizontalPodAutoscaler")["gateway"]["spec"]["minReplicas"] = 1

    assert policies.bad_budgets(documents) == ["budget gateway: 1 of 1 must stay"]
