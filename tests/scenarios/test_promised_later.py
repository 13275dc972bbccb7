"""Rewards that turn out to be promised after what they are promised for was handed in."""

from festoon.engine.reviews import open_proofs
from tests.live import HEAD, Platform, event
from tests.scenarios.story import SPRING, Story, code

POOR = SPRING.replace("prizes: 5000", "prizes: 1") + (
    "assets: {points: {cost: 0.01, line: prizes}}\nmechanics:\n"
    "  g: {kind: gift, on: page.viewed, give: {points: 100}}\n"
)
"""A hundred points, and no more."""
INVITED = "  t: {kind: task, on: proof.submitted, within: {days: 7, since: invited}, review: {}, give: {points: 100}}\n"
TWO = "  t: {kind: task, on: proof.submitted, count: 2, review: {}, give: {points: 100}}\n"
DAYS = "  c: {kind: check_in, ladder: {2: {points: 50}}, review: {}}\n"


def test_what_an_invitation_heard_of_late_makes_count_is_set_aside() -> None:
    told = Story(POOR + INVITED)
    told.happens("member.imported", "ann", "2027-03-01")
    told.send("proof.submitted", "bea", "2027-03-02 12:00", proof="a")
    assert not told.set_aside()
    told.happens("invite.accepted", "bea", "2027-03-02 12:00", inviter="ann")
    assert told.shows("bea", "t", "2027-03-02")["promised"] == 1
    assert told.points("bea", "points@pending") == 100
    gone = told.happens("page.viewed", "ann", "2027-03-03")["g"]
    assert code(gone) == "budget.short"
    told.happens("proof.approved", "bea", "2027-03-03", proof="a")
    assert told.points("bea") == 100
    assert not told.set_aside()
    assert told.books_balance()


def test_where_there_is_not_enough_the_invitation_counts_all_the_same() -> None:
    told = Story(POOR + INVITED)
    told.happens("page.viewed", "ann", "2027-03-01")
    told.send("proof.submitted", "bea", "2027-03-02 12:00", proof="a")
    told.happens("invite.accepted", "bea", "2027-03-02 12:00", inviter="ann")
    assert told.shows("bea", "t", "2027-03-02")["until"] == "2027-03-08"
    refused = told.happens("proof.approved", "bea", "2027-03-03", proof="a")["t"]
    assert code(refused) == "budget.short"
    assert told.shows("bea", "t", "2027-03-03")["in_review"]
    assert not told.set_aside()


def test_a_rejected_day_that_makes_two_streaks_of_one_sets_the_second_rung_aside() -> None:
    told = Story(POOR + DAYS)
    for day in range(1, 6):
        told.happens("check_in.made", "ann", f"2027-03-0{day} 13:00", photo=f"p{day}")
    for verdict, number in (("approved", 1), ("approved", 2), ("rejected", 3)):
        told.happens(f"proof.{verdict}", "ann", "2027-03-05 14:00", proof=f"p{number}")
    assert told.points("ann", "points@pending") == 50
    assert code(told.happens("page.viewed", "bea", "2027-03-06")["g"]) == "budget.short"
    for proof in ("p4", "p5"):
        told.happens("proof.approved", "ann", "2027-03-06", proof=proof)
    assert told.points("ann") == 100
    assert not told.set_aside()
    assert told.books_balance()


def test_what_proofs_of_two_accounts_make_whole_is_set_aside_by_the_merge() -> None:
    for plan, days in ((POOR + TWO, (2, 2)), (POOR + DAYS, (2, 3))):
        told = Story(plan)
        for who, day in zip(("ann", "bea"), days, strict=True):
            told.happens("member.imported", who, "2027-03-01")
            type = "proof.submitted" if plan.endswith(TWO) else "check_in.made"
            told.happens(type, who, f"2027-03-0{day}", proof=who, photo=who)
        assert not told.set_aside()
        told.happens("member.merged", "ann", "2027-03-04", member="bea", reason="one phone")
        assert told.points("ann", "points@pending") == (100 if plan.endswith(TWO) else 50)
        for proof in ("ann", "bea"):
            told.happens("proof.approved", "ann", "2027-03-05", proof=proof)
        assert told.points("ann") == (100 if plan.endswith(TWO) else 50)
        assert not told.set_aside()
        assert told.books_balance()


async def test_the_same_on_a_real_database(database: str) -> None:
    plan = HEAD.replace("prizes: 1000", "prizes: 1") + POOR[POOR.index("assets") :] + INVITED
    platform = await Platform.open(database, plan)
    await platform.outcomes(event("member.imported", "ann"), event("proof.submitted", "bea", proof="a"))
    await platform.outcomes(event("invite.accepted", "bea", inviter="ann"))
    await platform.wake("bea")
    assert [each.proof for each in await open_proofs(platform.connection, ["spring/t"])] == ["a"]
    await platform.audit()
    await platform.outcomes(event("page.viewed", "ann"))
    await platform.outcomes(event("proof.approved", "bea", proof="a"))
    assert (await platform.balance("ann"), await platform.balance("bea")) == (0, 100)
    await platform.audit()
    await platform.close()
