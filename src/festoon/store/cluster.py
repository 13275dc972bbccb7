"""One data directory of PostgreSQL: make it, start a server on it, wait until it answers, stop it.

Nothing here looks at other processes of ours; `embedded` calls it while it holds the directory's lock.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from festoon.base.errors import Conflict, Unavailable, define
from festoon.store import postmaster, tuning
from festoon.store.account import Account
from festoon.store.postmaster import Postmaster

SUPERUSER = "festoon"
PORT = 5432  # only part of the socket's name
SOCKET_LOCK = f".s.PGSQL.{PORT}.lock"
SOCKET_PATH_MAX = 103  # bytes; the shortest limit, macOS's 104 with the closing zero
CONF_DIRECTORY = "conf.d"
CONF_FILE = "10-festoon.conf"
LOG_FILE = "server.log"
LOG_MAX = 16 * 1024 * 1024  # bytes kept across starts
LOG_TAIL = 1_500  # bytes of the log shown with an error
STRAYS_TRIES = 60
STRAYS_SECONDS = 1
STRAYS_SAY = b"is still in use"
RECOVERY_SAYS = b"redo starts at"
POLL_SECONDS = 0.05
SILENT_POLLS = 600
POLLS_A_STEP = 20  # the step is told about once a second
FOREVER = str(365 * 86_400)  # seconds; a wait ends when the server is ready or dead

FAILED = define(
    "store.server_failed",
    503,
    "The embedded PostgreSQL could not be run: {log}",
    "内置的 PostgreSQL 无法运行：{log}",
)
NOT_A_DATABASE = define(
    "store.not_a_database",
    409,
    "{directory} holds something other than a database; choose another data directory.",
    "{directory} 中存有其他文件，不是数据库目录；请另选数据目录。",
)
OTHER_VERSION = define(
    "store.other_version",
    409,
    "The data in {directory} was written by PostgreSQL {found}; the bundled one is {ours}.",
    "{directory} 的数据由 PostgreSQL {found} 写入，而内置版本为 {ours}。",
    todo="Dump it with the old version and load it with the new one, or keep the old package.",
    todo_zh="请用旧版本导出、用新版本导入，或继续使用旧版软件包。",
)


class Step(StrEnum):
    """What a start is busy with. `RECOVER` comes after a crash, and takes as long as it takes."""

    WAIT = "wait"
    INITIALISE = "initialise"
    START = "start"
    RECOVER = "recover"
    READY = "ready"


Progress = Callable[[Step], None]


class Cluster(Struct, frozen=True):
    """A data directory (absolute, links followed) and the account that runs its server."""

    data_dir: Path
    account: Account

    def exists(self) -> bool:
        return (self.data_dir / "PG_VERSION").exists()

    def initialise(self) -> None:
        """Make the database files, whole or not at all. Raises `Conflict` when something else is there."""
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            raise Conflict(NOT_A_DATABASE, directory=str(self.data_dir))
        unfinished = self.data_dir.name + ".new-"
        for left in self.data_dir.parent.glob(unfinished + "*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of its own: the initdb of a start that was killed may still be writing into the last one.
        fresh = Path(tempfile.mkdtemp(prefix=unfinished, dir=self.data_dir.parent))
        self.account.own(fresh)
        # The builtin locale sorts the same on every machine, whatever its C library thinks.
        options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth-local=trust", "--auth-host=reject", f"--username={SUPERUSER}"]
        # Until old files of the WAL come round again, a new one is filled with zeros, and every commit waits for it.
        pieces = f"--wal-segsize={tuning.WAL_SEGMENT}"
        self._done("initdb", "-D", fresh, *options, *access, pieces)
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(f"\ninclude_dir = '{CONF_DIRECTORY}'\n")
        self.account.make_directory(fresh / CONF_DIRECTORY)
        fresh.rename(self.data_dir)

    def check_version(self) -> None:
        """Raises `Conflict` when another major version wrote the data."""
        found = (self.data_dir / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self._done("postgres", "--version").split()[2].split(".")[0]
        if found != ours:
            raise Conflict(OTHER_VERSION, directory=str(self.data_dir), found=found, ours=ours)

    def configure(self) -> None:
        """Write our settings; a later file beside them in the same directory wins."""
        conf = self.data_dir / CONF_DIRECTORY / CONF_FILE
        fresh = conf.with_suffix(".new")
        fresh.write_text(tuning.settings(self._socket_dir(), PORT, tuning.memory()), encoding="utf-8")
        self.account.own(fresh)
        fresh.replace(conf)

    def start(self, tell: Progress) -> Postmaster:
        """Start the server and wait, through a recovery of any length. Raises `Unavailable` when it dies."""
        log = self._log()
        socket_lock = self._socket_dir() / SOCKET_LOCK
        said = b""
        for _ in range(STRAYS_TRIES):
            began = log.stat().st_size
            postmaster.clear_stale(self.data_dir, socket_lock)
            if (running := self._try(log, tell)) is not None:
                return running
            said = _tail(log, began)
            if STRAYS_SAY not in said:
                break
            # Sessions of a killed server end by themselves once they notice.
            tell(Step.WAIT)
            time.sleep(STRAYS_SECONDS)
        raise Unavailable(FAILED, log=_text(said))

    def wait(self, tell: Progress) -> Postmaster | None:
        """Wait for a server that is there but starting, or dying; None when there is none in the end.

        Raises `Unavailable` for one that lives on without a word.
        """
        polls = silent = 0
        while (running := postmaster.find(self.data_dir)) is not None:
            # Its file says nothing about one that was killed a moment ago.
            answer = PGconn.ping(_ping(running))
            if answer == Ping.OK:
                break
            silent = 0 if answer == Ping.REJECT else silent + 1
            if silent > SILENT_POLLS:
                raise Unavailable(FAILED, log=f"process {running.pid} does not answer")
            if polls % POLLS_A_STEP == 0:
                tell(Step.RECOVER)
            polls += 1
            time.sleep(POLL_SECONDS)
        return running

    def stop(self) -> None:
        """Stop the server if it runs: sessions end, everything is written out, the next start is quick."""
        running = postmaster.find(self.data_dir)
        if running is None:
            return
        self._done("pg_ctl", "stop", "-s", "-w", "-t", FOREVER, "-m", "fast", "-D", self.data_dir)
        if running.socket_dir != self.data_dir:
            with suppress(OSError):
                running.socket_dir.rmdir()

    def _done(self, *command: str | Path) -> str:
        # Into files, not pipes: a server that inherits a pipe would keep it open for good.
        with tempfile.TemporaryFile() as out:
            status = self.account.run(command, out).wait()
            out.seek(0)
            said = out.read()
        if status != 0:
            raise Unavailable(FAILED, log=_text(said))
        return said.decode(errors="replace")

    def _log(self) -> Path:
        log = self.data_dir / LOG_FILE
        if log.exists() and log.stat().st_size > LOG_MAX:
            log.replace(log.with_suffix(".old.log"))
        if not log.exists():
            log.touch(mode=0o600)
            self.account.own(log)
        return log

    def _try(self, log: Path, tell: Progress) -> Postmaster | None:
        began = log.stat().st_size
        command = ("pg_ctl", "start", "-s", "-w", "-t", FOREVER, "-D", self.data_dir, "-l", log)
        starter = self.account.run(command, subprocess.DEVNULL)
        polls = 0
        while starter.poll() is None:
            if polls % POLLS_A_STEP == 0:
                tell(Step.RECOVER if RECOVERY_SAYS in _tail(log, began) else Step.START)
            polls += 1
            time.sleep(POLL_SECONDS)
        return postmaster.find(self.data_dir) if starter.returncode == 0 else None

    def _socket_dir(self) -> Path:
        """The data directory itself, or a private short one when a socket's path there would be too long."""
        if _fits(self.data_dir):
            return self.data_dir
        name = f"festoon-{self.account.uid}-{hashlib.sha256(bytes(self.data_dir)).hexdigest()[:12]}"
        short = next(path for path in (Path(tempfile.gettempdir(), name), Path("/tmp", name)) if _fits(path))
        if not short.exists():
            self.account.make_directory(short)
        facts = short.lstat()
        # In a public directory anybody can take a name first, and would then see every password and row.
        if facts.st_uid != self.account.uid or facts.st_mode != stat.S_IFDIR | 0o700:
            raise Unavailable(FAILED, log=f"{short} belongs to somebody else")
        return short


def _ping(running: Postmaster) -> bytes:
    return make_conninfo(host=str(running.socket_dir), port=PORT, user=SUPERUSER, dbname="postgres").encode()


def _fits(directory: Path) -> bool:
    path = str(directory)
    plain = not set(path) & set(",\"'\\\n")  # the setting is a list with quoting rules of its own
    return plain and len(os.fsencode(directory / SOCKET_LOCK)) <= SOCKET_PATH_MAX


def _tail(log: Path, began: int) -> bytes:
    with log.open("rb") as lines:
        lines.seek(began)
        return lines.read()


def _text(said: bytes) -> str:
    return said[-LOG_TAIL:].decode(errors="replace").strip()
