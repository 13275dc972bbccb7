"""Files that hold members' data do not outlive the work they were made for."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from festoon.base.scratch import scratch

DIES = """
import os
from festoon.base.scratch import scratch
with scratch("segments") as room:
    (room / "members.csv").write_text("a member")
    print(room, flush=True)
    os._exit(9)
"""


@pytest.fixture(autouse=True)
def a_temporary_directory_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def test_a_directory_is_private_and_gone_when_the_work_is_over() -> None:
    with scratch("segments") as room:
        (room / "members.csv").write_text("a member")
        assert room.stat().st_mode & 0o777 == 0o700
    assert not room.exists()


def test_it_is_gone_when_the_work_fails() -> None:
    with suppress(OSError), scratch("segments") as room:
        (room / "members.csv").write_text("a member")
        raise OSError("no room")
    assert not room.exists()


def test_what_a_killed_process_left_is_removed_by_the_next_one() -> None:
    died = subprocess.run([sys.executable, "-c", DIES], capture_output=True, text=True, check=False)
    left = Path(died.stdout.strip())
    assert died.returncode == 9
    assert (left / "members.csv").exists()
    with scratch("segments"):
        assert not left.exists()


def test_what_is_still_worked_in_stays_and_so_does_what_is_of_another_purpose() -> None:
    with scratch("draw") as other, scratch("segments") as first, scratch("segments") as second:
        assert len({other, first, second}) == 3
        assert all(room.is_dir() for room in (other, first, second))


def test_a_link_with_such_a_name_is_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / "festoon-scratch-segments-link").symlink_to(kept)
    with scratch("segments"):
        assert kept.is_dir()
