"""Key ring on files: `<key_dir>/certificates/keys.json` and one `<key_id>.pem` a key.

keys.json: {"active": "<key_id>", "keys": {"<key_id>": {"algorithm": "Ed25519", "not_before": "<ISO 8601>",
"not_after": null}}}
A retired key keeps its entry with `not_after`; its file may then hold the public key only.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path

from services.certificates.domain.signing import ALGORITHMS, Ed25519Key, KeyRing

INDEX = "keys.json"


def load_key_ring(folder: Path, now: datetime, create_missing: bool = False) -> KeyRing:
    """Read the ring. With `create_missing` (development) an empty folder gets its first key, once for all processes.

    Raises FileNotFoundError, ValueError (a file that is no such key).
    """
    if create_missing and not (folder / INDEX).exists():
        _create_first_key(folder, now)
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    keys = [
        ALGORITHMS[entry["algorithm"]](
            key_id,
            (folder / f"{key_id}.pem").read_bytes(),
            datetime.fromisoformat(entry["not_before"]),
            datetime.fromisoformat(entry["not_after"]) if entry["not_after"] else None,
        )
        for key_id, entry in index["keys"].items()
    ]
    return KeyRing(keys, index["active"])


def _create_first_key(folder: Path, now: datetime) -> None:
    """Both processes of the service may start at once: whoever links the index first wins, the other reads it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519Key.generate()
    key_id = f"c{hashlib.sha256(pem).hexdigest()[:8]}"
    entry = {"algorithm": Ed25519Key.algorithm, "not_before": now.isoformat(timespec="seconds"), "not_after": None}
    write_secret(folder / f"{key_id}.pem", pem)
    draft = folder / f"{INDEX}.{key_id}"
    write_secret(draft, json.dumps({"active": key_id, "keys": {key_id: entry}}, indent=2).encode())
    try:
        os.link(draft, folder / INDEX)
    except FileExistsError:
        (folder / f"{key_id}.pem").unlink()
    finally:
        draft.unlink()


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file that only its owner reads; it is on the disk when this returns. Raises FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
