"""Python's collector, set up for a process that lives long: what start-up made is never looked at again, and young objects are
looked at less often. At the usual settings a loaded process spends a twentieth of its time looking through modules and
descriptors that never go away.
"""

from __future__ import annotations

import gc

# Allocations between looks at the young, then how many such looks before the next generation; usual: 700, 10, 10.
THRESHOLDS = (20_000, 20, 50)


def settle() -> None:
    """Call once, when a process has started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
