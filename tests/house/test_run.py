"""The test run itself: in CI nothing is skipped in silence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

# A suite of its own, run by the tests below: what becomes of its skipped test is what they look at.
SKIPPING = """
import pytest

def test_that_holds():
    assert True

@pytest.mark.skip(reason="to see what the run says of it")
def test_that_is_skipped():
    assert False
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    return tmp_path


def run(suite: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | variables
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(suite), str(suite)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_skipped_test_fails_the_run_in_ci(suite: Path) -> None:
    done = run(suite, CI="true")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "in CI that fails the run" in done.stdout


def test_a_skipped_test_is_only_told_elsewhere(suite: Path) -> None:
    done = run(suite)
    assert done.returncode == pytest.ExitCode.OK
    assert "1 passed, 1 skipped" in done.stdout
