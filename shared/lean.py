"""Libraries load what happens to be installed; what this platform does not use of it costs every process memory at rest.

mongoengine loads Pillow (its image field) and dateutil, structlog and httpx load rich (colours, a command line). Here they
are loaded without them: 6 MB a process, sixty in all. Afterwards whoever needs them imports them as usual. pymongo and gridfs
load their asynchronous half as well; names stand in for it: 1.3 MB more.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
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


def load_with_stand_ins(module: str, stand_ins: Mapping[str, Sequence[str]]) -> ModuleType:
    """Import a module while others (name → names in it) are empty stand-ins that cannot be used."""
    made = [name for name in stand_ins if name not in sys.modules]
    for name in made:
        stand_in = ModuleType(name)
        vars(stand_in).update({one: type(one, (), {"__init__": _unusable}) for one in stand_ins[name]})
        sys.modules[name] = stand_in
    try:
        return importlib.import_module(module)
    finally:
        for name in made:
            del sys.modules[name]


def _unusable(self: object, *_: object, **__: object) -> None:
    raise NotImplementedError(f"{type(self).__name__} is left out here (shared/lean.py)")
