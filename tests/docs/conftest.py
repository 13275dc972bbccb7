"""What a page says is done in a place of its own: files that one page's commands leave are not another's."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FESTOON_DATA", str(tmp_path / "festoon"))
