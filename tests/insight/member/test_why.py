"""为什么没发给我: each answer names the first question that failed, in order, with its values and its words."""

from datetime import timedelta
from typing import Any

import pytest

from festoon.engine.member_acts import bar
from festoon.engine.publish import pause
from festoon.engine.requests import submitting
from festoon.insight.member.why import QUESTIONS, Asked, Why, why
from tests.live import BEFORE, HEAD, NOW, Platform, event, order

PLAN = (
    HEAD.replace("lines: {prizes: 1000}", "lines: {prizes: 1000, small: 1}")
    + """
audience: {when: "not member.region == 'Wuxi'"}
assets: {points: {cost: 0.01, line: prizes}}
badges: {fan: {}}
gifts: {cup: {cost: 2, line: small}}
mechanics:
  big: {kind: gift, on: order.paid, when: "event.amount >= 100 and member.level == 'gold'", give: [{badge: fan}]}
  once: {kind: gift, on: page.viewed, give: [{points: 5}], limits: {per_member: 1}}
  dear: {kind: gift, on: content.liked, give: [{gift: cup}]}
  swap: {kind: exchange, price: {amount: 10}, give: {badge: fan}}
  posts: {kind: task, on: content.published, count: 3, give: [{points: 9}]}
  follows: {kind: gift, on: reward.granted, when: event.mechanic == "once", give: {badge: fan}}
"""
)


async def open_(database: str, plan: str = PLAN) -> Platform:
    platform = await Platform.open(database, plan)
    await platform.outcomes(event("member.registered", "ann", region="Suzhou"))
    return platform


async def asked(platform: Platform, mechanic: str, **more: Any) -> Why:
    number = await platform.connection.fetchval(
        "SELECT member_id FROM identity WHERE subject = $1", more.pop("who", "ann")
    )
    said = Asked(
        number, more.pop("campaign", "spring"), mechanic, platform.at, more.pop("language", "en"), **more
    )
    found = await why(platform.connection, platform.engine.program, said)
    assert [check.name for check in found.checks] == list(QUESTIONS)
    return found


def states(found: Why) -> dict[str, str]:
    return {check.name: check.state for check in found.checks}


def failed(found: Why) -> str:
    """The first that failed, which the verdict has to name; everything before it has passed."""
    first = next(check for check in found.checks if check.state == "failed")
    assert found.verdict == first.name
    before = found.checks[: QUESTIONS.index(first.name)]
    assert [check.name for check in before if check.state != "passed"] == []
    return first.name


async def test_what_does_not_run_is_said_first(database: str) -> None:
    platform = await open_(database)
    found = await asked(platform, "nothing")
    assert failed(found) == "runs"
    assert found.text == "Nothing called spring/nothing runs now."
    await platform.close()


async def test_when_no_such_event_came_that_is_said_and_how_the_rest_stands_now(database: str) -> None:
    platform = await open_(database)
    await platform.outcomes(event("member.profile_changed", "ann", region="Wuxi"))
    found = await asked(platform, "big")
    assert failed(found) == "event"
    assert found.text == "No such event came: the journal has none of this member (order.paid)."
    now = {check.name: (check.state, check.basis) for check in found.checks if check.basis == "now"}
    assert now["phase"] == ("passed", "now")
    assert now["audience"] == ("failed", "now")
    zh = await asked(platform, "big", language="zh-Hant")
    assert zh.text == "未收到相關事件：日誌中沒有該會員的「order.paid」。"
    await platform.close()


async def test_a_condition_is_told_part_by_part_with_its_values(database: str) -> None:
    platform = await open_(database)
    await platform.outcomes(order("ann", 90, "o-1"))
    found = await asked(platform, "big")
    assert failed(found) == "condition"
    assert found.text == (
        "Its condition did not hold: event.amount >= 100 (event.amount: 90);"
        ' member.level == "gold" (member.level: not known)'
    )
    check = found.checks[QUESTIONS.index("condition")]
    assert check.detail == "the event as it came, the member as he is now"
    assert check.behind is not None
    assert [part.holds for part in check.behind.parts] == [False, False]
    assert found.event is not None
    assert (found.event.id, found.event.answer) == ("o-1", "condition")
    await platform.close()


async def test_a_limit_that_was_reached_is_named_with_its_code(database: str) -> None:
    platform = await open_(database)
    for number in range(2):
        await platform.outcomes(event("page.viewed", "ann", f"v-{number}", page="x"))
    found = await asked(platform, "once")
    assert failed(found) == "limits"
    assert (found.code, found.text) == ("limit.per_member", "this can be had 1 time, and has been")
    assert found.checks[QUESTIONS.index("limits")].detail == "had 1, allowed 1"
    assert [each.answer for each in found.events] == ["limits", "given"]
    first = await asked(platform, "once", event="v-0")
    assert (first.verdict, first.text) == ("given", "He was given it: 5 × points.")
    assert set(states(first).values()) == {"passed"}
    await platform.close()


