"""Days and instants as options: what cannot be one is said in a sentence."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from festoon.cli.app import made
from tests.house.sources import ROOT

PLAN = str(ROOT / "examples" / "plans" / "new-year.yaml")


@pytest.mark.parametrize("text", ["2027-13-01", "tomorrow"])
def test_a_simulation_says_which_first_day_is_none(text: str) -> None:
    done = CliRunner().invoke(made("plan"), ["plan", "simulate", PLAN, "--start", text])
    assert (done.exit_code, text in done.output) == (2, True)


@pytest.mark.parametrize("command", ["report", "benefits"])
@pytest.mark.parametrize("text", ["garbage", "2027-03-01", "2027-03-01T00:00"])
def test_what_was_known_at_an_instant_without_a_zone_is_not_asked(
    command: str, text: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_DATA", str(tmp_path))
    done = CliRunner().invoke(made(command), [command, "spring", "--as-of", text])
    assert (done.exit_code, text in done.output) == (2, True)
