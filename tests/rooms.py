"""Where a run of the tests keeps its servers: in memory, where there is enough of it.

A fresh database is 800 files, and on many disks making them takes longer than the test that wants them.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

PREFIX = "festoon-tests-"
MEMORY = Path("/dev/shm")  # Linux keeps it in memory, and it is open to every account
ENOUGH = 2 << 30  # bytes; a tenth of that is the most that a whole run was seen to hold


def roomiest() -> Path:
    """The directory to make a run's room in."""
    if MEMORY.is_dir() and min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) >= ENOUGH:
        return MEMORY
    return Path(tempfile.gettempdir())


def rooms(with_file: str) -> Iterator[Path]:
    """That file in every run's room that has it, wherever it was made."""
    for place in {MEMORY, Path(tempfile.gettempdir())}:
        yield from place.glob(f"{PREFIX}*/{with_file}")


def passable(inside: Path) -> Path:
    """A new directory that another account can pass through: under root the server runs as one."""
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=inside))
    made.chmod(0o711)
    return made
