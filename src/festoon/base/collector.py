"""The garbage collector, told that a process which decides events makes many small objects and hardly any circles.

Left alone it looks through all of them every few hundred, which costs a third of the time.
"""

import atexit
import gc

THRESHOLDS = (100_000, 50, 100)


def calm() -> None:
    """Take what is loaded so far out of its sight, and let it look rarely. For a whole process, at its start."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # extension modules look at what is left when the process ends
    gc.set_threshold(*THRESHOLDS)
