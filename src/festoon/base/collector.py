"""The garbage collector, told that a process which decides events makes many small objects and hardly any circles.

Left alone it looks through all of them every few hundred, which costs a third of the time.
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (100_000, 50, 100)


def calm() -> None:
    """Take what is loaded so far out of its sight, and let it look rarely. For a whole process, at its start."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # extension modules look at what is left when the process ends
    gc.set_threshold(*THRESHOLDS)


@contextmanager
def still() -> Iterator[None]:
    """No looking at all while something is run in memory that leaves no circles behind and keeps most of what it makes:
    to look through that again and again finds nothing. Afterwards it is as it was. What was made inside is best let go
    of inside: whatever is left over is looked through at the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
