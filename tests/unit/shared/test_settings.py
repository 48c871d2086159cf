"""Settings of a process: variables, files, rules; what is wrong is named, and never its value."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from msgspec import Meta

from services.certificates.config import Settings as CertificatesSettings
from services.handoff.config import Settings as HandoffSettings
from shared.settings import ProcessSettings, SettingWrong, read_settings


class Sample(ProcessSettings, frozen=True, kw_only=True):
    names: Annotated[list[str], Meta(description="names")] = []


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGBAN_MONGO_URI", "mongodb://secret-password@store")
    monkeypatch.setenv("TONGBAN_AMQP_URI", "amqp://bus")


def test_variables_become_typed_fields_and_the_rest_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RPC_THREADS": "4", "DRAIN_SECONDS": "2.5", "KEY_DIR": "/keys", "NAMES": '["a","b"]',
                        "SOMETHING_ELSE": "x"}.items():  # fmt: skip
        monkeypatch.setenv(f"TONGBAN_{name}", value)
    found = read_settings(Sample)
    assert (found.rpc_threads, found.drain_seconds, found.key_dir, found.names) == (4, 2.5, Path("/keys"), ["a", "b"])
    assert (found.bind_host, found.outbox_limit, found.region) == ("127.0.0.1", 20_000, "320411")


@pytest.mark.parametrize(
    ("name", "value"),
    [("RPC_THREADS", "0"), ("RPC_THREADS", "many"), ("DRAIN_SECONDS", "0"), ("WORKER_GREENLETS", ""), ("NAMES", "[1]"),
     ("NAMES", "[")],
)  # fmt: skip
def test_a_value_that_breaks_its_rule_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"TONGBAN_{name}", value)
    with pytest.raises(SettingWrong, match=f"TONGBAN_{name}"):
        read_settings(Sample)


def test_what_is_missing_is_named_and_no_value_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TONGBAN_AMQP_URI")
    with pytest.raises(SettingWrong) as refused:
        read_settings(ProcessSettings)
    assert "TONGBAN_AMQP_URI is missing" in str(refused.value)
    assert "secret-password" not in str(refused.value)


def test_files_give_what_variables_do_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TONGBAN_AMQP_URI")
    (tmp_path / "TONGBAN_AMQP_URI").write_text("amqp://from-file\n")
    (tmp_path / "TONGBAN_MONGO_URI").write_text("mongodb://from-file")
    monkeypatch.setenv("TONGBAN_SECRETS_DIR", str(tmp_path))
    found = read_settings(ProcessSettings)
    assert (found.amqp_uri, found.mongo_uri) == ("amqp://from-file", "mongodb://secret-password@store")


def test_each_service_reads_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGBAN_CREATE_SIGNING_KEY", "false")
    monkeypatch.setenv("TONGBAN_PARTNERS_FILE", "/partners.yaml")
    assert read_settings(CertificatesSettings).create_signing_key is False
    assert read_settings(HandoffSettings).partners_file == Path("/partners.yaml")
