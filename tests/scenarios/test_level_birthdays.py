"""A birthday is heard of when the profile says it, by whatever event, and nothing else comes of that event."""

from datetime import UTC, datetime

import pytest

from festoon.engine.population import Population
from festoon.plan.check import check_plan
from tests.live import HEAD, Platform, event, order
from tests.scenarios.story import Story

MECHANICS = """
mechanics:
  welcome: {kind: gift, on: member.registered, give: {points: 7}, limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: growth, give: 1, per: 100}
  extra: {kind: gift, on: page.viewed, give: {growth: 2000}}
  levels:
    kind: level
    on: order.paid
    levels:
      - {id: member, growth: 0, entry: {points: 1}}
      - {id: silver, growth: 500, birthday: {points: 50}}
      - {id: gold, growth: 2000, birthday: {points: 200}}
"""
PLAN = (
    """
festoon: 1
campaign: club
title: {en: Club}
timezone: Asia/Shanghai
schedule: {start: 2027-01-01, end: 2029-12-31}
budget: {currency: CNY, lines: {prizes: 5000}}
attributes: {birthday: date}
assets: {growth: {}, points: {cost: 0.01, line: prizes}}
"""
    + MECHANICS
)
BORN = {"birthday": "1990-06-01"}


def silver() -> Story:
    """Mei is silver since January, and has one point for entering."""
    told = Story(PLAN)
    told.happens("member.imported", "mei", "2027-01-09")
    told.happens("order.paid", "mei", "2027-01-10", amount=60_000)
    assert told.points("mei") == 1
    return told


@pytest.mark.parametrize("type", ["member.imported", "member.profile_changed"])
def test_whoever_does_nothing_after_the_profile_came_is_wished_a_happy_birthday(type: str) -> None:
    told = silver()
    told.happens(type, "mei", "2027-01-11", attributes=BORN)
    told.passes("2027-05-31 23:59")
    assert told.points("mei") == 1
    told.passes("2027-06-01 00:00")
    assert told.points("mei") == 51
    told.passes("2028-06-01 00:00")
    assert told.points("mei") == 101
    assert told.books_balance()


def test_a_birthday_that_changes_moves_with_the_profile() -> None:
    told = silver()
    told.happens("member.imported", "mei", "2027-01-11", attributes=BORN)
    told.happens("member.profile_changed", "mei", "2027-05-01", attributes={"birthday": "1990-08-01"})
    told.passes("2027-07-31")
    assert told.points("mei") == 1
    told.passes("2027-08-01")
    assert told.points("mei") == 51
    told.happens("member.profile_changed", "mei", "2027-08-02", attributes={"birthday": "1990-09-01"})
    told.passes("2027-12-31")
    assert told.points("mei") == 51, "one a year"


@pytest.mark.parametrize("keep", ["mei", "lei"])
def test_a_birthday_that_only_the_other_account_knew_is_heard_of_with_the_merge(keep: str) -> None:
    told = silver()
    told.happens("member.imported", "lei", "2027-01-11", attributes=BORN)
    gone = "lei" if keep == "mei" else "mei"
    told.happens("member.merged", keep, "2027-01-12", member=gone, reason="one phone")
    assert told.shows(keep, "levels", "2027-01-12")["level"] == "silver"
    told.passes("2027-06-01")
    assert told.points(keep) == 51
    assert told.books_balance()


def test_a_profile_brings_no_growth_no_level_and_no_registration_gift() -> None:
    told = silver()
    told.happens("page.viewed", "mei", "2027-01-11")  # growth that the level does not listen to
    made = told.happens("member.imported", "mei", "2027-01-12", attributes=BORN)
    assert (made, told.points("mei")) == ({}, 1)
    assert told.shows("mei", "levels", "2027-01-12")["level"] == "silver"
    told.happens("order.paid", "mei", "2027-01-13", amount=100)
    assert told.shows("mei", "levels", "2027-01-13")["level"] == "gold"


