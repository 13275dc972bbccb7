"""Points that are pending: a member's at once, to be spent when their time has come, and the first to go back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.engine.invite_codes import invite_code
from tests.scenarios.story import Story, code

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-04-30}
budget: {currency: CNY, lines: {prizes: 1000}}
assets: {points: {cost: 0.01, line: prizes, expires: {days: 10}}}
badges: {fan: {}}
mechanics:
  orders: {kind: earn, pending: {days: 7}, limits: {per_member: 6}}
  photo: {kind: task, on: proof.submitted, review: {}, repeat: {}, give: [{points: 30, pending: {days: 3}}]}
  early: {kind: gift, on: member.logged_in, give: [{points: 5, pending: {until: 2027-03-02}}]}
  spend: {kind: exchange, price: {amount: 100}, give: {badge: fan}}
"""
INVITING = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-04-30}
budget: {currency: CNY, lines: {prizes: 1000}}
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  buyers:
    kind: referral
    actions: [order.paid]
    invitee: [{points: 200, pending: {days: 7}}, {points: 40}]
    inviter: [{points: 100, pending: {days: 7}}]
    clawback: {part: proportion, spent: SPENT}
"""


def orders(story: Story, who: str, at: str, yuan: int) -> None:
    story.happens("order.paid", who, at, order=f"{who}/{at}", amount=yuan * 100, currency="CNY")


def spends(story: Story, who: str, at: str) -> str:
    return code(story.happens("exchange.made", who, at, campaign="spring", mechanic="spend")["spend"])


def split(story: Story, who: str) -> tuple[int, int]:
    """What a member can spend, and what is pending."""
    return story.points(who), story.points(who, "points@pending")


def test_points_of_an_order_can_be_spent_when_the_goods_can_no_longer_be_sent_back() -> None:
    story = Story(PLAN)
    orders(story, "mei", "2027-03-02", 100)
    assert split(story, "mei") == (0, 100)
    assert spends(story, "mei", "2027-03-09 23:59") == "balance.short"
    assert spends(story, "mei", "2027-03-10 00:00") == ""
    assert split(story, "mei") == (0, 0)
    assert story.books_balance()
    assert not story.set_aside()


def test_how_long_they_last_begins_when_they_are_ready() -> None:
    story = Story(PLAN)
    orders(story, "mei", "2027-03-02", 100)
    story.passes("2027-03-20 23:59")
    assert split(story, "mei") == (100, 0)
    story.passes("2027-03-21 00:00")
    assert split(story, "mei") == (0, 0)
    assert story.books_balance()


def test_a_member_is_told_when_and_the_budget_and_limits_count_at_once() -> None:
    story = Story(PLAN)
    made = story.happens("order.paid", "mei", "2027-03-02", amount=10_000)["orders"]
    (told,) = made.given
    assert (told.amount, told.ready) == (100, story.instant("2027-03-10 00:00"))
    assert told.expires == story.instant("2027-03-21 00:00")
    assert story.replay.world.shared.balances["spring/cost/prizes|CNY"] == 100
    for _ in range(5):
        orders(story, "mei", "2027-03-02", 1)
    over = story.happens("order.paid", "mei", "2027-03-02", amount=10_000)["orders"]
    assert code(over) == "limit.per_member"


def test_what_comes_on_one_day_waits_under_one_timer_and_arrives_once() -> None:
    story = Story(PLAN)
    for hour in (8, 12, 20):
        orders(story, "mei", f"2027-03-02 {hour:02}:00", 50)
    orders(story, "mei", "2027-03-03", 7)
    assert len(story.replay.world.members["mei"].open_grants()) == 2
    story.passes("2027-04-29")
    arrived = [made.note["ready"] for made in story.timers if made.mechanic == "festoon/pending"]
    assert arrived == [{"points": 150}, {"points": 7}]
    assert story.books_balance()


def test_a_date_that_has_passed_is_no_reason_to_wait() -> None:
    story = Story(PLAN)
    story.happens("member.logged_in", "mei", "2027-03-02")
    assert split(story, "mei") == (0, 5)
    story.happens("member.logged_in", "han", "2027-03-03")
    assert split(story, "han") == (5, 0)


def test_what_is_under_review_waits_from_the_verdict_on() -> None:
    story = Story(PLAN)
    story.happens("proof.submitted", "mei", "2027-03-02", proof="p")
    story.happens("proof.approved", "mei", "2027-03-05", proof="p")
    assert split(story, "mei") == (0, 30)
    story.set_aside()
    story.passes("2027-03-08 23:59")
    assert split(story, "mei") == (0, 30)
    story.passes("2027-03-09 00:00")
    assert split(story, "mei") == (30, 0)
    assert story.books_balance()


def bought(spent: str) -> Story:
    """Mei came with Han's code and paid 100 yuan."""
    story = Story(INVITING.replace("SPENT", spent))
    story.happens("member.imported", "han", "2027-03-01")
    number = story.replay.world.members["han"].number
    story.happens(
        "invite.accepted", "mei", "2027-03-02", code=invite_code(story.replay.program.secret, number)
    )
    story.happens("order.paid", "mei", "2027-03-03", order="o-1", amount=10_000, currency="CNY")
    return story


