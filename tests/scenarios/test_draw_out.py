"""Prizes that are out: the draw knows it, and what stands in for them is what the plan says."""

import pytest

from festoon.base.events import Event
from festoon.engine.view import EventView
from festoon.mechanics.draw import Draw
from festoon.plan.check import check_plan
from festoon.plan.problems import errors_of
from tests.scenarios.story import SPRING, Story, code

BY_CASE = "{first: [{when: member.kids >= 1, give: {points: 1}}], else: {coupon: ten-off}}"
BY_ARM = "{experiment: size, arms: {usual: {coupon: ten-off}, large: {coupon: twenty-off}}}"
PACK = "{id: pack, weight: 1000000000, give: GIVE}"
POINTS = "{id: points, weight: 1, give: {points: 5}}"


def wheel(*prizes: str, give: str = "{coupon: ten-off}", more: str = "sold_out: next_prize") -> str:
    """A plan with a draw of these prizes. There is one ten-off, and there are nine twenty-offs."""
    listed = "\n".join(f"      - {each.replace('GIVE', give)}" for each in prizes)
    return f"""{SPRING}
attributes: {{kids: int}}
assets: {{points: {{cost: 0.01, line: prizes}}}}
badges: {{sticker: {{title: Sticker}}}}
coupons:
  ten-off: {{value: 10, cost: 10, line: prizes, stock: 1}}
  twenty-off: {{value: 20, cost: 20, line: prizes, stock: 9}}
experiments: {{size: {{arms: {{usual: 1, large: 1}}}}}}
mechanics:
  wheel:
    kind: draw
    chances: {{free: {{per: day, count: 9}}}}
    prizes:
{listed}
    {more}
"""


def plays(story: Story, who: str, times: int = 1) -> list[str]:
    """What some plays gave, or were refused with."""
    named = {"campaign": "spring", "mechanic": "wheel"}
    made = [story.happens("draw.played", who, "2027-03-02", **named)["wheel"] for _ in range(times)]
    assert story.books_balance()
    return [code(each) or str(each.note["given"]) for each in made]


def odds(story: Story, who: str) -> dict[str, int]:
    """The weights that a member sees before he plays, of what he can win."""
    at = story.instant("2027-03-02")
    event = Event("app", "?", "draw.played", who, at, {"campaign": "spring", "mechanic": "wheel"})
    view = EventView(story.replay.program, story.replay.world, story.replay.world.members[who], event, at)
    view.listener = story.replay.program.by_key["spring/wheel"]
    assert isinstance(view.listener.mechanic, Draw)
    return {prize: weight for prize, weight, _ in view.listener.mechanic.odds_now(event, view) if weight}


def test_a_guarantee_never_gives_less_than_was_rolled() -> None:
    story = Story(
        wheel(
            "{id: coupon, weight: 0, stock: 1, swap: sticker, give: GIVE}",
            POINTS,
            "{id: sticker, weight: 0, give: {badge: sticker}}",
            more="sold_out: next_prize\n    guarantee: {after: 2, prize: coupon, miss: lower}",
        )
    )
    assert plays(story, "ann", 4) == ["points", "points", "coupon", "points"]
    assert plays(story, "bo", 4) == ["points"] * 4
    assert story.shows("bo", "wheel", "2027-03-02")["misses"] == 4


def test_a_prize_by_case_is_out_for_whom_it_would_be_what_is_out() -> None:
    story = Story(wheel(PACK, POINTS, give=BY_CASE))
    story.happens("member.imported", "bo", "2027-03-01", attributes={"kids": 2})
    assert plays(story, "ann", 4) == ["pack", "points", "points", "points"]
    assert plays(story, "bo", 2) == ["pack", "pack"]
    assert plays(story, "cai") == ["points"]
    assert (story.points("bo"), story.items("bo")) == (2, {})


def test_a_prize_on_trial_is_out_in_every_arm_when_it_is_out_in_one() -> None:
    story = Story(wheel(PACK, POINTS, give=BY_ARM))
    split = story.replay.program.campaigns["spring"].experiments["size"].split
    members = [f"m{number}" for number in range(20)]
    usual, other = (next(who for who in members if split.arm(who) == arm) for arm in ("usual", "large"))
    assert plays(story, other, 2) == ["pack", "pack"]
    assert plays(story, usual, 2) == ["pack", "points"]
    assert plays(story, other) == ["points"]


def test_what_is_given_beside_a_case_counts_together_with_it() -> None:
    story = Story(wheel(PACK, POINTS, give=f"[{{coupon: ten-off}}, {BY_CASE}]"))
    story.happens("member.imported", "bo", "2027-03-01", attributes={"kids": 2})
    assert plays(story, "ann") == ["points"], "two of one that is there once"
    assert plays(story, "bo", 2) == ["pack", "points"]


def test_the_odds_that_a_member_sees_are_those_he_plays_by() -> None:
    story = Story(wheel(PACK, POINTS, give=BY_CASE, more="sold_out: redistribute"))
    story.happens("member.imported", "bo", "2027-03-01", attributes={"kids": 2})
    story.happens("member.imported", "cai", "2027-03-01")
    assert odds(story, "cai") == {"pack": 10**9, "points": 1}
    assert plays(story, "ann") == ["pack"]
    assert odds(story, "cai") == {"points": 1}
    assert odds(story, "bo") == {"pack": 10**9, "points": 1}
    assert plays(story, "cai") == ["points"]


def test_who_can_win_nothing_but_what_is_out_keeps_his_chance() -> None:
    story = Story(wheel(PACK, give=BY_CASE, more="sold_out: nothing"))
    story.happens("member.imported", "bo", "2027-03-01", attributes={"kids": 2})
    assert plays(story, "ann", 2) == ["pack", "draw.sold_out"]
    assert plays(story, "bo") == ["pack"]
    assert story.shows("ann", "wheel", "2027-03-02")["free_left"] == 8


@pytest.mark.parametrize("give", [BY_CASE, BY_ARM], ids=["by case", "by arm"])
@pytest.mark.parametrize(
    ("prizes", "more", "found"),
    [
        ((PACK, POINTS), "", "draw.sold_out_undeclared"),
        ((POINTS, PACK), "sold_out: next_prize", "draw.open_end"),
    ],
)
def test_what_happens_when_a_prize_that_differs_by_member_is_out_must_be_declared(
    give: str, prizes: tuple[str, str], more: str, found: str
) -> None:
    errors = errors_of(check_plan(wheel(*prizes, give=give, more=more)).problems)
    assert [problem.code for problem in errors] == [found]


def test_no_chance_is_sold_when_nothing_is_left_to_be_won() -> None:
    plan = wheel("{id: coupon, weight: 1, give: GIVE}", more="sold_out: keep_chance").replace(
        "chances: {free: {per: day, count: 9}}", "chances: {bought: {price: 10}}"
    )
    story = Story(plan + "  hello: {kind: gift, on: page.viewed, give: {points: 100}}\n")
    named = {"campaign": "spring", "mechanic": "wheel"}

    def buys(who: str) -> str:
        return code(story.happens("draw.chance_bought", who, "2027-03-02", **named)["wheel"])

    for who in ("ann", "bea"):
        story.happens("page.viewed", who, "2027-03-02", page="x")
    assert (buys("ann"), plays(story, "ann")) == ("", ["coupon"])
    assert (buys("bea"), story.points("bea")) == ("draw.sold_out", 100)
    assert story.books_balance()
