"""Reports in the console: made now, listed, downloaded; and what is none stays where it is."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.plans import example
from festoon.base.clock import wall
from festoon.insight.jobs.process import Settings
from festoon.insight.jobs.runner import Runner
from festoon.insight.jobs.task import Folders
from festoon.store.home import data_home
from tests.console.visitors import Visitors
from tests.serving import Running

PAGE = "/console/reports/"


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


def test_a_report_is_made_now_and_downloaded(visitors: Visitors, running: Running, tmp_path: Path) -> None:
    analyst = visitors["analyst"]
    assert "Reports to come" in analyst.page(PAGE)
    answer = analyst.submit(f"{PAGE}now/", PAGE, campaign="new-year-2027")
    assert "waiting" in answer.text
    reports = data_home() / "reports"
    folders = Folders(tmp_path, tmp_path, reports)
    asyncio.run(Runner(Settings(running.dsn, folders, 1), wall).run_once())
    name = next(reports.glob("new-year-2027-*-zh-Hans.html")).name
    page = analyst.page(PAGE)
    assert name in page
    assert ">简体中文</a>" in page
    assert "New Year 2027" in page
    found = analyst.get(f"{PAGE}files/{name}")
    assert found.headers["content-disposition"].startswith("attachment")
    assert "<html" in found.text


@pytest.mark.parametrize("name", ["..%2Fsecret-key", "secret-key", "x.html", "a-en.html"])
def test_what_is_no_report_is_not_served(visitors: Visitors, name: str) -> None:
    visitors["analyst"].page(f"{PAGE}files/{name}", 404)


def test_who_only_looks_makes_none(visitors: Visitors) -> None:
    assert 'action="/console/reports/now/"' not in visitors["auditor"].page(PAGE)
    assert visitors["auditor"].post(f"{PAGE}now/", data={"campaign": "new-year-2027"}).status_code == 403


def test_a_campaign_that_is_not_there_has_no_report(visitors: Visitors) -> None:
    answer = visitors["analyst"].submit(f"{PAGE}now/", PAGE, campaign="autumn")
    assert answer.status_code == 404
