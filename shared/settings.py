"""Settings of a process: environment variables `TONGBAN_*`, or files of the same names in `TONGBAN_SECRETS_DIR`.

A service subclasses `ProcessSettings` in its `config.py`; every field is listed in the service's README (a test compares).
By msgspec and not pydantic-settings, which costs each of ten processes 25 MB at rest (docs/adr/0021-settings-by-msgspec.md).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, field

from shared.lean import load_with_stand_ins, load_without
from shared.topology import load_topology

# here, because every service process reads this module before any document class
load_with_stand_ins("pymongo", {"pymongo.asynchronous.mongo_client": ["AsyncMongoClient"]})
load_with_stand_ins(
    "gridfs",
    {"gridfs.asynchronous.grid_file": [
        "AsyncGridFS", "AsyncGridFSBucket", "AsyncGridIn", "AsyncGridOut", "AsyncGridOutCursor"]},
)  # fmt: skip
load_without("mongoengine", "PIL", "dateutil")

PREFIX = "TONGBAN_"
S = TypeVar("S", bound="ProcessSettings")


class SettingWrong(ValueError):
    """A variable is missing or breaks its rule; the message names it and never its value, which may be a password."""


class ProcessSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What every process of a service needs to know."""

    region: Annotated[str, Meta(description="division code of this platform")] = field(
        default_factory=lambda: load_topology().region
    )
    mongo_uri: Annotated[str, Meta(description="store of this service, with its own user")]
    amqp_uri: Annotated[str, Meta(description="broker and vhost, with the service's own user")]
    bind_host: Annotated[str, Meta(description="address that the ports are opened on")] = "127.0.0.1"
    key_dir: Annotated[Path, Meta(description="folder of this process's secret keys")] = Path(".tongban/keys")
    log_level: Annotated[str, Meta(description="DEBUG, INFO, WARNING or ERROR")] = "INFO"
    rpc_threads: Annotated[int, Meta(ge=1, description="threads of the gRPC server")] = 16
    worker_greenlets: Annotated[int, Meta(ge=1, description="messages handled at once, and the prefetch")] = 20
    outbox_limit: Annotated[int, Meta(ge=1, description="unpublished events above which commands get 503")] = 20_000
    drain_seconds: Annotated[float, Meta(gt=0, description="time given to running work after SIGTERM")] = 20.0


def read_settings(kind: type[S]) -> S:
    """Build the settings of a process from its surroundings. A variable wins over a file. Raises SettingWrong."""
    given: dict[str, Any] = {}
    for one in msgspec.structs.fields(kind):
        text = _text_of(PREFIX + one.name.upper())
        if text is None:
            if one.required:
                raise SettingWrong(f"{PREFIX}{one.name.upper()} is missing")
            continue
        try:
            given[one.name] = _value(text, one.type)
        except (msgspec.MsgspecError, ValueError) as error:
            rule = str(error) if isinstance(error, msgspec.ValidationError) else "cannot be read"
            raise SettingWrong(f"{PREFIX}{one.name.upper()}: {rule}") from None
    return kind(**given)


def _text_of(name: str) -> str | None:
    if name in os.environ:
        return os.environ[name]
    folder = os.environ.get(f"{PREFIX}SECRETS_DIR")
    if not folder:
        return None
    found = next((path for path in (Path(folder, name), Path(folder, name.lower())) if path.is_file()), None)
    return found.read_text(encoding="utf-8").strip() if found else None


def _value(text: str, kind: Any) -> Any:
    """A text as the field's type: lists as JSON, everything else as it stands."""
    plain = msgspec.json.decode(text) if text.startswith("[") else text
    return msgspec.convert(plain, kind, strict=False, dec_hook=lambda wanted, value: wanted(value))
