"""A connection URL in the words of Django's settings."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

ENGINE = "django.db.backends.postgresql"
NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def django_database(dsn: str) -> dict[str, Any]:
    """The `DATABASES` entry for a URL; what Django has no word for goes to the driver as it is.

    Raises `psycopg.ProgrammingError` when the URL cannot be read.
    """
    given = {key: value for key, value in conninfo_to_dict(dsn).items() if value is not None}
    known = {NAMES[key]: str(value) for key, value in given.items() if key in NAMES}
    rest = {key: value for key, value in given.items() if key not in NAMES}
    return {"ENGINE": ENGINE, **known, "OPTIONS": rest}
