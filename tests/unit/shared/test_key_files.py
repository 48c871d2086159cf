"""Secrets that the first process makes: processes that start together read one and the same, whole."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.key_files import write_once
from shared.personal_data import KEY_FILE, read_sealer


def test_whoever_starts_while_the_key_is_being_written_has_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.fdopen

    def slowly(*arguments: Any) -> Any:
        file = opened(*arguments)
        time.sleep(0.1)  # the file is there, and nothing in it yet
        return file

    monkeypatch.setattr(os, "fdopen", slowly)

    def told(number: int) -> str:
        time.sleep(number * 0.03)
        return read_sealer(tmp_path).lookup("x")

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(told, range(6)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert len((tmp_path / KEY_FILE).read_bytes()) == 32


def test_a_secret_that_stands_stays_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_once(path, b"whole")
    write_once(path, b"another")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"whole", 0o600)
