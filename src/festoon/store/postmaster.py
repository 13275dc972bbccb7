"""What a data directory says about the server running on it: `postmaster.pid`, and whether to believe it."""

from pathlib import Path

import psutil
from msgspec import Struct

PID_FILE = "postmaster.pid"
NAME = "postgres"
# Lines of the file as PostgreSQL writes it (its miscadmin.h, LOCK_FILE_LINE_*), counted from zero.
PID, SOCKET_DIR, STATUS = 0, 4, 7


class Postmaster(Struct, frozen=True):
    """A live server. `ready` says that it takes connections; before that it starts, or recovers."""

    pid: int
    socket_dir: Path
    ready: bool


def find(data_dir: Path) -> Postmaster | None:
    """The server that runs on `data_dir`, or None: no file, half a file, a dead or another process."""
    try:
        lines = (data_dir / PID_FILE).read_text(encoding="utf-8").splitlines()
        pid = int(lines[PID])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _runs_on(data_dir, pid):
        return None
    said = [line.strip() for line in lines] + [""] * (STATUS + 1)
    return Postmaster(pid, Path(said[SOCKET_DIR]), said[STATUS] == "ready")


def strays(data_dir: Path) -> list[int]:
    """Server processes that still run on `data_dir`: they outlive a killed postmaster by a moment."""
    return [process.pid for process in psutil.process_iter() if _runs_on(data_dir, process.pid)]


def clear_stale(data_dir: Path) -> None:
    """Remove a `postmaster.pid` whose process number now belongs to something else.

    PostgreSQL itself steps over a file whose process is gone, but not over one whose number was given to
    another process, or to a dead child nobody has collected: both are usual in containers. Call it only when
    `find` and `strays` saw nothing, and nobody else may start a server.
    """
    (data_dir / PID_FILE).unlink(missing_ok=True)


def _runs_on(data_dir: Path, pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith(NAME):
            return False
        return Path(process.cwd()) == data_dir
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
