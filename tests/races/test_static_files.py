"""Many processes that start in an empty home at once: each collects the static files, one's stay, nobody fails."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from festoon.console.assets import PREFIX, collected
from festoon.store.migrate import setup

STARTED_AT_ONCE = 6
COLLECT = """
from festoon.store.migrate import setup
setup()
from festoon.console.assets import collected
print(collected())
"""


def folder(room: Path, name: str, days_old: float) -> Path:
    made = room / name
    made.mkdir(parents=True)
    (made / "festoon.css").write_text("")
    then = time.time() - days_old * 24 * 3600
    os.utime(made, (then, then))
    return made


def test_processes_that_start_at_once_have_one_folder_and_none_fails(tmp_path: Path) -> None:
    home = {**os.environ, "FESTOON_DATA": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-c", COLLECT], env=home, stdout=subprocess.PIPE, text=True)
        for _ in range(STARTED_AT_ONCE)
    ]
    told = [(process.communicate()[0].strip(), process.returncode) for process in started]
    assert {code for _, code in told} == {0}
    (kept,) = {where for where, _ in told}
    assert [str(each) for each in (tmp_path / PREFIX).iterdir()] == [kept]


def test_what_another_process_is_collecting_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FESTOON_DATA", str(tmp_path))
    room = tmp_path / PREFIX
    going_on = [folder(room, f"new-{number}", days_old=number / 24) for number in range(5)]
    abandoned = folder(room, "new-left", days_old=2)
    earlier = [folder(room, f"version-{age}", days_old=age) for age in (1, 2, 3, 4)]
    setup()
    wanted = collected()
    assert set(room.iterdir()) == {wanted, *going_on, *earlier[:2]}
    assert not abandoned.exists()
