"""The embedded server: shared, durable, and there again after any kind of death."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from festoon.base.errors import Conflict
from festoon.store import postmaster
from festoon.store.cluster import PORT, Step
from festoon.store.embedded import EmbeddedServer

pytestmark = pytest.mark.xdist_group("embedded server")

OTHER_PROCESS = """
import sys
from pathlib import Path
from festoon.store.embedded import EmbeddedServer
server = EmbeddedServer.start(Path(sys.argv[1]))
server.create_database("shared")
print(postmaster_pid := (server.data_dir / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.readline()
server.leave()
"""


@pytest.fixture
def room(server_room: Path) -> Iterator[Path]:
    """Where a test makes servers of its own; whatever still runs there is stopped after it."""
    yield server_room
    for data in server_room.rglob("postmaster.pid"):
        EmbeddedServer.start(data.parent).stop()


def other_process(data: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", OTHER_PROCESS, str(data)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def finish(process: "subprocess.Popen[str]") -> int:
    process.communicate("\n")
    return process.returncode


def written(server: EmbeddedServer, number: int) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def kept(server: EmbeddedServer) -> list[int]:
    with psycopg.connect(server.dsn("postgres")) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


def all_settings(connection: psycopg.Connection[tuple[str, str]]) -> dict[str, str]:
    return dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())


def test_a_first_start_makes_the_files_and_a_second_one_finds_them(room: Path) -> None:
    steps: list[Step] = []
    with EmbeddedServer.start(room / "pg", steps.append) as server:
        written(server, 1)
    assert steps[0] == Step.INITIALISE
    assert steps[-1] == Step.READY
    assert not EmbeddedServer.runs(room / "pg")
    with EmbeddedServer.start(room / "pg", steps.append) as server:
        assert kept(server) == [1]
    assert steps.count(Step.INITIALISE) == 1


def test_nobody_else_reaches_it(room: Path) -> None:
    with EmbeddedServer.start(room / "pg") as server:
        assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700
        with psycopg.connect(server.dsn("postgres")) as connection:
            settings = all_settings(connection)
        assert settings["listen_addresses"] == ""
        running = postmaster.find(server.data_dir)
        assert running is not None
        assert psutil.Process(running.pid).net_connections("inet") == []


def test_it_is_durable_as_configured(room: Path) -> None:
    with EmbeddedServer.start(room / "pg") as server, psycopg.connect(server.dsn("postgres")) as connection:
        settings = all_settings(connection)
    assert (settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"]) == ("on",) * 3
    assert (settings["max_wal_size"], settings["checkpoint_timeout"]) == ("4096", "900")
    assert settings["data_checksums"] == "on"
    assert settings["wal_segment_size"] == str(4 * 1024 * 1024)


def test_an_operators_own_settings_win(room: Path) -> None:
    with EmbeddedServer.start(room / "pg") as server:
        own = server.data_dir / "conf.d" / "90-own.conf"
    own.write_text("work_mem = 33MB\n")
    own.chmod(0o644)
    with EmbeddedServer.start(room / "pg") as server, psycopg.connect(server.dsn("postgres")) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("33MB",)


def test_processes_share_one_server_and_the_last_to_leave_stops_it(room: Path) -> None:
    others = [other_process(room / "pg") for _ in range(3)]
    assert len({first_line(other) for other in others}) == 1
    assert [finish(other) for other in others[:2]] == [0, 0]
    assert EmbeddedServer.runs(room / "pg")
    assert finish(others[2]) == 0
    assert not EmbeddedServer.runs(room / "pg")


def test_it_outlives_the_killed_process_that_started_it(room: Path) -> None:
    other = other_process(room / "pg")
    pid = first_line(other)
    other.kill()
    other.communicate()
    with EmbeddedServer.start(room / "pg") as server:
        running = postmaster.find(server.data_dir)
        assert running is not None
        assert str(running.pid) == pid


def test_what_was_committed_is_there_after_the_server_was_killed(room: Path) -> None:
    server = EmbeddedServer.start(room / "pg")
    written(server, 7)
    session = psycopg.connect(server.dsn("postgres"))
    running = postmaster.find(server.data_dir)
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    with EmbeddedServer.start(room / "pg") as again:
        assert kept(again) == [7]
    session.close()
    server.leave()


def test_a_pid_file_whose_number_is_another_process_does_not_stop_it(room: Path) -> None:
    with EmbeddedServer.start(room / "pg") as server:
        written(server, 3)
        pid_file = server.data_dir / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    owner = pid_file.parent.stat().st_uid
    stray = subprocess.Popen(["sleep", "600"], cwd="/", user=owner if os.geteuid() == 0 else None)
    pid_file.write_text("\n".join([str(stray.pid), *lines[1:]]) + "\n")
    os.chown(pid_file, owner, -1)
    assert not EmbeddedServer.runs(room / "pg")
    with EmbeddedServer.start(room / "pg") as server:
        assert kept(server) == [3]
    stray.kill()
    stray.wait()


def test_half_a_pid_file_is_no_server(room: Path) -> None:
    data = room / "pg"
    data.mkdir()
    for text in ("", "\n", "not a number\n", f"{os.getpid()}\n"):
        (data / "postmaster.pid").write_text(text)
        assert postmaster.find(data) is None
    (data / "postmaster.pid").unlink()


def test_a_killed_first_start_leaves_nothing_half_made(room: Path) -> None:
    other = other_process(room / "pg")
    while not list(room.glob("pg.new-*")) and other.poll() is None:
        time.sleep(0.001)
    other.kill()
    other.communicate()
    with EmbeddedServer.start(room / "pg") as server:
        written(server, 1)
        assert kept(server) == [1]


def test_a_deep_directory_gets_a_short_private_socket(room: Path) -> None:
    deep = room / ("d" * 60) / ("e" * 60)
    with EmbeddedServer.start(deep / "pg") as server, psycopg.connect(server.dsn("postgres")) as connection:
        directory = Path(connection.info.host)
        assert len(str(directory / f".s.PGSQL.{PORT}")) < 104
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert directory.stat().st_uid == server.data_dir.stat().st_uid
        with EmbeddedServer.start(deep / "pg") as second:
            assert second.dsn() == server.dsn()
    assert not directory.exists()


def test_a_directory_with_other_files_is_refused_and_left_alone(room: Path) -> None:
    (room / "pg").mkdir()
    (room / "pg" / "diary.txt").write_text("mine")
    with pytest.raises(Conflict) as caught:
        EmbeddedServer.start(room / "pg")
    assert caught.value.code == "store.not_a_database"
    assert (room / "pg" / "diary.txt").read_text() == "mine"


def test_data_of_another_version_is_refused(room: Path) -> None:
    with EmbeddedServer.start(room / "pg") as server:
        version = server.data_dir / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(Conflict) as caught:
        EmbeddedServer.start(room / "pg")
    assert caught.value.code == "store.other_version"
    assert caught.value.data["found"] == "12"


def test_databases_are_made_once_and_dropped_under_their_users(server: EmbeddedServer) -> None:
    name = 'odd "name" of 活动'
    server.create_database(name)
    server.create_database(name)
    with psycopg.connect(server.dsn(name)) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == (name,)
        server.drop_database(name)
        server.drop_database(name)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_steering_variables_of_the_environment_do_not_lead_elsewhere(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PGPORT", str(taken.getsockname()[1]))
        monkeypatch.setenv("PGHOST", "127.0.0.1")
        monkeypatch.setenv("PGDATABASE", "elsewhere")
        with psycopg.connect(server.dsn("postgres")) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("postgres",)
