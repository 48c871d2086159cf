"""Secret files that the first process makes (development; in production they are mounted)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Put a secret where there is none yet, whole or not at all: processes that start together all read the same one, and none
    reads a file that another is still writing. One that stands there stays; its folder may be read-only."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was faster
        pass
    finally:
        draft.unlink()
