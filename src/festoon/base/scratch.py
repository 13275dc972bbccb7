"""Directories for files that live as long as the work that needs them, and hold members' data meanwhile."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextmanager
def scratch(purpose: str) -> Iterator[Path]:
    """A new empty directory that only this account enters, until the block ends.

    A process that is killed leaves its directory behind; the next one for the same `purpose` removes it. Which are
    left is told by a lock that the kernel lets go of with the process.
    """
    prefix = f"festoon-scratch-{purpose}-"
    _sweep(prefix)
    room, held = _locked(prefix)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os.close(held)


def _locked(prefix: str) -> tuple[Path, int]:
    while True:
        room = Path(tempfile.mkdtemp(prefix=prefix))
        with suppress(FileNotFoundError):
            held = os.open(room, _OPEN)
            fcntl.flock(held, fcntl.LOCK_EX)
            if room.exists():
                return room, held
            os.close(held)  # swept between being made and being locked


def _sweep(prefix: str) -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):  # not a directory, gone meanwhile, somebody else's, or still worked in
            held = os.open(left, _OPEN)
            try:
                if os.fstat(held).st_uid == os.geteuid():
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(held)