def test_whoever_is_only_imported_has_no_level_and_leaves_nothing_behind() -> None:
    told = Story(PLAN)
    assert told.happens("member.imported", "mei", "2027-01-11", attributes=BORN) == {}
    mei = told.replay.world.members["mei"]
    assert (mei.timers, mei.progress_of("club/levels"), told.points("mei")) == ({}, None, 0)
    told.happens("order.paid", "mei", "2027-02-01", amount=60_000)
    told.passes("2027-06-01")
    assert told.points("mei") == 51, "the first look reads the profile"


def test_profiles_are_not_listened_to_where_nothing_is_given_on_birthdays() -> None:
    plain = PLAN.replace(", birthday: {points: 50}", "").replace(", birthday: {points: 200}", "")
    for plan, types in (
        (plain, ("order.paid",)),
        (
            PLAN,
            ("order.paid", "member.registered", "member.imported", "member.profile_changed", "member.merged"),
        ),
        (
            PLAN.replace("    on: order.paid\n", "    on: [order.paid, member.registered]\n"),
            ("order.paid", "member.registered", "member.imported", "member.profile_changed", "member.merged"),
        ),
    ):
        checked = check_plan(plan)
        assert checked.compiled is not None
        levels = next(each for each in checked.compiled.mechanics if each.id == "levels")
        assert levels.types == types
        assert set(levels.awaits) == set(types) - set(levels.beside), "nobody misses a profile"


LIVE = (
    HEAD.replace("end: 2027-02-28, settle: 2027-03-14", "end: 2029-12-31")
    + "attributes: {birthday: date}\nassets: {points: {cost: 0.01, line: prizes}}"
    + MECHANICS
)


def test_growth_that_comes_with_a_profile_may_stand_below_a_level_that_does_not_look_at_it() -> None:
    below = PLAN + "  brought: {kind: gift, on: member.imported, give: {growth: 5}}\n"
    assert "plan.stands_above" not in {each.code for each in check_plan(below).problems}
    heard = below.replace("    on: order.paid\n", "    on: [order.paid, member.imported]\n")
    assert "plan.stands_above" in {each.code for each in check_plan(heard).problems}


def test_a_simulation_does_not_miss_profiles_that_nobody_changed() -> None:
    assert Population.of(PLAN, 10, 5, (), None).never(PLAN) == ["page.viewed"]


async def test_a_birthday_that_is_imported_later_is_kept_and_comes(database: str) -> None:
    platform = await Platform.open(database, LIVE)
    await platform.send(order("mei", 60_000, "o1"))
    await platform.send(
        event("member.imported", "mei", attributes=BORN), event("member.imported", "lei", attributes=BORN)
    )
    platform.at = datetime(2027, 6, 1, tzinfo=UTC)
    await platform.wake("mei")
    await platform.wake("lei")
    assert (await platform.balance("mei"), await platform.balance("lei")) == (51, 0)
    await platform.audit()
    await platform.close()


@pytest.mark.parametrize("then", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2027, 5, 31, tzinfo=UTC)])
async def test_an_import_that_tells_of_long_ago_brings_no_birthday_that_is_over(
    database: str, then: datetime
) -> None:
    platform = await Platform.open(database, LIVE)
    await platform.send(order("mei", 60_000, "o1"))
    platform.at = datetime(2027, 6, 10, tzinfo=UTC)
    await platform.send(event("member.imported", "mei", at=then, attributes=BORN))
    await platform.wake("mei")
    assert await platform.balance("mei") == 1
    platform.at = datetime(2028, 6, 1, tzinfo=UTC)
    await platform.wake("mei")
    assert await platform.balance("mei") == 51
    await platform.audit()
    await platform.close()


@pytest.mark.parametrize("keep", ["mei", "lei"])
async def test_a_stored_birthday_of_the_other_account_comes(database: str, keep: str) -> None:
    platform = await Platform.open(database, LIVE)
    await platform.send(order("mei", 60_000, "o1"), event("member.imported", "lei", attributes=BORN))
    gone = "lei" if keep == "mei" else "mei"
    await platform.send(event("member.merged", keep, member=gone, reason="one phone"))
    platform.at = datetime(2027, 6, 1, tzinfo=UTC)
    await platform.wake(keep)
    assert await platform.balance(keep) == 51
    await platform.audit()
    await platform.close()
