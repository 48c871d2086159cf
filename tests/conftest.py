"""One store and one broker for the whole test run, on ports and in a folder of its own; started when first needed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.integration.servers import free_offset
from tests.integration.servers import servers as start_servers


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


# a run that is told to end takes its servers and platforms down first, as Ctrl-C does
signal.signal(signal.SIGTERM, _interrupted)
# a machine that stands still for a moment fails no test
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
# Whatever the shell says about a running stack is not meant for the tests.
for name in [name for name in os.environ if name.startswith("TONGBAN_")]:
    del os.environ[name]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real mongod and a real RabbitMQ node (see tests/integration/servers.py)."""
    with start_servers(tmp_path_factory.mktemp("servers"), free_offset()) as running:
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tests come in an order drawn anew each time; a run that fails says how to draw it again."""
    seed = config.getoption("randomly_seed", None)
    if seed is not None and terminalreporter.stats.keys() & {"failed", "error"}:
        terminalreporter.write_line(f"the same order again: make test T=--randomly-seed={seed}")
