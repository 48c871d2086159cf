# ruff: noqa: E402 - patched before anything is imported
"""Answers `permits.certificate_facts` in permits' place: `python -m … <amqp uri> <facts.json>`; runs until it is ended."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import json
import sys
from pathlib import Path
from typing import Any

from nameko.rpc import rpc
from nameko.runners import ServiceRunner


class Permits:
    """What permits shows of permits and filings, by their ids."""

    name = "permits"

    @rpc  # type: ignore[untyped-decorator]
    def certificate_facts(self, refs: list[dict[str, str]], purpose: str, asked_by: str) -> list[dict[str, Any]]:
        facts = {fact["ref"]: fact for fact in json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))}
        return [facts[ref["ref"]] for ref in refs if ref["ref"] in facts]


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": sys.argv[1]})
    runner.add_service(Permits)
    runner.start()
    runner.wait()
