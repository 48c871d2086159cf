"""Where the time goes: the functions in which a process spends its CPU while it is under load (py-spy, sampling)."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.platform import Platform

TOP = 5
RATE = 200


@contextmanager
def watched(target: Platform, process: str, seconds: int) -> Iterator[list[tuple[str, float]]]:
    """Sample one of the platform's processes; afterwards the list holds its top functions and their share of the samples.
    Empty where the system does not let us look (no ptrace)."""
    listed = json.loads((target.folder / "processes.json").read_text(encoding="utf-8"))
    processes = listed["processes"] if isinstance(listed, dict) else listed
    pid = next(one["pid"] for one in processes if one["name"] == process)
    found: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "samples"
        command = [
            str(Path(sys.executable).parent / "py-spy"), "record", "--pid", str(pid), "--duration", str(seconds),
            "--rate", str(RATE), "--format", "raw", "--output", str(out), "--nonblocking",
        ]  # fmt: skip
        looking = threading.Thread(target=lambda: subprocess.run(command, capture_output=True, check=False))
        looking.start()
        try:
            yield found
        finally:
            looking.join(seconds + 20)
            found += _top(out.read_text(encoding="utf-8")) if out.exists() else []


def _top(samples: str) -> list[tuple[str, float]]:
    """Functions by the samples in which they were the one that ran."""
    own: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        own[stack.rpartition(";")[2].strip()] += int(count)
    total = sum(own.values()) or 1
    return [(name, count / total) for name, count in own.most_common(TOP)]
