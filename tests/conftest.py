"""One real PostgreSQL for the whole run, and a database of its own for each test that asks for `database`."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest

from festoon.base.logs import log_as_json
from festoon.store.embedded import EmbeddedServer
from festoon.store.migrate import migrate
from tests.rooms import passable, roomiest, rooms

TEMPLATE = "festoon_template"
SERVER = "pg"
OWNED = "owned"  # a file the run holds locked as long as it lives
ROOM = pytest.StashKey[Path]()
OWNER = pytest.StashKey[IO[str]]()


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", None)
    if given is None:
        clear_rooms_of_killed_runs()
        room = passable(roomiest())
        config.stash[OWNER] = (room / "lock").open("w")
        fcntl.flock(config.stash[OWNER], fcntl.LOCK_EX)
        (room / "lock").rename(room / OWNED)
    else:
        room = Path(given["room"])
    config.stash[ROOM] = room
    os.environ["FESTOON_DATA"] = str(room / "home")
    os.environ.pop("FESTOON_DATABASE_URL", None)
    log_as_json()  # before any test listens in on the log, which structlog would take for a set-up of its own


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["room"] = str(node.config.stash[ROOM])


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    clear(config.stash[ROOM])
    config.stash[OWNER].close()


def clear_rooms_of_killed_runs() -> None:
    """A killed run leaves its server behind; the kernel has released its lock."""
    for owned in rooms(OWNED):
        with contextlib.suppress(OSError), owned.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            clear(owned.parent)


def clear(room: Path) -> None:
    for server in room.glob(f"**/{SERVER}"):
        if EmbeddedServer.runs(server):
            EmbeddedServer.start(server).stop()
        if server.is_symlink():
            shutil.rmtree(server.resolve().parent)
    shutil.rmtree(room)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failed one: nobody would notice that it has stopped running."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = len(terminalreporter.stats.get("skipped", []))
    if os.environ.get("CI") and skipped:
        terminalreporter.write_line(f"{skipped} skipped: in CI that fails the run", red=True)


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> EmbeddedServer:
    """The run's one server, shared by all its processes, with the settings of production but one: tests kill
    processes and never the machine, and what a killed process has written the kernel still has, so nothing waits for
    the disk."""
    server = EmbeddedServer.start(pytestconfig.stash[ROOM] / SERVER)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return server


@pytest.fixture
def server_room(pytestconfig: pytest.Config) -> Path:
    """An empty directory for the data of a server of one's own, whoever runs the tests."""
    return passable(pytestconfig.stash[ROOM])


@pytest.fixture(scope="session")
def template(pytestconfig: pytest.Config, server: EmbeddedServer) -> str:
    """The name of a migrated database that nobody connects to; it is only copied."""
    done = pytestconfig.stash[ROOM] / "template"
    with done.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            server.create_database(TEMPLATE)
            migrate(server.dsn(TEMPLATE))
            done.touch()
    return TEMPLATE


@pytest.fixture(scope="session")
def database_names(worker_id: str) -> Iterator[str]:
    return (f"test_{worker_id}_{number}" for number in count(1))


@pytest.fixture
def database(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[str]:
    """The URL of a fresh database with all tables, dropped when the test is over."""
    name = next(database_names)
    server.create_database(name, template)
    yield server.dsn(name)
    server.drop_database(name)
