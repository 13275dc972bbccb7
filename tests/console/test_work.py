"""Work and risks as lists with their state, and campaigns that are put away."""

from datetime import UTC, datetime, timedelta

import pytest

from festoon.engine.publish import stop
from festoon.store.pool import connect
from tests.console.visitors import Visitors
from tests.live import put_up
from tests.serving import Running, head, waited

PAST = (datetime.now(UTC) - timedelta(days=5)).date()
PLAN = (
    head()
    + f"""
mechanics:
  hello: {{kind: gift, on: member.registered, give: [{{points: 5}}]}}
work:
  posters: {{title: Hang the posters, person: Planner, to: {PAST}}}
  shop: {{title: Tell the shops, person: lin, from: {PAST}}}
risks:
  crowd: {{title: Too many come, impact: 4, likelihood: 4, owner: lin, review: weekly}}
"""
)
TABS = "/console/campaigns/spring/tab/"
WORK, RISKS = f"{TABS}work/", f"{TABS}risks/"


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


def test_overdue_work_is_marked_until_somebody_says_it_is_done(visitors: Visitors) -> None:
    planner = visitors["planner"]
    assert "Hang the posters" in planner.page("/console/home/")
    late = planner.page(f"{WORK}?show=overdue")
    assert ("Hang the posters" in late, late.count("Tell the shops")) == (True, 0)
    mine = planner.page(f"{WORK}?show=mine")
    assert ('value="done"' in mine, "Tell the shops" in mine) == (True, False)
    done = planner.submit("/console/campaigns/spring/tasks/posters/", WORK, state="done", note="all of them")
    assert ("all of them" in done.text, "user:planner" in done.text) == (True, True)
    assert "None of these" in planner.page(f"{WORK}?show=overdue")
    assert "Hang the posters" not in planner.page("/console/home/")
    wrong = planner.submit("/console/campaigns/spring/tasks/posters/", WORK, state="nearly")
    assert "work.state_unknown" in wrong.text


def test_a_risk_that_nobody_looked_at_is_due_until_somebody_does(visitors: Visitors) -> None:
    planner = visitors["planner"]
    assert "risk to look at" in planner.page("/console/home/")
    assert "Too many come" in planner.page(f"{RISKS}?show=overdue")
    at = "/console/campaigns/spring/risks/crowd/"
    assert "That is no date" in planner.submit(at, RISKS, state="watched", next_review="soon").text
    looked = planner.submit(at, RISKS, state="watched", note="a second gate is open", next_review="")
    assert ("a second gate is open" in looked.text, "response in place" in looked.text) == (True, True)
    assert "None of these" in planner.page(f"{RISKS}?show=overdue")
    assert "risk to look at" not in planner.page("/console/home/")


def test_who_may_only_read_changes_no_state(visitors: Visitors) -> None:
    assert "/tasks/posters/" not in visitors["analyst"].page(WORK)
    answer = visitors["analyst"].submit(
        "/console/campaigns/spring/tasks/posters/", "/console/home/", state="done"
    )
    assert answer.status_code == 403


def test_a_campaign_is_put_away_leaves_the_lists_and_comes_back(visitors: Visitors, running: Running) -> None:
    async def over() -> None:
        await put_up(running.dsn, head("autumn") + "mechanics: {}\n")
        connection = await connect(running.dsn)
        await stop(connection, "autumn", "user:ops", datetime.now(UTC))
        await connection.close()

    waited(over())
    operator, sheet = visitors["operator"], "/console/campaigns/autumn/"
    assert "/run/archive/" not in operator.page("/console/campaigns/spring/")
    assert "/run/archive/" in operator.page(sheet)
    refused = operator.submit("/console/campaigns/spring/run/archive/", sheet)
    assert "campaign.not_settled" in refused.text
    assert "Put away. It is found" in operator.submit(f"{sheet}run/archive/", sheet).text
    assert sheet not in operator.page("/console/campaigns/")
    assert sheet in operator.page("/console/campaigns/put-away/")
    assert "Bring back" in operator.page(sheet)
    operator.submit(f"{sheet}run/bring-back/", sheet)
    assert sheet in operator.page("/console/campaigns/")


def test_of_a_settled_campaign_nothing_is_left_to_pause_or_stop(visitors: Visitors, running: Running) -> None:
    plan = """
festoon: 1
campaign: settled
title: {en: Settled}
timezone: Asia/Shanghai
schedule: {start: 2020-01-01, end: 2020-02-01, settle: 2020-02-15, archive: 2099-02-15}
mechanics: {hello: {kind: gift, on: page.viewed, give: {points: 1}}}
"""
    waited(put_up(running.dsn, plan))
    operator, at = visitors["operator"], "/console/campaigns/settled/"
    assert "/run/pause/" in operator.page("/console/campaigns/spring/")
    for page in (at, f"{at}tab/mechanics/"):
        seen = operator.page(page)
        assert "settled</span>" in seen
        assert "pause/" not in seen
        assert "/run/stop/" not in seen
    assert "/run/archive/" in operator.page(at)
    assert "/console/fast/settled/" not in operator.page("/console/fast/")


def test_a_campaign_whose_day_to_be_archived_has_come_is_with_those_put_away(
    visitors: Visitors, running: Running
) -> None:
    waited(
        put_up(
            running.dsn,
            """
festoon: 1
campaign: long-ago
title: {en: Long ago}
timezone: Asia/Shanghai
schedule: {start: 2020-01-01, end: 2020-02-01, settle: 2020-02-15, archive: 2021-02-15}
mechanics: {}
""",
        )
    )
    at = "/console/campaigns/long-ago/"
    assert at not in visitors["operator"].page("/console/campaigns/")
    assert at in visitors["operator"].page("/console/campaigns/put-away/")
