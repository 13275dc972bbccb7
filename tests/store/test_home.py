"""Where an installation keeps its files, and the key it makes for itself."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from festoon.store.home import data_home, secret_key


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FESTOON_DATA", raising=False)
    monkeypatch.delenv("FESTOON_SECRET_KEY", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_files_are_under_the_current_directory_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data_home() == tmp_path / ".festoon"
    monkeypatch.setenv("FESTOON_DATA", "elsewhere")
    assert data_home() == tmp_path / "elsewhere"


def test_a_key_is_made_once_for_the_owner_only(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "home")
    assert len(key) >= 50
    assert secret_key(tmp_path / "home") == key
    (kept,) = (tmp_path / "home").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert secret_key(tmp_path / "another home") != key


def test_processes_that_make_a_key_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        keys = set(threads.map(lambda _: secret_key(tmp_path / "home"), range(64)))
    assert len(keys) == 1


def test_a_key_from_the_environment_wins_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FESTOON_SECRET_KEY", "given")
    assert secret_key(tmp_path / "home") == "given"
    assert not (tmp_path / "home").exists()
