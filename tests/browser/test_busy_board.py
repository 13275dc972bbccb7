"""The live board of a campaign that is used: two days of members, looked at while the relay counts them."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from benchmarks.plans import example
from festoon.base.clock import wall
from festoon.base.events import Event
from festoon.console.side import console
from festoon.engine.draws import record_randomness
from festoon.insight.board.goals import GoalKeeper
from festoon.outbox.relay import LOCK
from festoon.store.embedded import EmbeddedServer
from tests.browser.looking import LOOKS, Looking, glimpse, looks_right, picture
from tests.live import Platform, event, order
from tests.outbox.writing import relay_all
from tests.serving import Running, serving_anew, waited

CAMPAIGN, DRAW = "new-year-2027", "newcomers-draw"
DAY = 24 * 60
"""Minutes."""


def came(who: str, at: datetime, chance: random.Random) -> Iterator[Event]:
    """What one member does on the day he comes: most buy, some write, all draw."""
    yield event("member.registered", who, at=at)
    yield event("member.profile_completed", who, at=at)
    if chance.random() < 0.6:
        yield order(who, chance.randrange(2_000, 40_000), f"order-{who}", at)
    if chance.random() < 0.4:
        yield event("content.published", who, at=at, content=f"post-{who}")
    yield event("draw.played", who, at=at, campaign=CAMPAIGN, mechanic=DRAW)


async def lived(running: Running, facts: Path) -> None:
    """Two days; minute by minute in the last hour and in the same one yesterday. Counted at the end."""
    now, chance, number = wall(), random.Random(7), 0
    platform = await Platform.open(running.dsn)
    await record_randomness(platform.connection, CAMPAIGN, DRAW, "campaign", "05 12 19 27 30 33", now, "lin")
    looked_at = {day * DAY + minute for day in (0, 1) for minute in range(65)}
    for minutes in sorted({*looked_at, *range(0, 2 * DAY, 60)}, reverse=True):
        platform.at = now - timedelta(minutes=minutes)
        busy = (0, 1, 1, 2, 3, 5) if minutes < DAY else (0, 0, 0, 1, 1, 2)
        coming = chance.choice(busy) if minutes in looked_at else chance.randrange(4, 14)
        done = [each for n in range(coming) for each in came(f"m{number + n}", platform.at, chance)]
        number += coming
        if done:
            await platform.outcomes(*done)
    await platform.close()
    await relay_all(running.dsn, facts)
    await GoalKeeper(running.dsn, facts, wall).run_once()


@pytest.fixture(scope="module")
def running(
    server: EmbeddedServer,
    template: str,
    database_names: Iterator[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    plan = example("new-year", wall().date() - timedelta(days=3))
    with serving_anew(server, template, next(database_names), plan, sides=(console,)) as running:
        waited(lived(running, tmp_path_factory.mktemp("facts")))
        yield running


@contextmanager
def relaying(running: Running) -> Iterator[None]:
    """As if a relay were at work: its lock is held."""
    with psycopg.connect(running.dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        yield


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_board_tells_this_hour_from_yesterdays_and_where_money_goes(
    open_page: Looking, running: Running, width: int, language: str
) -> None:
    with relaying(running):
        page = open_page("operator", f"/console/board/{CAMPAIGN}/", width, language)
        page.wait_for_timeout(300)
        counted = running.client.get(f"/v1/campaigns/{CAMPAIGN}/board").json()
        assert counted["working"]
        assert counted["participants"]["hour"] > counted["participants"]["before"] > 0
        assert sum(line["spent"]["hour"] for line in counted["lines"]) > 0
        assert page.locator(".badge-bad").count() == 0
        looks_right(page)
        picture(page, f"board-busy-{width}-{language}")
        glimpse(page, f"busy-board-{width}-{language}")
