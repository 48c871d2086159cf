# ruff: noqa: E402 - patched before anything is imported
"""Answers in the place of permits: `python -m … <amqp uri> permits <answers.json>`, until it is ended."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import json
import sys
from pathlib import Path
from typing import Any

from nameko.rpc import rpc
from nameko.runners import ServiceRunner


def _answers() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
    return told


class Permits:
    """Shows the applications of licence steps."""

    name = "permits"

    @rpc  # type: ignore[untyped-decorator]
    def licence_application(self, step_ids: list[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
        return [{"step_id": step_id} | _answers()[step_id] for step_id in step_ids if step_id in _answers()]


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": sys.argv[1]})
    runner.add_service({"permits": Permits}[sys.argv[2]])
    runner.start()
    runner.wait()
