"""Python's garbage collector, kept out of the way of batches.

A batch makes tens of thousands of objects that live until it is answered and then go by their reference counts. The
collector looks through them again and again for cycles that are not there, and with them through everything that was
ever imported: a third of the processor time of a batch of 500. So what is there at the start is set aside for good,
and the collector looks for cycles only when a hundred thousand objects more than before are alive.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALIVE = 100_000
YOUNG, OLD = 20, 50
"""How many looks at the youngest objects make one at the older ones, and so on."""


def spare() -> None:
    """For a process that does nothing else from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALIVE, YOUNG, OLD)


@contextmanager
def spared() -> Iterator[None]:
    """For the time of a block."""
    before = gc.get_threshold()
    spare()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
