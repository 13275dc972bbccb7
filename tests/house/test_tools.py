"""The tools agree: lint, formatting, types, and the arrows between the rooms."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.timeout(600)

PYTHON = Path(sys.executable)


def said(*command: str | Path) -> str:
    """What a tool found, or nothing when it found nothing."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert said(PYTHON, "-m", "ruff", "check", "--output-format", "concise") == ""


def test_the_source_is_formatted() -> None:
    assert said(PYTHON, "-m", "ruff", "format", "--check") == ""


def test_the_types_hold() -> None:
    assert said(PYTHON, "-m", "mypy") == ""


def test_the_arrows_point_down() -> None:
    assert said(PYTHON.with_name("lint-imports"), "--no-logo") == ""
