"""Segments told as stories: tiers that get different things from one mechanic, and return packs in order."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from festoon.base.events import Event
from festoon.engine.assumptions import Assumptions
from festoon.engine.backtest import Run, backtest, run_seed
from festoon.engine.replay import Replay
from festoon.plan.check import check_plan
from tests.docs.pages import blocks
from tests.live import HEAD
from tests.scenarios.story import Story

PAGE = "docs/how-to/segments.md"


def fragment(mechanic: str) -> str:
    """The plan fragment of the page that has this mechanic."""
    [found] = [block.text for block in blocks(PAGE, "yaml") if f"  {mechanic}:\n" in block.text]
    return found


TIERS = HEAD + fragment("thanks")
WIN_BACK = HEAD + "assets: {points: {cost: 1, line: prizes}}\n" + fragment("come-back")
DAY = datetime(2027, 2, 10, 4, tzinfo=UTC)
"""Noon in Shanghai; the campaign has run since the 1st."""


def day(n: int) -> datetime:
    """Noon of a day of February; 0 and below are in January."""
    return DAY + timedelta(days=n - 10)


class History:
    """Events in the order of their times."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def happens(self, type_: str, who: str, *days: int, **data: Any) -> "History":
        for each in days:
            id = f"{type_}/{who}/{each}"
            self.events.append(Event("shop", id, type_, who, day(each), data))
        return self

    def __iter__(self) -> Iterator[Event]:
        return iter(sorted(self.events, key=lambda event: event.time))


def told(plan: str, history: Iterable[Event], **lists: tuple[str, ...]) -> tuple[Run, Replay]:
    return run_seed(plan, history, 1, Assumptions(), lists=lists)


def points(replay: Replay) -> dict[str, int]:
    return {who: member.book.balance("points") for who, member in replay.world.members.items()}


def ten_posters() -> History:
    """In January m0 posted on one day, m9 on ten; all of them post once in the campaign."""
    history = History()
    for n in range(10):
        history.happens("content.published", f"m{n}", *range(-n, 1), content="c", topic="tea")
        history.happens("content.published", f"m{n}", 3, content="c", topic="tea")
    return history.happens("content.published", "stranger", 3, content="c", topic="tea")


def test_one_mechanic_gives_by_tier() -> None:
    assert check_plan(TIERS).errors == []
    _, replay = told(TIERS, ten_posters())
    assert points(replay) == {
        "m0": 5, "m1": 5, "m2": 30, "m3": 30, "m4": 30, "m5": 30, "m6": 30, "m7": 30, "m8": 100, "m9": 100,
        "stranger": 5,
    }  # fmt: skip


def test_tiers_change_with_what_members_do() -> None:
    history = ten_posters()
    history.happens("content.published", "m0", *range(4, 25), content="c", topic="tea")
    _, replay = told(TIERS, history)
    # m0 posts daily from the 4th on, once a week for points: the rest, then the middle, then the top.
    assert points(replay)["m0"] == 5 + 30 + 100 + 100


def sleepers() -> History:
    """Five members logged in on 1 February and bought for different amounts; one comes daily."""
    history = History()
    for n, spent in enumerate((500, 100, 300, 200, 400)):
        history.happens("order.paid", f"m{n}", -5, order=f"o{n}", amount=spent, currency="CNY", lines=[])
        history.happens("member.logged_in", f"m{n}", 1)
    return history.happens("member.logged_in", "daily", *range(-5, 20))


def test_a_return_pack_goes_to_who_was_away_in_the_order_of_list_and_spending() -> None:
    assert check_plan(WIN_BACK).errors == []
    run, replay = told(WIN_BACK, sleepers(), invited=("m1", "nobody"))
    # 1,000 pay for five packs of 200.
    assert points(replay) == {"m0": 200, "m1": 200, "m2": 200, "m3": 200, "m4": 200, "daily": 0}
    poor = WIN_BACK.replace("{prizes: 1000}", "{prizes: 600}")
    run, replay = told(poor, sleepers(), invited=("m1", "nobody"))
    assert [who for who, had in points(replay).items() if had] == ["m0", "m1", "m4"]
    assert run.refusals == {"spring/come-back budget.short": 2}


