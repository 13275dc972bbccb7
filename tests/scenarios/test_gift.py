"""The gifts of docs/reference/mechanics/gift.md: a welcome, a first order, a return."""

from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code


def test_a_registration_gives_the_welcome_pack_once_per_person() -> None:
    story = Story(plan("gift"))
    first = story.happens("member.registered", "mei", "2027-03-02")
    assert [(given.kind, given.amount) for given in first["welcome"].given] == [("coupon", 1), ("asset", 200)]
    again = story.happens("member.registered", "mei", "2027-03-03")
    assert code(again["welcome"]) == "limit.per_member"
    assert (story.points("mei"), story.items("mei")) == (200, {"ten-off": 1})
    assert story.books_balance()


def test_an_imported_member_gets_no_welcome() -> None:
    story = Story(plan("gift"))
    assert story.happens("member.imported", "mei", "2027-03-02", registered="2024-01-01") == {}
    assert story.points("mei") == 0


def test_the_first_large_order_brings_three_months_of_membership() -> None:
    story = Story(plan("gift"))
    assert story.happens("order.paid", "mei", "2027-03-02", amount=4_999) == {}
    made = story.happens("order.paid", "mei", "2027-03-03", amount=5_000)
    (membership,) = made["first-order"].given
    assert (membership.kind, membership.ref, membership.cost) == ("membership", "gold", 92 * 20)
    assert (
        code(story.happens("order.paid", "mei", "2027-03-04", amount=9_000)["first-order"])
        == "limit.per_member"
    )


def test_who_comes_back_is_welcomed_once_a_month() -> None:
    story = Story(plan("gift"))
    story.happens("segment.entered", "mei", "2027-03-02", segment="returning")
    assert code(story.happens("segment.entered", "mei", "2027-03-20", segment="returning")["return"]) == (
        "limit.per_period"
    )
    assert story.happens("segment.entered", "mei", "2027-03-21", segment="loyal") == {}
    assert story.points("mei") == 88
