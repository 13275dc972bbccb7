"""How far work is and what state risks are in: set by people, kept with who and when, in the trail."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from festoon.base.errors import FestoonError
from festoon.engine.archiving import archive, archived, bring_back
from festoon.engine.campaign_list import campaigns, put_away
from festoon.engine.publish import stop
from festoon.engine.work import next_review, review_risk, set_task, states
from tests.live import HEAD, NOW, Platform, event, put_up

PLAN = (
    HEAD
    + """
mechanics:
  hello: {kind: gift, on: member.registered, give: [{points: 5}]}
work:
  posters: {title: Posters, person: lin, to: start, tasks: {print: {title: Print}}}
risks:
  crowd: {title: Too many, impact: 4, likelihood: 4}
"""
)
SETTLED = datetime(2027, 3, 20, tzinfo=UTC)


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


async def test_a_task_and_its_sub_task_have_the_state_that_was_set_last(platform: Platform) -> None:
    connection = platform.connection
    assert await states(connection, "task", ["spring"]) == {}
    await set_task(connection, "spring", "posters", "doing", "user:lin", NOW, "at the printer's")
    await set_task(connection, "spring", "print", "done", "user:lin", NOW)
    await set_task(connection, "spring", "posters", "done", "user:wu", NOW + timedelta(hours=1))
    found = await states(connection, "task", ["spring"])
    posters = found["spring", "posters"]
    assert (posters.state, posters.by, posters.at, posters.note) == (
        "done",
        "user:wu",
        NOW + timedelta(hours=1),
        "",
    )
    assert found["spring", "print"].state == "done"
    rows = await connection.fetch(
        "SELECT object, before, actor FROM audit_entry WHERE act = 'work.task' ORDER BY number"
    )
    assert [tuple(row) for row in rows] == [
        ("spring/posters", None, "user:lin"),
        ("spring/print", None, "user:lin"),
        ("spring/posters", '"doing"', "user:wu"),
    ]


async def test_a_risk_is_looked_at_again_by_its_rhythm_or_when_somebody_says(platform: Platform) -> None:
    await review_risk(
        platform.connection, "spring", "crowd", "watched", "user:lin", NOW, "", date(2027, 2, 20)
    )
    found = (await states(platform.connection, "risk", ["spring"]))["spring", "crowd"]
    assert (found.state, found.next_review) == ("watched", date(2027, 2, 20))
    assert next_review("weekly", NOW) == NOW + timedelta(days=7)
    assert next_review("quarterly", datetime(2027, 11, 30, 8, tzinfo=UTC)) == datetime(
        2028, 2, 29, 8, tzinfo=UTC
    )
    assert next_review("once", NOW) is None


async def test_what_is_not_in_the_plan_is_said(platform: Platform) -> None:
    for work, code in (
        (set_task(platform.connection, "spring", "none", "done", "lin", NOW), "work.task_unknown"),
        (set_task(platform.connection, "spring", "posters", "nearly", "lin", NOW), "work.state_unknown"),
        (review_risk(platform.connection, "spring", "posters", "open", "lin", NOW), "work.risk_unknown"),
        (review_risk(platform.connection, "spring", "crowd", "done", "lin", NOW), "work.state_unknown"),
        (set_task(platform.connection, "autumn", "posters", "done", "lin", NOW), "plan.version_unknown"),
    ):
        with pytest.raises(FestoonError) as no:
            await work
        assert no.value.code == code


async def test_a_campaign_is_put_away_once_it_is_settled_and_loses_nothing(platform: Platform) -> None:
    connection = platform.connection
    await platform.outcomes(event("member.registered", "ann"))
    with pytest.raises(FestoonError, match=r"campaign\.not_settled"):
        await archive(connection, "spring", "user:ops", NOW)
    await archive(connection, "spring", "user:ops", SETTLED)
    assert [each.id for each in await campaigns(connection)] == []
    (away,) = await put_away(connection)
    assert (away.id, away.archived) == ("spring", SETTLED)
    assert await archived(connection) == {"spring"}
    with pytest.raises(FestoonError, match=r"campaign\.archived_already"):
        await archive(connection, "spring", "user:ops", SETTLED)
    assert await platform.balance("ann") == 5
    await platform.audit()
    await bring_back(connection, "spring", "user:ops", SETTLED)
    with pytest.raises(FestoonError, match=r"campaign\.not_archived"):
        await bring_back(connection, "spring", "user:ops", SETTLED)
    assert [each.id for each in await campaigns(connection)] == ["spring"]
    acts = await connection.fetch(
        "SELECT act FROM audit_entry WHERE object = 'spring' AND actor = 'user:ops'"
    )
    assert [row["act"] for row in acts] == ["campaign.archive", "campaign.bring_back"]


async def test_a_campaign_that_was_stopped_can_be_put_away_at_once(platform: Platform) -> None:
    await put_up(platform.dsn, PLAN.replace("campaign: spring", "campaign: autumn"))
    await stop(platform.connection, "autumn", "user:ops", NOW)
    await archive(platform.connection, "autumn", "user:ops", NOW)
    assert await archived(platform.connection) == {"autumn"}
