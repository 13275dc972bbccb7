"""`festoon codes` and the commands of a grand draw, as an operator runs them."""

import asyncio
import csv
import json
from pathlib import Path

import pytest

from tests.cli.commands import Commands
from tests.live import put_up
from tests.mechanics.pages import plan


@pytest.fixture
def festoon(database: str, monkeypatch: pytest.MonkeyPatch) -> Commands:
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_LANG", "zh-Hant")
    for kind in ("code", "grand_draw"):
        asyncio.run(put_up(database, plan(kind)))
    return Commands()


def test_codes_are_made_listed_exported_and_withdrawn(festoon: Commands, tmp_path: Path) -> None:
    made = festoon.json(
        "codes", "make", "spring-tea", "flyer", "--count", "300", "--name", "march", "--until", "2027-03-20"
    )
    assert made == {"campaign": "spring-tea", "owner": "flyer", "name": "march", "count": 300}
    file = tmp_path / "march.csv"
    assert festoon.json("codes", "export", "spring-tea", "march", str(file)) == {
        "file": str(file),
        "codes": 300,
    }
    rows = list(csv.DictReader(file.open()))
    assert len({row["code"] for row in rows}) == 300
    assert {(row["state"], row["member"], row["used"]) for row in rows} == {("free", "", "")}
    assert festoon("codes", "void", "spring-tea", "march", "--code", rows[0]["code"]).exit_code == 0
    (batch,) = festoon.json("codes", "list", "spring-tea")
    assert (batch["free"], batch["withdrawn"], batch["until"]) == (299, 1, "2027-03-20T16:00:00Z")
    assert festoon.json("codes", "void", "spring-tea", "march") == {
        "campaign": "spring-tea", "name": "march", "withdrawn": 299,
    }  # fmt: skip
    assert "march" in festoon("codes", "list").stdout


def test_a_batch_that_is_not_there_leaves_the_file_of_another_as_it_was(
    festoon: Commands, tmp_path: Path
) -> None:
    file = tmp_path / "march.csv"
    festoon("codes", "make", "spring-tea", "flyer", "--count", "3", "--name", "march")
    festoon("codes", "export", "spring-tea", "march", str(file))
    before = file.read_bytes()
    wrong = festoon.json("codes", "export", "spring-tea", "may", str(file), code=3)
    assert wrong["error"]["code"] == "codes.no_such_batch"
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (before, [file])


def test_a_file_that_cannot_be_written_is_said(festoon: Commands, tmp_path: Path) -> None:
    festoon("codes", "make", "spring-tea", "flyer", "--count", "3", "--name", "march")
    nowhere = str(tmp_path / "no" / "march.csv")
    for words in (("codes", "export", "spring-tea", "march", nowhere), ("parcels", "export", nowhere)):
        assert festoon.json(*words, code=3)["error"]["code"] == "file.unwritable"


def test_what_cannot_be_is_said_in_the_readers_language_with_an_exit_code(
    festoon: Commands, tmp_path: Path
) -> None:
    done = festoon("codes", "make", "spring-tea", "nothing", "--count", "1", "--name", "x")
    assert done.exit_code == 3
    assert "codes.no_such_owner" in done.stderr
    assert "預先" in done.stderr
    assert (
        festoon(
            "codes", "make", "spring-tea", "flyer", "--count", "1", "--name", "x", "--until", "soon"
        ).exit_code
        == 2
    )
    late = ("codes", "make", "spring-tea", "flyer", "--count", "1", "--name", "x", "--until", "2020-01-01")
    assert festoon.json(*late, code=3)["error"]["code"] == "codes.lapsed_already"
    assert festoon("codes", "export", "spring-tea", "x", str(tmp_path / "x.csv")).exit_code == 3


@pytest.mark.parametrize("command", [("winners",), ("tickets", "x.csv")])
def test_a_grand_draw_that_was_not_drawn_yet_says_so(festoon: Commands, command: tuple[str, ...]) -> None:
    done = festoon("draw", command[0], "new-year-2027", "journey", *command[1:], "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout.splitlines()[-1])["error"]["code"] == "grand_draw.not_yet"
