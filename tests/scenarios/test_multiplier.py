"""The multipliers of docs/reference/mechanics/multiplier.md: weekends, returning members, big orders."""

from festoon.engine.pausing import pause_mechanic, resume_mechanic
from tests.live import HEAD, NOW, Platform, order
from tests.mechanics.pages import plan
from tests.scenarios.story import Story

FRIDAY, SATURDAY = "2027-03-05", "2027-03-06"


def returning(story: Story, who: str) -> None:
    """The member is in the segment of those who came back."""
    story.happens("member.imported", who, "2027-03-01")
    story.replay.world.members[who].profile["segments"] = ["returning"]


def paid(story: Story, who: str, at: str, amount: int) -> tuple[int, str]:
    """The points of an order, and the factor they were multiplied with."""
    (given,) = story.happens("order.paid", who, at, amount=amount)["spend"].given
    return given.amount, given.factor


def test_on_a_friday_everything_is_as_it_is() -> None:
    assert paid(Story(plan("multiplier")), "mei", FRIDAY, 10_000) == (100, "")


def test_on_a_weekend_points_are_doubled_whatever_gives_them() -> None:
    story = Story(plan("multiplier"))
    assert paid(story, "mei", SATURDAY, 10_000) == (200, "2")
    (welcome,) = story.happens("member.registered", "lei", SATURDAY)["welcome"].given
    assert (welcome.amount, welcome.factor) == (200, "2")


def test_half_a_point_is_rounded_up_once() -> None:
    story = Story(plan("multiplier"))
    returning(story, "han")
    assert paid(story, "han", FRIDAY, 10_300) == (155, "3/2")


def test_of_two_that_compete_the_highest_counts() -> None:
    story = Story(plan("multiplier"))
    returning(story, "han")
    assert paid(story, "han", SATURDAY, 10_000) == (200, "2")


def test_a_big_order_multiplies_with_the_weekend() -> None:
    story = Story(plan("multiplier"))
    assert paid(story, "mei", FRIDAY, 100_000) == (3_000, "3")
    assert paid(story, "mei", SATURDAY, 100_000) == (6_000, "6")
    assert story.points("mei") == 9_000
    assert story.books_balance()


async def test_a_multiplier_that_is_paused_multiplies_no_more_until_it_runs_again(database: str) -> None:
    plan = HEAD + (
        "assets: {points: {cost: 0.01, line: prizes}}\n"
        "mechanics:\n  spend: {kind: earn, on: order.paid, per: 1, give: 1}\n  double: {kind: multiplier, factor: 2}\n"
    )
    platform = await Platform.open(database, plan)

    async def earned(id: str) -> int:
        before = await platform.balance("ann")
        await platform.outcomes(order("ann", 10, id))
        return await platform.balance("ann") - before

    assert await earned("o-1") == 20
    await pause_mechanic(platform.connection, "spring", "double", "typo", "lin", NOW)
    assert await earned("o-2") == 10, "at once, in a process that runs already"
    await resume_mechanic(platform.connection, "spring", "double", "mended", "lin", NOW)
    assert await earned("o-3") == 20
    await platform.audit()
    await platform.close()
