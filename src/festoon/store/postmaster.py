"""What a data directory says about the server running on it: `postmaster.pid`, and whether to believe it."""

from pathlib import Path

import psutil
from msgspec import Struct

PID_FILE = "postmaster.pid"
NAME = "postgres"
# Lines of the file as PostgreSQL writes it (its pidfile.h), counted from zero.
PID, SOCKET_DIR = 0, 4


class Postmaster(Struct, frozen=True):
    """A live server: taking connections, or still starting or recovering."""

    pid: int
    socket_dir: Path


def find(data_dir: Path) -> Postmaster | None:
    """The server that runs on `data_dir`, or None: no file, half a file, a dead or another process."""
    lines = _lines(data_dir / PID_FILE)
    pid = _pid(lines)
    if pid is None or not _serves(data_dir, pid):
        return None
    # A server that has just begun has not written that line yet.
    return Postmaster(pid, Path(lines[SOCKET_DIR].strip() if len(lines) > SOCKET_DIR else data_dir))


def clear_stale(data_dir: Path, socket_lock: Path) -> None:
    """Remove lock files of a dead server whose process number now belongs to something else.

    PostgreSQL itself steps over a file whose process is gone, but not over one whose number was given to
    another process, or to a dead child nobody has collected: both are usual in containers. What is left of
    a killed server is still noticed without the files, by the shared memory it is attached to. To be called
    only while nobody else may start a server.
    """
    for lock in (data_dir / PID_FILE, socket_lock):
        pid = _pid(_lines(lock))
        if pid is not None and psutil.pid_exists(pid) and not _serves(data_dir, pid):
            lock.unlink(missing_ok=True)


def _lines(lock: Path) -> list[str]:
    try:
        return lock.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _pid(lines: list[str]) -> int | None:
    try:
        return int(lines[PID])
    except (IndexError, ValueError):
        return None


def _serves(data_dir: Path, pid: int) -> bool:
    # By its command line: without extra rights a container's root cannot see another account's directories.
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != NAME:
            return False
        return str(data_dir) in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
