"""A service process at rest has not loaded what it does not use."""

from __future__ import annotations

import subprocess
import sys

import pytest

LEFT_OUT = ("PIL", "dateutil", "rich", "pydantic", "pydantic_settings", "fastapi", "typer", "httpx")


@pytest.mark.parametrize("service", ["registration", "certificates", "permits", "hotline", "handoff"])
@pytest.mark.parametrize("process", ["rpc", "worker"])
def test_what_a_process_does_not_use_is_not_loaded(service: str, process: str) -> None:
    code = (
        f"import sys; sys.argv = ['x', {process!r}]; import services.{service}.__main__, services.{service}.rpc\n"
        f"print([name for name in {LEFT_OUT!r} if name in sys.modules])"
    )
    if process == "worker":
        code = code.replace(f", services.{service}.rpc", f", services.{service}.handlers, shared.worker")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_what_was_left_out_can_still_be_imported() -> None:
    code = "import shared.settings, shared.logs, mongoengine, structlog, PIL, dateutil, rich; print(PIL.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "PIL", done.stderr
