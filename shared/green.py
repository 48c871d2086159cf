"""Making the standard library cooperative: the first thing a worker process does."""

from __future__ import annotations

import warnings


def patch() -> None:
    """Patch for eventlet. Must run before pymongo, pika, kombu or nameko are imported."""
    # eventlet announces that it is in bugfix mode; nameko needs it, and the line would open every worker's log
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
