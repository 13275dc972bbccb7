"""A question of the evaluation falls due: the worker writes its report, once, from facts that reach that date."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from festoon.base.errors import LANGUAGES
from festoon.cli.evaluations import GRACE, Evaluations
from festoon.outbox.relay import Relay
from tests.live import HEAD, NOW, Platform, event, put_up

PLAN = (
    HEAD
    + """
mechanics: {hello: {kind: gift, on: page.viewed, give: [{points: 1}]}}
evaluation:
  participation: {metric: participants, at: end + 1 week, target: 2}
  loyalty: {metric: retention_d30, at: end + 3 months}
"""
)
DUE = datetime(2027, 3, 7, 16, tzinfo=UTC)
"""The end of 7 March in Shanghai, a week after the campaign's."""
LATER = DUE + GRACE
WRITTEN = [f"spring-participation-2027-03-07-{language}.html" for language in ("en", "zh-Hans")]
CLIP = re.compile(r"clip\d+")
"""What the drawing of a chart numbers through."""


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(*(event("page.viewed", who, page="x") for who in ("ann", "ben")))
    yield platform
    await platform.close()


def worker(platform: Platform, home: Path, now: datetime, *languages: str) -> Evaluations:
    return Evaluations(platform.dsn, home / "facts", home / "reports", lambda: now, languages or LANGUAGES)


async def caught_up(platform: Platform, home: Path) -> None:
    relay = Relay(platform.dsn, home / "facts")
    while not (await relay.run_once()).caught_up:
        pass


async def seen(platform: Platform, who: str, at: datetime = NOW) -> None:
    """Somebody takes part, and it is taken at once."""
    platform.at = at
    await platform.outcomes(event("page.viewed", who, page="x", at=at))


async def test_a_report_is_written_when_its_date_has_come_once_by_however_many_workers(
    platform: Platform, tmp_path: Path
) -> None:
    await caught_up(platform, tmp_path)
    assert await worker(platform, tmp_path, LATER - timedelta(seconds=1)).run_once() == []
    workers = [worker(platform, tmp_path, LATER, "en", "zh-Hans") for _ in range(4)]
    with structlog.testing.capture_logs() as logs:
        found = await asyncio.gather(*(each.run_once() for each in workers))
    assert sorted(len(written) for written in found) == [0, 0, 0, 2]
    [said] = [line for line in logs if line["event"] == "evaluation.due"]
    assert (said["criterion"], said["status"], said["at"]) == ("participation", "met", DUE.isoformat())

    reports = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "reports").iterdir()}
    assert sorted(reports) == WRITTEN
    page = reports[WRITTEN[0]]
    assert "7 March 2027" in page
    assert "28 May 2027" in page  # the other is still to come
    assert await workers[0].run_once() == []

    # One that was taken away is written again as it was, whatever has come since.
    (tmp_path / "reports" / WRITTEN[0]).unlink()
    await seen(platform, "cat", LATER)
    assert len(await workers[0].run_once()) == 2
    again = (tmp_path / "reports" / WRITTEN[0]).read_text(encoding="utf-8")
    assert CLIP.sub("clip", again) == CLIP.sub("clip", page)


async def test_it_waits_until_the_facts_of_this_directory_reach_the_date(
    platform: Platform, tmp_path: Path
) -> None:
    made = worker(platform, tmp_path, LATER, "en")
    assert await made.run_once() == []  # nothing was handed on yet
    await caught_up(platform, tmp_path)
    assert await worker(platform, tmp_path / "elsewhere", LATER, "en").run_once() == []
    await seen(platform, "cat")
    assert await made.run_once() == []  # this one was not
    await caught_up(platform, tmp_path)
    assert [path.name for path in await made.run_once()] == WRITTEN[:1]


async def test_in_a_rehearsal_the_clock_is_that_of_the_events_and_a_new_version_has_its_own_dates(
    platform: Platform, tmp_path: Path
) -> None:
    await caught_up(platform, tmp_path)
    await platform.connection.execute("UPDATE installation SET mode = 'rehearsal'")
    made = worker(platform, tmp_path, datetime(2040, 1, 1, tzinfo=UTC), "en")
    assert await made.run_once() == []
    await put_up(platform.dsn, PLAN.replace("end + 1 week", "end + 2 weeks"))
    await seen(platform, "dan", DUE + timedelta(weeks=1))
    await caught_up(platform, tmp_path)
    assert [path.name for path in await made.run_once()] == ["spring-participation-2027-03-14-en.html"]


async def test_the_command_says_what_was_judged_and_when_the_rest_will_be(
    platform: Platform, tmp_path: Path
) -> None:
    await caught_up(platform, tmp_path)
    words = ["report", "spring", "--language", "en", "--as-of", LATER.isoformat()]
    words += ["--facts", str(tmp_path / "facts"), "--to", str(tmp_path / "reports")]
    environment = {**os.environ, "FESTOON_DATABASE_URL": platform.dsn, "FESTOON_LANG": "en", "COLUMNS": "120"}

    def festoon(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "festoon.cli", *words, *more]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    said, told = json.loads(festoon("--json").stdout), festoon()
    assert [(each["id"], each["status"]) for each in said["criteria"]] == [
        ("participation", "met"),
        ("loyalty", "to_come"),
    ]
    assert told.stdout.split() == said["reports"]
    assert re.search(r"Participants +7 March 2027 +2 +met", told.stderr)
    assert re.search(r"28 May 2027 +— +to come", told.stderr)
