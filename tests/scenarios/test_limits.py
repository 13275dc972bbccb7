"""What a mechanic is limited to: what counts towards a limit, and what does not."""

from tests.scenarios.story import Story, code

HEAD = """
festoon: 1
campaign: spring
title: Spring
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31}
budget: {currency: CNY, lines: {prizes: 1000}}
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
"""
BOTTLES = (
    HEAD
    + """
  bottles:
    kind: task
    on: order.paid
    sum: {of: event.amount, reach: 100}
    repeat: {}
    give: [{points: 10}]
    limits: {total: 5}
"""
)
WHEEL = (
    HEAD
    + """
  welcome: {kind: gift, on: member.registered, give: [{points: 100}]}
  wheel:
    kind: draw
    chances: {bought: {price: 10}}
    prizes: [{id: few, weight: 1, give: {points: 1}}]
    limits: {total: 3, per_day: 2}
"""
)


def buys(story: Story, who: str, amount: int, at: str) -> str:
    order = {"order": f"{who}{at}{amount}", "amount": amount, "currency": "CNY", "lines": []}
    return code(story.happens("order.paid", who, at, **order)["bottles"])


def test_a_reward_that_is_due_three_times_at_once_counts_three_times() -> None:
    story = Story(BOTTLES)
    assert buys(story, "mei", 320, "2027-03-02") == ""
    assert buys(story, "wu", 100, "2027-03-02") == ""
    assert (story.points("mei"), story.points("wu")) == (30, 10)
    assert buys(story, "wu", 200, "2027-03-03") == "limit.total"
    assert buys(story, "wu", 100, "2027-03-04") == ""
    assert buys(story, "mei", 100, "2027-03-05") == "limit.total"
    assert (story.points("mei"), story.points("wu")) == (30, 20)
    assert story.books_balance()


def test_chances_that_are_paid_for_use_up_no_limit_of_the_draw() -> None:
    story = Story(WHEEL)
    named = {"campaign": "spring", "mechanic": "wheel"}
    for who in ("mei", "wu"):
        story.happens("member.registered", who, "2027-03-02")
        assert code(story.happens("draw.chance_bought", who, "2027-03-02", count=4, **named)["wheel"]) == ""
    played = [
        code(story.happens("draw.played", who, at, **named)["wheel"])
        for who, at in (
            ("mei", "2027-03-02"),
            ("mei", "2027-03-02"),
            ("mei", "2027-03-02"),
            ("wu", "2027-03-02"),
            ("wu", "2027-03-03"),
        )
    ]
    assert played == ["", "", "limit.per_period", "", "limit.total"]
    assert (story.points("mei"), story.points("wu")) == (62, 61)
    assert story.books_balance()


SHORT = HEAD.replace("{prizes: 1000}", "{prizes: 0.50}")
CLIPS = (
    SHORT
    + "  first: {kind: gift, on: order.paid, give: [{points: 60}], caps: {points: {amount: 60}}, short: clip}\n"
)


def test_what_a_short_line_has_cut_counts_as_it_was_given_and_an_empty_line_says_that_it_is_empty() -> None:
    story = Story(CLIPS)
    made = story.happens("order.paid", "mei", "2027-03-02", amount=1)["first"]
    assert [(given.amount, given.wanted) for given in made.given] == [(50, 60)]
    again = story.happens("order.paid", "mei", "2027-03-03", amount=1)["first"]
    assert again.refused is not None
    assert (again.refused.code, again.refused.data) == (
        "budget.short", {"line": "prizes", "left": 0, "needed": 10}
    )  # fmt: skip
    assert story.books_balance()


def test_an_exchange_for_which_an_empty_line_would_give_nothing_costs_nothing() -> None:
    shop = CLIPS + "  shop: {kind: exchange, price: {amount: 10}, give: {points: 20}, short: clip}\n"
    story = Story(shop)
    story.happens("order.paid", "mei", "2027-03-02", amount=1)
    refused = story.send("exchange.made", "mei", "2027-03-03", campaign="spring", mechanic="shop").refused
    assert refused is not None
    assert refused.code == "budget.short"
    assert story.points("mei") == 50
