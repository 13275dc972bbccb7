"""A real PostgreSQL of our own, for a laptop and for tests: the bundled binaries, no port opened.

    with EmbeddedServer.start() as server:
        server.create_database("festoon")
        migrate(server.dsn("festoon"))

Any number of processes may start the same data directory: the first one starts the server, the others find
it. A larger installation names its server in `FESTOON_DATABASE_URL` and uses none of this. Linux and macOS.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from festoon.base.errors import Forbidden, define
from festoon.store import postmaster
from festoon.store.account import choose
from festoon.store.cluster import PORT, SUPERUSER, Cluster, Progress, Step
from festoon.store.home import data_home
from festoon.store.postmaster import Postmaster

DATABASE = "festoon"
MAINTENANCE_DATABASE = "postgres"
LOCK_POLL_SECONDS = 0.2

NOT_OURS = define(
    "store.not_ours",
    403,
    "The database files in {directory} belong to another user of this machine.",
    "{directory} 中的数据库文件属于本机的另一用户。",
    todo="Run Festoon as that user, or choose another directory with FESTOON_DATA.",
    todo_zh="请以该用户身份运行，或用 FESTOON_DATA 另选目录。",
)


class EmbeddedServer:
    """A handle on the running server of one data directory.

    Leaving the `with` block leaves the server: the last process to leave stops it. `stop` stops it for
    everybody. A process that is killed leaves it running, and the next `start` finds it.
    """

    def __init__(self, cluster: Cluster, wanted: Path, socket_dir: Path, users: IO[str]) -> None:
        self.data_dir = cluster.data_dir
        self._cluster = cluster
        self._wanted = wanted
        self._socket_dir = socket_dir
        self._users = users

    @classmethod
    def start(cls, data_dir: Path | None = None, on_progress: Progress | None = None) -> Self:
        """Make the files if there are none, start the server or find it running, wait until it answers.

        `data_dir` is by default `pg` in the installation's data directory (see `data_home`). `on_progress` is
        told the step at least once a second while it waits; there is no time limit, as a recovery has none.
        Raises `Unavailable` (`store.server_failed`, `store.no_binaries`, `store.no_account`), `Conflict`
        (`store.not_a_database`, `store.other_version`) and `Forbidden` (`store.not_ours`).
        """
        tell = on_progress or _quiet
        wanted = _place(data_dir)
        try:
            wanted.parent.mkdir(parents=True, exist_ok=True)
            with _alone(wanted, tell):
                account = choose(wanted)
                cluster = Cluster(account.settle(wanted), account)
                running = cluster.wait(tell) or _started(cluster, tell)
                users = _beside(wanted, "users").open("a")
                fcntl.flock(users, fcntl.LOCK_SH)
        except PermissionError as error:
            raise Forbidden(NOT_OURS, directory=str(wanted)) from error
        tell(Step.READY)
        return cls(cluster, wanted, running.socket_dir, users)

    @staticmethod
    def runs(data_dir: Path | None = None) -> bool:
        """Whether a server runs on the directory now, ready or still starting."""
        return postmaster.find(_place(data_dir).resolve()) is not None

    def dsn(self, database: str = DATABASE) -> str:
        """The connection URL of a database, as both asyncpg and psycopg read it."""
        host = quote(str(self._socket_dir))
        return f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def create_database(self, name: str = DATABASE, template: str = "template1") -> None:
        """Make the database if it is not there, as a copy of `template`, which nobody may be using."""
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        # Two that make it at the same moment both see no database; the later one meets the earlier one's row.
        there = suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)
        with there, self._maintenance() as connection:
            connection.execute(made.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Drop the database if it is there, and end the sessions that use it."""
        gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self._maintenance() as connection:
            connection.execute(gone.format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server, for every process that uses it. Stopping a stopped server does nothing."""
        with _alone(self._wanted, _quiet):
            self._users.close()
            self._cluster.stop()

    def leave(self) -> None:
        """Give the server up: it stops when no other process uses it."""
        with _alone(self._wanted, _quiet):
            if self._users.closed:
                return
            with suppress(BlockingIOError):
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._cluster.stop()
            self._users.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def _maintenance(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.dsn(MAINTENANCE_DATABASE), autocommit=True)


def _started(cluster: Cluster, tell: Progress) -> Postmaster:
    if not cluster.exists():
        tell(Step.INITIALISE)
        cluster.initialise()
    cluster.check_version()
    cluster.configure()
    return cluster.start(tell)


def _quiet(_: Step) -> None:
    pass


def _place(data_dir: Path | None) -> Path:
    """The wanted directory, absolute, with the links above it followed but not a link that it is itself."""
    wanted = data_dir or data_home() / "pg"
    return wanted.parent.resolve() / wanted.name


def _beside(wanted: Path, what: str) -> Path:
    return wanted.with_name(f"{wanted.name}.{what}")


@contextmanager
def _alone(wanted: Path, tell: Progress) -> Iterator[None]:
    """Only one process at a time makes, starts or stops the server of a directory; a killed one lets go."""
    with _beside(wanted, "lock").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tell(Step.WAIT)
                time.sleep(LOCK_POLL_SECONDS)
        yield
