"""Migrations: run once however many start at once, and taken back without a trace."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from festoon.store.connection import django_database
from festoon.store.embedded import EmbeddedServer
from festoon.store.migrate import migrate, revert

OBJECTS = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
"""


@pytest.fixture
def empty(server: EmbeddedServer, database_names: Iterator[str]) -> Iterator[str]:
    name = next(database_names)
    server.create_database(name)
    yield server.dsn(name)
    server.drop_database(name)


def objects(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        return {name for (name,) in connection.execute(OBJECTS)}


def applied(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT name FROM django_migrations WHERE app = 'store' ORDER BY id")
        return [name for (name,) in rows]


def test_a_migration_makes_the_tables_and_a_second_run_changes_nothing(empty: str) -> None:
    migrate(empty)
    made = objects(empty)
    assert {"event", "account", "shared_account", "member"} <= made
    migrate(empty)
    assert objects(empty) == made


def test_taking_it_back_leaves_nothing_and_it_can_be_done_again(empty: str) -> None:
    migrate(empty)
    made = objects(empty)
    revert(empty)
    assert {name for name in objects(empty) if "django_migrations" not in name} == set()
    migrate(empty)
    assert objects(empty) == made


def test_processes_that_migrate_at_once_do_it_once(empty: str) -> None:
    program = "import sys; from festoon.store.migrate import migrate; migrate(sys.argv[1])"
    processes = [subprocess.Popen([sys.executable, "-c", program, empty]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    names = applied(empty)
    assert names[0] == "0001_initial"
    assert len(names) == len(set(names))


def test_a_url_is_told_to_django_in_its_own_words() -> None:
    told = django_database("postgresql://ann:p%40ss@db.example:6543/fest%20oon?sslmode=require")
    assert told == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "fest oon",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_socket_directory_is_a_host() -> None:
    told = django_database("postgresql://festoon@/festoon?host=/some/where&port=5432")
    assert (told["HOST"], told["NAME"], told["OPTIONS"]) == ("/some/where", "festoon", {})