async def test_a_budget_that_is_used_up_is_named_with_what_is_left(database: str) -> None:
    platform = await open_(database)
    await platform.outcomes(event("content.liked", "ann", content="c"))
    found = await asked(platform, "dear")
    assert failed(found) == "budget"
    assert found.code == "budget.short"
    assert found.checks[QUESTIONS.index("budget")].detail == "1.00 left of small (as it is now)"
    await platform.close()


async def test_a_request_is_asked_about_its_own_mechanic(database: str) -> None:
    platform = await open_(database)
    await platform.outcomes(event("exchange.made", "ann", "x-1", campaign="spring", mechanic="swap"))
    found = await asked(platform, "swap")
    assert failed(found) == "rule"
    assert (found.code, found.text) == ("balance.short", "this takes 10 points and there is 0")
    await platform.close()


async def test_blocked_paused_and_phase_are_told_in_their_order(database: str) -> None:
    platform = await open_(database)
    submit = submitting(platform.engine, platform.connection)
    await bar(platform.connection, submit, "member.blocked", "ann", "a ring", "lin", NOW, "b-1")
    await platform.outcomes(event("exchange.made", "ann", "x-1", campaign="spring", mechanic="swap"))
    assert failed(await asked(platform, "swap")) == "blocked"
    await pause(platform.connection, "spring", ["once"], "lin", NOW)
    await platform.outcomes(event("page.viewed", "ann", "v-1", page="x"))
    assert failed(await asked(platform, "once")) == "paused"
    await platform.outcomes(order("ann", 200, "o-early", at=BEFORE))
    found = await asked(platform, "big")
    assert failed(found) == "phase"
    assert "from 2027-02-01 00:00 to 2027-03-01 00:00" in found.text
    await platform.close()


async def test_the_audience_and_the_holdout_are_named(database: str) -> None:
    plan = PLAN.replace("audience: {", "audience: {holdout: 50%, ")
    platform = await Platform.open(database, plan)
    seen: dict[str, Why] = {}
    for number in range(20):
        who = f"m-{number}"
        region = "Wuxi" if number % 2 else "Suzhou"
        await platform.outcomes(
            event("member.registered", who, region=region), event("page.viewed", who, page="x")
        )
        found = await asked(platform, "once", who=who)
        seen[found.verdict] = found
    assert set(seen) == {"given", "holdout", "audience"}
    assert failed(seen["holdout"]) == "holdout"
    assert "50.00%" in seen["holdout"].text
    assert failed(seen["audience"]) == "audience"
    assert seen["audience"].text.endswith('member.region == "Wuxi" (member.region: Wuxi)')
    await platform.close()


async def test_what_was_only_counted_says_so(database: str) -> None:
    platform = await open_(database)
    await platform.outcomes(event("content.published", "ann", content="c-1"))
    found = await asked(platform, "posts")
    assert (found.verdict, found.text) == (
        "counted", "The event was counted; there is nothing to give yet."
    )  # fmt: skip
    await platform.close()


async def test_an_event_can_be_asked_for_by_id_and_by_time(database: str) -> None:
    platform = await open_(database)
    await platform.outcomes(
        event("page.viewed", "ann", "v-1", NOW - timedelta(hours=2), page="x"),
        event("page.viewed", "ann", "v-2", NOW, page="x"),
    )
    assert (await asked(platform, "once", at=NOW - timedelta(hours=1))).verdict == "given"
    assert failed(await asked(platform, "once", event="v-2")) == "limits"
    gone = await asked(platform, "once", event="v-9")
    assert (failed(gone), gone.text) == ("event", "There is no such event of this member in the journal.")
    other = await asked(platform, "big", event="v-1")
    assert failed(other) == "event"
    assert other.text == "This event is “page.viewed”; the mechanic listens to: order.paid."
    await platform.close()


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_every_answer_is_whole_in_every_language(database: str, language: str) -> None:
    platform = await open_(database)
    await platform.outcomes(order("ann", 90, "o-1"), event("content.liked", "ann", content="c"))
    for mechanic in ("big", "once", "dear", "swap", "posts"):
        found = await asked(platform, mechanic, language=language)
        said = [found.text, *(check.question + check.detail for check in found.checks)]
        assert not [text for text in said if "{" in text or "<" in text.replace("<=", "")]
    await platform.close()


async def test_what_another_mechanic_gave_is_found_in_the_event_behind_it(database: str) -> None:
    platform = await open_(database)
    assert (await asked(platform, "follows")).verdict == "event"
    await platform.outcomes(event("page.viewed", "ann"), event("survey.answered", "ann", survey="s"))
    found = await asked(platform, "follows")
    assert found.event is not None
    assert (found.verdict, found.event.type, len(found.events)) == ("given", "page.viewed", 1)
    await platform.close()