def test_who_came_back_leaves_the_segment_and_may_come_into_it_again() -> None:
    history = sleepers().happens("member.logged_in", "m0", 12, 25)
    wide = WIN_BACK.replace("limits: {per_month: 1}", "limits: {per_member: 9}")
    _, replay = told(wide.replace("{prizes: 1000}", "{prizes: 5000}"), history)
    assert points(replay)["m0"] == 400
    assert points(replay)["m1"] == 200


def test_accounts_that_are_merged_come_into_the_tier_of_both_together() -> None:
    history = ten_posters()
    history.happens("member.merged", "m8", 2, member="m9", reason="one person", made_by="lin")
    history.happens("content.published", "m8", 5, content="c", topic="tea")
    _, replay = told(TIERS, history)
    # Nine are left: the fifth of them is two, m8 with m9's days and m7; m8 posts under both names within a week.
    assert {who: points(replay)[who] for who in ("m7", "m8", "m6")} == {"m7": 100, "m8": 100, "m6": 30}


def test_after_a_merge_a_member_is_in_one_part_of_a_split_the_better_one() -> None:
    history = ten_posters()
    for stays, gone in (("m4", "m9"), ("m8", "m0"), ("m5", "stranger")):
        history.happens("member.merged", stays, 2, member=gone, reason="one person", made_by="lin")
    history.happens("page.viewed", "m4", 2)
    _, replay = told(TIERS, (event for event in history if event.time <= day(2)))
    inside = {who: member.profile.get("segments") for who, member in replay.world.members.items()}
    assert [inside[who] for who in ("m4", "m8", "m5", "m1")] == [
        ["spring/top"], ["spring/top"], ["spring/middle"], ["spring/low"],
    ]  # fmt: skip


def test_who_stands_on_a_list_by_an_account_that_was_merged_stands_on_it() -> None:
    history = sleepers()
    for stays, gone in (("m1", "old"), ("m2", "older")):
        history.happens("member.imported", gone, -5)
        history.happens("member.merged", stays, 2, member=gone, reason="one person", made_by="lin")
    poor = WIN_BACK.replace("{prizes: 1000}", "{prizes: 600}")
    _, replay = told(poor, history, invited=("m3", "older", "m2", "old"))
    assert sorted(who for who, had in points(replay).items() if had) == ["m1", "m2", "m3"]


def test_who_was_erased_takes_nobodys_place_and_whoever_comes_by_his_id_is_somebody_new() -> None:
    history = ten_posters()
    history.happens("content.published", "m9", 20, content="c", topic="tea")
    history.happens("member.erased", "m9", 2, reason="asked for")
    _, replay = told(TIERS, history)
    # Nine are left when all post: the fifth of them is two, m8 and m7. Who posts as m9 has no January.
    assert {who: points(replay)[who] for who in ("m9", "m8", "m7", "m6")} == {
        "m9": 5 + 5, "m8": 100, "m7": 100, "m6": 30,
    }  # fmt: skip


def test_a_back_test_says_which_lists_it_took_to_be_empty() -> None:
    events = list(sleepers())
    found = backtest(
        WIN_BACK + "  other: {kind: gift, on: order.paid, give: [{growth: 1}]}\n",
        lambda: iter([events]),
        seeds=1,
    )
    assert found.lists_empty == ("invited",)
    assert found.kept_by_platform == ()
    given = backtest(WIN_BACK, lambda: iter([events]), seeds=1, lists={"invited": ("m1",)})
    assert given.lists_empty == ()
    assert given.runs[0].reached == 5


def test_what_the_platform_calls_by_the_name_of_a_plans_own_segment_is_another() -> None:
    kept_by_platform = WIN_BACK.replace("campaign: spring", "campaign: other")
    kept_by_platform = re.sub(
        r"  sleeping:\n.*?(?=\w+:\n  come-back)",
        "  sleeping: {title: Away}\n",
        kept_by_platform,
        flags=re.DOTALL,
    )
    story = Story(WIN_BACK, kept_by_platform)
    made = story.happens("segment.entered", "mei", "2027-02-10", segment="sleeping")
    assert [each.mechanic for each in made.values()] == ["other/come-back"]
    assert story.points("mei") == 200
