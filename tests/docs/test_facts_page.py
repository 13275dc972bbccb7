"""What the pages on facts and figures show runs on the facts of a small campaign."""

from pathlib import Path

import duckdb
import pytest

from tests.docs.pages import blocks
from tests.live import HEAD, Platform, event, order
from tests.outbox.writing import relay_all

FACTS, FIGURES = "docs/explanation/facts.md", "docs/reference/figures.md"
PLAN = HEAD + "mechanics: {hello: {kind: gift, on: page.viewed, give: [{points: 1}]}}\n"


async def test_the_programs_and_the_query_on_the_pages_run(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("page.viewed", "ann", page="x"), order("ann", 1250, "o1"))
    await relay_all(database, tmp_path / ".festoon" / "facts")
    await platform.close()
    (tmp_path / "facts").symlink_to(tmp_path / ".festoon" / "facts")
    monkeypatch.chdir(tmp_path)

    programs = [*blocks(FACTS, "python"), *blocks(FIGURES, "python")]
    assert len(programs) == 2
    capsys.readouterr()
    for program in programs:
        exec(compile(program.text, program.page, "exec"), {})
    assert capsys.readouterr().out == "None\n"  # nobody bought in March

    (query,) = blocks(FACTS, "sql")[:1]
    counted = duckdb.connect().execute(query.text).fetchall()
    assert sorted(counted) == [("order.paid", 1), ("page.viewed", 1)]
