"""What benefits are worth, in the console: worked out when somebody asks, and kept until the next time."""

import asyncio
from pathlib import Path

import pytest

from festoon.base.clock import wall
from festoon.insight.jobs.process import Settings
from festoon.insight.jobs.runner import Runner
from festoon.insight.jobs.task import Folders
from tests.console.visitors import Visitors
from tests.insight.benefits.test_season import PLAN, lived
from tests.live import Platform
from tests.outbox.writing import relay_all
from tests.serving import Running

PAGE = "/console/campaigns/spring/tab/benefits/"


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


async def worked_out(running: Running, facts: Path) -> None:
    """A season is lived, and what somebody asked for is worked out from its facts."""
    platform = await Platform.open(running.dsn)
    await lived(platform)
    await platform.connection.execute("UPDATE installation SET mode = 'rehearsal'")
    await platform.close()
    await relay_all(running.dsn, facts)
    reports = facts.parent
    await Runner(Settings(running.dsn, Folders(facts, facts, reports), 1), wall).run_once()


def test_it_is_worked_out_when_somebody_asks_and_kept(
    visitors: Visitors, running: Running, tmp_path: Path
) -> None:
    analyst = visitors["analyst"]
    assert "has not been worked out yet" in analyst.page(PAGE)
    assert PAGE in analyst.page("/console/campaigns/spring/tab/evaluation/")
    for _ in range(2):  # asked twice, it waits once
        answer = analyst.submit("/console/campaigns/spring/benefits/now/", PAGE)
        assert "waiting" in answer.text
        assert "benefits/jobs/1/" in answer.text
    asyncio.run(worked_out(running, tmp_path / "facts"))
    page = analyst.page(PAGE)
    for said in ("Ten off", "¥20.00", "stock.ran_out", "Returning", "Given to make good", "Work it out anew"):
        assert said in page
    done = analyst.get("/console/campaigns/spring/benefits/jobs/1/")
    assert (done.status_code, done.headers["hx-refresh"]) == (204, "true")


def test_who_only_looks_asks_for_nothing(visitors: Visitors) -> None:
    assert "benefits/now/" not in visitors["auditor"].page(PAGE)
    assert visitors["auditor"].post("/console/campaigns/spring/benefits/now/").status_code == 403