def refunded(story: Story, at: str, amount: int) -> None:
    story.happens("order.refunded", "mei", at, order="o-1", refund=at, amount=amount)


def test_a_refund_takes_what_is_pending_first_and_its_cost_goes_back() -> None:
    story = bought("to_zero")
    assert (split(story, "mei"), split(story, "han")) == ((40, 200), (0, 100))
    refunded(story, "2027-03-04", 2_500)
    assert (split(story, "mei"), split(story, "han")) == ((30, 150), (0, 75))
    refunded(story, "2027-03-05", 7_500)
    assert (split(story, "mei"), split(story, "han")) == ((0, 0), (0, 0))
    assert story.replay.world.shared.balances["spring/budget/prizes|CNY"] == 100_000
    assert not story.set_aside()
    story.passes("2027-04-29")
    assert (split(story, "mei"), split(story, "han")) == ((0, 0), (0, 0))
    assert story.books_balance()


def test_what_is_left_of_it_arrives_and_a_later_refund_takes_it_from_there() -> None:
    story = bought("to_zero")
    refunded(story, "2027-03-04", 2_500)
    story.passes("2027-03-12")
    assert (split(story, "mei"), split(story, "han")) == ((180, 0), (75, 0))
    refunded(story, "2027-03-13", 7_500)
    assert (split(story, "mei"), split(story, "han")) == ((0, 0), (0, 0))
    assert story.books_balance()


def test_a_plan_that_takes_back_only_what_is_pending_leaves_the_rest() -> None:
    story = bought("pending")
    refunded(story, "2027-03-04", 5_000)
    assert (split(story, "mei"), split(story, "han")) == ((40, 100), (0, 50))
    story.passes("2027-03-12")
    refunded(story, "2027-03-13", 5_000)
    assert (split(story, "mei"), split(story, "han")) == ((140, 0), (50, 0))
    assert story.books_balance()


def test_two_accounts_that_become_one_keep_what_is_pending_of_both() -> None:
    story = Story(PLAN)
    orders(story, "mei", "2027-03-02", 100)
    orders(story, "han", "2027-03-02", 60)
    story.happens("member.merged", "mei", "2027-03-03", member="han")
    orders(story, "mei", "2027-03-03", 1)
    assert split(story, "mei") == (0, 161)
    story.set_aside()
    story.passes("2027-03-10 00:00")
    assert split(story, "mei") == (160, 1)
    assert story.books_balance()


DAY = st.integers(1, 28)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("order"), DAY, st.integers(1, 300)),
        st.tuples(st.just("spend"), DAY, st.just(0)),
        st.tuples(st.just("photo"), DAY, st.integers(1, 9)),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(ACTS)
def test_whatever_happens_every_amount_arrives_once_and_the_books_balance(
    acts: list[tuple[str, int, int]],
) -> None:
    story, earned = Story(PLAN.replace("expires: {days: 10}", "expires: {years: 1}")), 0
    story.happens("member.imported", "mei", "2027-03-01")
    for number, (what, day, amount) in enumerate(sorted(acts, key=lambda act: act[1])):
        at = f"2027-03-{day:02}"
        made = {}
        if what == "order":
            made = story.happens("order.paid", "mei", at, order=str(number), amount=amount * 100)
        elif what == "photo":
            story.happens("proof.submitted", "mei", at, proof=str(number))
            made = story.happens("proof.approved", "mei", at, proof=str(number))
        else:
            spends(story, "mei", at)
        earned += sum(each.amount for one in made.values() for each in one.given)
        story.set_aside()
        assert story.books_balance()
        assert sum(split(story, "mei")) + 100 * story.items("mei")["fan"] == earned
    story.passes("2027-04-29")
    assert split(story, "mei") == (earned - 100 * story.items("mei")["fan"], 0)
    arrived = sum(made.note["ready"]["points"] for made in story.timers if made.mechanic == "festoon/pending")
    assert arrived == earned
