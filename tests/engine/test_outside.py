"""Figures from outside: entered with evidence, signed by another, shown by goals and reports."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import asyncpg
import pytest

from festoon.base.errors import FestoonError
from festoon.engine.evidence import Evidence, kind_of, plain_name
from festoon.engine.outside import (
    Entered,
    decline_figure,
    enter_figure,
    evidence,
    figures,
    sign_figure,
    signed_figures,
)
from festoon.insight.board.board import board
from festoon.insight.board.goals import GoalKeeper
from festoon.insight.evaluated import evaluated
from festoon.insight.report import render
from tests.live import HEAD, NOW, Platform, event
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
goals:
  - {metric: awareness, target: 30%, outside: {title: {en: Awareness, zh-Hans: 知名度}, evidence: Survey, unit: share}}
  - {metric: brand_value, target: 1000, outside: {title: Brand value, evidence: Agency, unit: money}}
mechanics:
  hello: {kind: gift, on: member.registered, give: [{points: 5}]}
evaluation:
  known: {metric: awareness, at: start + 1 day, target: 40%,
          outside: {title: Awareness, evidence: Survey, unit: share}}
"""
)
DAY = date(2027, 2, 8)
SURVEY = Entered("awareness", "31%", DAY, "Tea Research, 1,200 interviews", "https://research.example/1")
PDF = Evidence("../étude 2027.pdf", b"%PDF-1.7 ...")


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


async def refused(platform: Platform, entered: Entered, file: Evidence | None = None) -> str:
    with pytest.raises(FestoonError) as no:
        await enter_figure(platform.connection, "spring", entered, file, "wang", NOW)
    return no.value.code


async def test_a_figure_counts_once_another_has_signed_it(platform: Platform) -> None:
    connection = platform.connection
    entered = await enter_figure(connection, "spring", SURVEY, PDF, "wang", NOW)
    assert (entered.value, entered.file, entered.state) == ("0.31", "étude 2027.pdf", "waiting")
    assert await signed_figures(connection, "spring", NOW) == {}
    with pytest.raises(FestoonError, match=r"figure\.signs_own"):
        await sign_figure(connection, entered.number, "wang", NOW)
    signed = await sign_figure(connection, entered.number, "chen", NOW)
    assert (signed.state, signed.checker) == ("signed", "chen")
    with pytest.raises(FestoonError, match=r"figure\.decided"):
        await decline_figure(connection, entered.number, "li", NOW, "too late")
    assert await signed_figures(connection, "spring", NOW - timedelta(seconds=1)) == {}
    assert (await signed_figures(connection, "spring", NOW))["awareness"] == signed
    kept = await evidence(connection, entered.number)
    assert (kept.name, kept.kind, kept.content) == ("étude 2027.pdf", "application/pdf", PDF.content)
    acts = await connection.fetch(
        "SELECT act, actor FROM audit_entry WHERE act LIKE 'figure.%' ORDER BY number"
    )
    assert [tuple(row) for row in acts] == [("figure.enter", "wang"), ("figure.sign", "chen")]
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute("UPDATE outside_figure SET checker = maker")


async def test_the_figure_measured_last_is_the_one_that_counts(platform: Platform) -> None:
    connection = platform.connection
    for value, day in (("31%", DAY), ("28%", DAY - timedelta(days=30)), ("90%", DAY + timedelta(days=1))):
        made = await enter_figure(
            connection,
            "spring",
            Entered("awareness", value, day, "Tea Research", "https://t.example/"),
            None,
            "w",
            NOW,
        )
        if value != "90%":
            await sign_figure(connection, made.number, "chen", NOW)
        else:
            await decline_figure(connection, made.number, "w", NOW, "a slip of the pen")
    assert (await signed_figures(connection, "spring", NOW))["awareness"].value == "0.31"
    assert [each.state for each in await figures(connection, "spring")] == ["declined", "signed", "signed"]


@pytest.mark.parametrize(
    ("entered", "code"),
    [
        (Entered("participants", "5", DAY, "x", "https://t.example/"), "figure.not_from_outside"),
        (Entered("awareness", "many", DAY, "x", "https://t.example/"), "figure.not_a_number"),
        (Entered("awareness", "31", DAY, "x", "https://t.example/"), "figure.not_a_number"),
        (Entered("brand_value", "31%", DAY, "x", "https://t.example/"), "figure.not_a_number"),
        (Entered("brand_value", "NaN", DAY, "x", "https://t.example/"), "figure.not_a_number"),
        (Entered("awareness", "31%", DAY, " ", "https://t.example/"), "figure.no_source"),
        (Entered("awareness", "31%", DAY, "x"), "figure.no_source"),
        (Entered("awareness", "31%", DAY, "x", "javascript:alert(1)"), "figure.link_invalid"),
        (
            Entered("awareness", "31%", NOW.date() + timedelta(days=1), "x", "https://t.example/"),
            "figure.ahead",
        ),
    ],
)
async def test_what_cannot_be_right_is_said(platform: Platform, entered: Entered, code: str) -> None:
    assert await refused(platform, entered) == code


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (Evidence("survey.pdf", b"<html><script>"), "evidence.not_kept"),
        (Evidence("survey.html", b"%PDF-1.7"), "evidence.not_kept"),
        (Evidence("survey.csv", b"a,b\0c"), "evidence.not_kept"),
        (Evidence("survey.pdf", b"%PDF-" + b" " * 5 * 1024 * 1024), "evidence.too_large"),
    ],
)
def test_a_file_is_known_by_what_it_is(file: Evidence, code: str) -> None:
    with pytest.raises(FestoonError) as no:
        kind_of(file)
    assert no.value.code == code


def test_a_files_name_holds_no_folder_and_nothing_that_is_run() -> None:
    assert plain_name("C:\\private\\a<b>.pdf") == "ab.pdf"
    assert plain_name("../../etc/passwd.csv") == "passwd.csv"
    assert plain_name("x" * 400 + ".pdf") == "x" * 120 + ".pdf"
    assert plain_name("a\r\nb.pdf") == "ab.pdf"


async def test_goals_board_and_report_show_what_was_signed_with_its_source(
    platform: Platform, tmp_path: Path
) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    await relay_all(platform.dsn, tmp_path)
    for said in (SURVEY, Entered("brand_value", "1,250.50", DAY, "Agency", "https://agency.example/")):
        made = await enter_figure(platform.connection, "spring", said, None, "wang", NOW)
        await sign_figure(platform.connection, made.number, "chen", NOW)
    await GoalKeeper(platform.dsn, tmp_path, lambda: NOW).run_once()
    found = await board(platform.connection, platform.engine.program.campaigns["spring"], NOW)
    aware, value = found.goals
    assert (aware.result, aware.status, aware.source, aware.measured) == (
        0.31,
        "on_track",
        SURVEY.source,
        DAY,
    )
    assert (value.result, value.target) == (125_050, 100_000), "money in its smallest unit"
    shown, _ = await evaluated(platform.dsn, "spring", tmp_path, NOW + timedelta(days=60))
    assert [goal.status for goal in shown.goals] == ["met", "met"]
    [criterion] = shown.criteria
    assert (criterion.status, criterion.judged.value) == ("missed", 0.31)
    page = render(shown, "en")
    assert "Tea Research, 1,200 interviews · 8 February 2027" in page
