"""Libraries load what happens to be installed; what this platform does not use of it costs every process memory at rest.

mongoengine loads Pillow (its image field) and dateutil, structlog and httpx load rich (colours, a command line). Here they
are loaded without them: 6 MB a process, sixty in all. Afterwards whoever needs them imports them as usual.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType


def load_without(module: str, *left_out: str) -> ModuleType:
    """Import a module as if these were not installed (unless they are loaded already)."""
    hidden = [name for name in left_out if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        return importlib.import_module(module)
    finally:
        for name in hidden:
            del sys.modules[name]
