"""The database of Django's own tables (people, sessions) for the threads of one console.

Django knows databases by name for the whole process; here each thread of a console is given the console's own under
the name `default`, so that nothing is set for the process and two consoles may stand in one.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler, load_backend

from festoon.store.connection import django_database

KEPT_SECONDS = 300


class OwnDatabase:
    """Lends a connection to each thread that asks, and closes them all at the end."""

    def __init__(self, dsn: str) -> None:
        wanted = django_database(dsn) | {"CONN_MAX_AGE": KEPT_SECONDS, "CONN_HEALTH_CHECKS": True}
        self._settings: dict[str, Any] = ConnectionHandler({"default": wanted}).settings["default"]
        self._lent: list[BaseDatabaseWrapper] = []

    def lend(self) -> None:
        """Make `default` mean this database in the thread that calls."""
        held = getattr(connections._connections, "default", None)  # type: ignore[attr-defined]
        if held not in self._lent:
            made = load_backend(self._settings["ENGINE"]).DatabaseWrapper(self._settings, "default")
            connections["default"] = made
            self._lent.append(made)

    def close(self) -> None:
        """Close what was lent; the threads are at rest."""
        for each in self._lent:
            each.inc_thread_sharing()
            each.close()
        self._lent.clear()
