"""Random histories with merges: the books balance, and what a person may have once he is never given again."""

from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.mechanics.check_in_merge import days_of_both, streaks
from festoon.mechanics.streak import Runs, joined, total
from tests.scenarios.story import Story

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-04-30}
budget: {currency: CNY, lines: {prizes: 50000}}
assets: {points: {cost: 0.01, line: prizes, expires: {days: 9}}}
coupons: {ten-off: {value: 10, cost: 10, line: prizes, stock: 3, valid: {days: 5}}}
badges: {fan: {}, third: {}, pair: {}}
mechanics:
  welcome: {kind: gift, on: member.registered, give: [{points: 100}], limits: {per_member: 1}}
  posts: {kind: task, on: content.published, count: 3, distinct: event.content, give: [{badge: fan}]}
  check-in: {kind: check_in, each: campaign, ladder: {3: {badge: third}}}
  friends:
    kind: referral
    actions: [order.paid]
    inviter: {points: 30}
    invitee: {coupon: ten-off}
    tiers: {2: {badge: pair}}
    clawback: {spent: debt}
  spend: {kind: exchange, price: {amount: 70}, give: {coupon: ten-off}}
"""
ONCE = {"welcome": "points", "posts": "fan", "check-in": "third", "friends": "pair"}
PEOPLE = "abcde"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["member.registered", "content.published", "check_in.made", "invite.accepted", "order.paid",
             "order.refunded", "exchange.made", "member.merged", "member.merged"]
        ),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.integers(0, 3),
    ),
    max_size=40,
)  # fmt: skip


def data(type_: str, who: str, other: str, number: int) -> dict[str, object]:
    said: dict[str, dict[str, object]] = {
        "content.published": {"content": f"c{number}"},
        "invite.accepted": {"inviter": other},
        "order.paid": {"order": f"{who}-{number}", "amount": 100},
        "order.refunded": {"order": f"{other}-{number}", "amount": 100},
        "exchange.made": {"campaign": "spring", "mechanic": "spend"},
        "member.merged": {"member": other, "reason": "one person"},
    }
    return said.get(type_, {})


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_happens_the_books_balance_and_nothing_is_given_twice(
    steps: list[tuple[str, str, str, int]],
) -> None:
    story = Story(PLAN)
    for who in PEOPLE:
        story.happens("member.imported", who, "2027-03-01 00:00")
    person = {who: who for who in PEOPLE}
    had: dict[str, Counter[str]] = defaultdict(Counter)
    for index, (type_, who, other, number) in enumerate(steps):
        day, minute = divmod(index, 3)
        at = f"2027-03-{day + 2:02} {8 + minute * 5:02}:00"
        outcome = story.send(type_, who, at, **data(type_, who, other, number))
        story.passes(at)
        if type_ == "member.merged" and outcome.refused is None:
            into, gone = person[who], person[other]
            person = {each: into if to == gone else to for each, to in person.items()}
            had[into] += had.pop(gone, Counter())
        for mechanic, what in ONCE.items():
            for each in set(person.values()):
                now = given_to(story, each, what, mechanic)
                assert now <= max(had[each][mechanic], 1), (mechanic, each)
                had[each][mechanic] = now
        assert story.books_balance()
    assert stock(story) == 3


def given_to(story: Story, who: str, what: str, mechanic: str) -> int:
    """How often a person was given something that can be had once."""
    if what == "points":
        progress = story.replay.world.members[who].progress_of(f"spring/{mechanic}")
        return 0 if progress is None else progress.given
    return story.items(who)[what]


def stock(story: Story) -> int:
    """The coupons on the shelf and with the members."""
    held = sum(story.items(who)["ten-off"] for who in story.replay.world.members)
    left: int = story.replay.world.shared.balances["shelf|spring/stock/coupon:ten-off"]
    return left + held


DAYS = st.sets(st.integers(100, 130), max_size=20)


def runs(days: set[int]) -> Runs:
    made: Runs = ()
    for day in days:
        made, _, _ = joined(made, day)
    return made


@given(DAYS, DAYS)
def test_the_calendar_of_both_is_that_of_one_who_did_both(one: set[int], other: set[int]) -> None:
    assert days_of_both(runs(one), runs(other)) == runs(one | other)
    assert total(runs(one | other)) == len(one | other)


@given(DAYS, st.sets(st.integers(100, 130), max_size=8))
def test_streaks_are_as_long_as_days_in_a_row_with_days_off_left_out(days: set[int], off: set[int]) -> None:
    lengths: list[int] = []
    ordered = sorted(days)
    for before, day in pairwise([None, *ordered]):
        if before is not None and all(between in off for between in range(before + 1, day or 0)):
            lengths[-1] += 1
        else:
            lengths.append(1)
    assert streaks(runs(days), off.__contains__) == lengths
    assert sum(streaks(runs(days), None)) == len(days)
