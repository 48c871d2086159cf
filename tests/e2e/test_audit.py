"""`make audit` on running regions: green, then a loss is planted, found and named, mended, and green again."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pika
import pytest

from deploy.demo.desk import wait_for
from deploy.demo.rows import store_application
from deploy.local.rabbit import amqp_uri
from deploy.local.state import open_state
from tests.bench.platform import ROOT, Platform
from tests.e2e.regions import Regions

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
QUEUE, EXCHANGE = "certificates.on_entity_registered.v1", "registration.events"
KEY = "tongban.registration.v1.EntityRegistered"


def audit(running: Platform, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "deploy.audit", "--report", str(folder / "audit.json")]
    done = subprocess.run(command, env=running.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    report: dict[str, Any] = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    assert done.returncode == (0 if report["ok"] else 1), done.stdout + done.stderr
    return report | {row["name"]: row["value"] for row in report["rows"]}


def green(running: Platform, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = wait_for("the audit to be green", lambda: audit(running, folder), lambda a: a["ok"], 1.0)
    return found


def register(regions: Regions) -> str:
    """A company set up at home; its entity's id."""
    desk, run = regions.here, secrets.token_hex(6)
    application = desk.ask(
        "POST", "/v1/registration/applications", "applicant", key=run, json=store_application([], "320411")
    )
    decided = desk.register(application["application_id"], application["version"], f"{run}-decide")
    return str(decided["entity_id"])


def test_a_planted_loss_is_found_and_named_and_its_mending_makes_the_audit_green(
    running: Platform, regions: Regions, tmp_path: Path
) -> None:
    register(regions)
    before = green(running, tmp_path)
    assert before["events_handled"] > 0
    assert before["cases_open"] == before["cases_progressing"] + before["cases_waiting"] + before["cases_stuck"]

    admin = amqp_uri(open_state(running.folder), running.topology, running.topology.rabbit["admin_user"])
    connection = pika.BlockingConnection(pika.URLParameters(admin))
    channel = connection.channel()
    channel.queue_unbind(QUEUE, EXCHANGE, KEY)
    try:
        entity_id = register(regions)
        # it is published after the answer: bound again before that, the queue would get it
        entities = running.register["entities"]
        wait_for("its event to be published", lambda: entities.find_one({"_id": entity_id}), lambda e: not e["pending"])
    finally:
        channel.queue_bind(QUEUE, EXCHANGE, KEY)
        connection.close()

    lost = wait_for("the loss to be old enough", lambda: audit(running, tmp_path), lambda a: a["events_lost"] > 0, 1.0)
    assert lost["events_lost"] == 1
    [found] = [f["what"] for f in lost["findings"] if f["invariant"] == "events_lost"]
    assert f"{QUEUE} never handled registration.EntityRegistered" in found
    assert entity_id in found

    entity = running.register["entities"].find_one({"_id": entity_id})
    event_id = next(e["id"] for e in entity["timeline"] if e["type"] == "EntityRegistered")
    running.register["entities"].update_one({"_id": entity_id}, {"$push": {"pending": event_id}})  # published again
    green(running, tmp_path)
