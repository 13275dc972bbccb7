"""A database for the command line."""

import pytest


@pytest.fixture
def in_chinese(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database that the commands work on; they speak Simplified."""
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_LANG", "zh-Hans")
    return database
