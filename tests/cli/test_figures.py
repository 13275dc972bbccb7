"""`festoon figures`: entered by one, signed by another."""

import asyncio
from pathlib import Path

import pytest

from tests.console.test_figures import PLAN
from tests.docs.terminal import run
from tests.live import put_up
from tests.serving import make_key


@pytest.fixture
def keys(database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    asyncio.run(put_up(database, PLAN))
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    return f"--key={make_key(database, actor='wang')}", f"--key={make_key(database, actor='chen')}"


def test_a_figure_is_entered_with_a_file_and_signed(keys: tuple[str, str], tmp_path: Path) -> None:
    wang, chen = keys
    file = tmp_path / "survey.pdf"
    file.write_bytes(b"%PDF-1.7")
    enter = (
        "figures",
        "enter",
        "spring",
        "awareness",
        "31%",
        "--source",
        "Tea Research",
        "--file",
        str(file),
    )
    (entered,) = run(*enter, wang, "--json").json()
    number = str(entered["number"])
    assert (entered["value"], entered["file"]) == ("0.31", "survey.pdf")
    assert run("figures", "sign", number, wang, "--json").json()["error"]["code"] == "figure.signs_own"
    assert run("figures", "sign", number, chen, "--json").json()[0]["state"] == "signed"
    late = run("figures", "decline", number, "--reason", "no", chen, "--json")
    assert late.json()["error"]["code"] == "figure.decided"
    assert "signed by" in run("figures", "list", "--campaign", "spring").out
    assert run("figures", "list", "--json").json()[0]["source"] == "Tea Research"
