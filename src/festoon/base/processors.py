"""How many processors there are for this process: fewer than the machine has, where it was given only some of them."""

import os


def processors() -> int:
    """The processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # where the system gives a process all of them
