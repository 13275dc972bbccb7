"""What rewards cost, from the grant to the use: committed, actual, or given back, and never anything else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.engine.world import IN_HAND, NEEDS_USE
from tests.scenarios.story import Story

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-05-31}
budget: {currency: CNY, lines: {prizes: 2000, service: 500}}
assets: {points: {cost: 0.01, line: prizes}}
coupons: {ten-off: {value: 10, cost: 9.99, line: service, valid: {days: 5}}}
gifts: {mug: {cost: 30, line: prizes, claim: {days: 20}}}
badges: {fan: {cost: 1, line: service}}
mechanics:
  coupon: {kind: gift, on: page.viewed, give: [{coupon: ten-off}, {badge: fan}]}
  mug: {kind: gift, on: content.liked, give: {gift: mug}}
  points: {kind: earn, on: order.paid, asset: points, per: 1, give: 1}
  reviewed:
    kind: task
    on: content.published
    count: 1
    repeat: {times: null}
    review: {of: event.content, within_days: 3}
    give: [{coupon: ten-off}, {points: 100}]
  friends:
    kind: referral
    actions: [order.paid]
    invitee: [{coupon: ten-off}, {gift: mug}, {points: 33}]
    clawback: {part: proportion, spent: debt}
"""
LINES = ("prizes", "service")


def line(story: Story, name: str) -> tuple[int, int, int]:
    """What is left of a line, what is committed, and what it cost."""
    balances = story.replay.world.shared.balances
    left, committed, cost = (
        balances[f"spring/{part}/{name}|CNY"] for part in ("budget", "committed", "cost")
    )
    return left, committed, cost


def ids(story: Story, who: str, kind: str) -> list[str]:
    held = story.replay.world.members[who].items.values()
    return sorted({item.id for item in held if item is not None and item.kind == kind})


def test_a_gift_is_committed_until_it_was_delivered() -> None:
    story = Story(PLAN)
    story.happens("content.liked", "ann", "2027-03-02", content="c")
    assert line(story, "prizes") == (197_000, 3_000, 0)
    (mug,) = ids(story, "ann", "gift")
    assert story.send("gift.delivered", "ann", "2027-03-05", item=mug).status == "accepted"
    assert line(story, "prizes") == (197_000, 0, 3_000)
    again = story.send("gift.delivered", "ann", "2027-03-06", item=mug)
    assert again.refused is not None
    assert again.refused.code == "delivery.not_awaited"
    assert story.send("gift.delivered", "ann", "2027-03-06", item="not-ours").status == "accepted"
    story.passes("2027-04-30")
    assert line(story, "prizes") == (197_000, 0, 3_000)


def test_what_nobody_fetched_goes_back_to_its_line() -> None:
    story = Story(PLAN)
    story.happens("content.liked", "ann", "2027-03-02", content="c")
    story.happens("page.viewed", "ann", "2027-03-02", page="x")
    assert line(story, "service") == (50_000 - 999 - 100, 999, 100)
    story.passes("2027-03-08")
    assert line(story, "service") == (50_000 - 100, 0, 100)
    story.passes("2027-03-23")
    assert line(story, "prizes") == (200_000, 0, 0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["page.viewed", "content.liked", "order.paid", "order.refunded", "content.published", "proof.approved",
             "proof.rejected", "coupon.redeemed", "gift.delivered", "invite.accepted", "member.merged"]
        ),
        st.sampled_from("abc"),
        st.integers(0, 4),
    ),
    max_size=40,
)  # fmt: skip


def data(story: Story, type_: str, who: str, number: int) -> dict[str, object]:
    """What an event says; of coupons and gifts, one that its member has or had."""
    member = story.replay.world.members.get(who)
    items = sorted({item.id: item for item in member.items.values() if item}.items()) if member else []
    coupons = [item.code for _, item in items if item.kind == "coupon"]
    gifts = [id for id, item in items if item.kind == "gift"]
    said: dict[str, dict[str, object]] = {
        "order.paid": {"order": f"{who}-{number}", "amount": 100 * (number + 1)},
        "order.refunded": {"order": f"{who}-{number}", "amount": 70 * (number + 1)},
        "content.published": {"content": f"{who}-{number}"},
        "proof.approved": {"proof": f"{who}-{number}"},
        "proof.rejected": {"proof": f"{who}-{number}", "reason": "no"},
        "coupon.redeemed": {"coupon": coupons[number % len(coupons)] if coupons else "none"},
        "gift.delivered": {"item": gifts[number % len(gifts)] if gifts else "none"},
        "invite.accepted": {"inviter": "abc"[number % 3]},
        "member.merged": {"member": "abc"[number % 3], "reason": "one person"},
    }
    return said.get(type_, {})


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_what_is_committed_is_what_things_in_hand_and_rewards_set_aside_would_cost(
    steps: list[tuple[str, str, int]],
) -> None:
    story = Story(PLAN)
    for who in "abc":
        story.happens("member.imported", who, "2027-03-01 00:00")
    for index, (type_, who, number) in enumerate(steps):
        at = f"2027-03-{2 + index // 2:02} {9 + index % 2 * 6:02}:00"
        story.happens(type_, who, at, **data(story, type_, who, number))
        for name, amount in zip(LINES, (200_000, 50_000), strict=True):
            left, committed, cost = line(story, name)
            assert left + committed + cost == amount
            assert committed == in_hand(story, name)
        assert story.books_balance()
    story.passes("2027-05-31")
    assert [line(story, name)[1] for name in LINES] == [0, 0]


def in_hand(story: Story, name: str) -> int:
    """What the things that were not used yet, and the rewards that wait, would cost a line."""
    total = 0
    for member in story.replay.world.members.values():
        things = {item.id: item for item in member.items.values() if item is not None}
        total += sum(
            item.cost
            for item in things.values()
            if item.kind in NEEDS_USE and item.state in IN_HAND and item.line == f"spring/budget/{name}|CNY"
        )
        for grant in member.open_grants().values():
            total += sum(leg.amount for leg in grant.aside.legs if leg.beside == f"spring/committed/{name}")
    return total
