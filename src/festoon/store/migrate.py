"""Bring a database to the current tables: Django's migrations, run in this process, one process at a time."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count

import django
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler

from festoon.store.connection import django_database

SETTINGS = "festoon.console.settings"  # one for the whole process, and the console's is the largest
LOCK = 0x666573746F6F6E  # "festoon"; one key for every version of the program
POLL_SECONDS = 0.1

_aliases = count(1)


def migrate(dsn: str) -> None:
    """Apply what is missing to the database at `dsn`; an up-to-date one is left alone.

    Any number of processes may call it at once: one works, the others wait and find nothing to do. Not to be
    called from a running event loop (Django refuses); use a thread there. Raises `django.db.Error` or
    `psycopg.Error`.
    """
    setup()
    with _alone(dsn), _alias(dsn) as alias:
        call_command("migrate", database=alias, interactive=False, verbosity=0)


def revert(dsn: str) -> None:
    """Take all tables, and everything in them, out of the database at `dsn`."""
    setup()
    with _alone(dsn), _alias(dsn) as alias:
        for room in reversed([*apps.get_app_configs()]):
            if find_spec(f"{room.name}.migrations"):
                call_command("migrate", room.label, "zero", database=alias, interactive=False, verbosity=0)


def setup() -> None:
    """Make Django ready in this process; calling it again does nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if not apps.ready:
        django.setup()


@contextmanager
def _alone(dsn: str) -> Iterator[None]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        # Asked again and again: one long wait holds a snapshot, and CREATE INDEX CONCURRENTLY waits for that.
        while connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            time.sleep(POLL_SECONDS)
        yield


@contextmanager
def _alias(dsn: str) -> Iterator[str]:
    """A name under which Django knows the database for the moment."""
    alias = f"migrate-{next(_aliases)}"
    complete = ConnectionHandler({"default": django_database(dsn)}).settings["default"]
    connections.settings[alias] = complete
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
