"""Proofs that decide themselves in the end, when what they would bring is refused just then."""

from datetime import timedelta

from festoon.engine.reviews import open_proofs
from tests.live import HEAD, NOW, Platform, event, order
from tests.scenarios.story import SPRING, Story, code

ASSETS = "assets: {points: {cost: 0.01, line: prizes}}\nmechanics:\n"
REVIEW = "review: {within_days: 2, overdue: approved}"
SHELF = """badges: {ten: {title: Ten, stock: 2}}
mechanics:
  gone: {kind: gift, on: page.viewed, give: {badge: ten}}
"""
DAYS = f"  c: {{kind: check_in, ladder: {{2: {{badge: ten}}}}, {REVIEW}}}\n"
"""Days 1 to 5 set one rung aside. When 3 is rejected, they are two streaks, and two rungs."""


def two_streaks() -> Story:
    told = Story(SPRING + SHELF + DAYS)
    for day in range(1, 6):
        told.happens("check_in.made", "ann", f"2027-03-0{day} 10:00", photo=f"p{day}")
        if day == 3:
            for proof in ("p1", "p2"):
                told.happens("proof.approved", "ann", "2027-03-03 11:00", proof=proof)
    return told


def waits(told: Story, at: str) -> list[str]:
    return [each["proof"] for each in told.shows("ann", "c", at)["in_review"]]


def test_a_refused_approval_is_tried_again_every_day_until_the_campaign_is_settled() -> None:
    told = two_streaks()
    told.happens("page.viewed", "bea", "2027-03-05 11:00")
    told.happens("proof.rejected", "ann", "2027-03-05 12:00", proof="p3", reason="blurred")
    for at in ("2027-03-08 12:00", "2027-04-28 12:00"):
        told.passes(at)
        assert waits(told, at) == ["p5"]
        assert told.due("ann", "c") == [told.instant(at) + timedelta(hours=12)]
    assert {code(made) for made in told.timers} == {"", "stock.empty"}
    told.passes("2027-05-09")
    assert waits(told, "2027-05-09") == []
    rejected = told.shows("ann", "c", "2027-05-09")["rejected"]
    assert [(each["proof"], each["reason"]) for each in rejected] == [("p3", "blurred"), ("p5", "not_given")]
    assert told.due("ann", "c") == []
    assert not told.set_aside()
    assert told.books_balance()


def test_meanwhile_a_verdict_decides_it_and_another_photo_may_come() -> None:
    told = two_streaks()
    told.happens("page.viewed", "bea", "2027-03-05 11:00")
    told.happens("proof.rejected", "ann", "2027-03-05 12:00", proof="p3", reason="blurred")
    told.passes("2027-03-09")
    told.happens("proof.rejected", "ann", "2027-03-09", proof="p5", reason="too late")
    again = told.happens("check_in.made", "ann", "2027-03-09 13:00", photo="p6", day="2027-03-05")["c"]
    assert code(again) == "stock.empty"
    assert told.due("ann", "c") == []


async def test_it_comes_back_into_the_queue_and_is_paid_when_there_is_something_again(database: str) -> None:
    platform = await Platform.open(
        database,
        HEAD.replace("prizes: 1000", "prizes: 1")
        + ASSETS
        + f"  t: {{kind: task, on: proof.submitted, {REVIEW}, within: {{days: 7, since: invited}}, give: "
        + "{points: 100}}\n  spend: {kind: earn, on: order.paid, clawback: {}}\n",
    )
    await platform.outcomes(event("proof.submitted", "ann", proof="p"), order("xen", 10_000, "x"))
    await platform.outcomes(event("invite.accepted", "ann", inviter="xen"))
    await platform.wake("ann")
    for days in (3, 4):
        platform.at = NOW + timedelta(days=days)
        await platform.wake("ann")
        waiting = await open_proofs(platform.connection, ["spring/t"])
        assert [(each.proof, each.due) for each in waiting] == [("p", platform.at + timedelta(hours=12))]
    back = event("order.refunded", "xen", at=platform.at, order="x", amount=10_000, currency="CNY")
    await platform.outcomes(back)
    platform.at = NOW + timedelta(days=5)
    await platform.wake("ann")
    assert await open_proofs(platform.connection, ["spring/t"]) == []
    assert await platform.balance("ann") == 100
    await platform.audit()
    await platform.close()
