"""Two accounts of one person, of whom proofs wait for a verdict."""

import pytest

from festoon.engine.reviews import open_proofs
from tests.live import HEAD, Platform, event
from tests.scenarios.story import SPRING, Story

ASSETS = "assets: {points: {cost: 0.01, line: prizes}}\nmechanics:\n"
DAYS = "  t: {kind: task, on: proof.submitted, count: 2, distinct: day, review: {}, give: {points: 100}}\n"
AGAIN = "  t: {kind: task, on: proof.submitted, repeat: {}, review: {}, give: {points: 100}}\n"


def people(mechanics: str) -> Story:
    told = Story(SPRING + ASSETS + mechanics)
    for who in ("ann", "bea"):
        told.happens("member.imported", who, "2027-03-01 00:00")
    return told


def merges(told: Story, at: str, keep: str = "ann", other: str = "bea") -> None:
    told.happens("member.merged", keep, at, member=other, reason="one phone")


def test_two_photos_of_one_day_are_one_day() -> None:
    told = people(DAYS)
    told.happens("proof.submitted", "ann", "2027-03-02", proof="a")
    told.happens("proof.submitted", "bea", "2027-03-02", proof="b")
    merges(told, "2027-03-03")
    assert told.shows("ann", "t", "2027-03-03")["promised"] == 0
    told.happens("proof.approved", "ann", "2027-03-03 13:00", proof="a")
    assert told.shows("ann", "t", "2027-03-03")["in_review"] == []
    told.happens("proof.approved", "ann", "2027-03-03 14:00", proof="b")
    assert told.points("ann") == 0
    assert told.due("ann", "t") == []
    told.happens("proof.submitted", "ann", "2027-03-03 15:00", proof="c")
    told.happens("proof.approved", "ann", "2027-03-03 16:00", proof="c")
    assert told.points("ann") == 100
    assert not told.set_aside()
    assert told.books_balance()


def test_when_one_of_them_is_rejected_the_other_still_counts() -> None:
    told = people(DAYS)
    for who, proof in (("ann", "a"), ("bea", "b")):
        told.happens("proof.submitted", who, "2027-03-02", proof=proof)
    told.happens("proof.submitted", "ann", "2027-03-03", proof="c")
    merges(told, "2027-03-03 13:00")
    told.happens("proof.rejected", "ann", "2027-03-03 14:00", proof="a", reason="blurred")
    for proof in "bc":
        told.happens("proof.approved", "ann", "2027-03-03 15:00", proof=proof)
    assert told.points("ann") == 100
    assert told.books_balance()


def test_a_photo_of_a_day_that_counts_is_not_looked_at_any_more() -> None:
    for approved, waits in (("ann", "bea"), ("bea", "ann")):
        told = people(DAYS)
        for who in (approved, waits):
            told.happens("proof.submitted", who, "2027-03-02", proof=who)
        told.happens("proof.approved", approved, "2027-03-02 13:00", proof=approved)
        merges(told, "2027-03-03")
        shown = told.shows("ann", "t", "2027-03-03")
        assert (shown["in_review"], shown["promised"]) == ([], 0)
        assert told.due("ann", "t") == []
        told.happens("proof.approved", "ann", "2027-03-03 13:00", proof=waits)
        assert told.points("ann") == 0


def test_a_proof_that_was_approved_of_one_account_is_not_paid_again() -> None:
    for keep, other in (("ann", "bea"), ("bea", "ann")):
        told = people(AGAIN)
        told.happens("proof.submitted", "bea", "2027-03-02", proof="a")
        told.happens("proof.approved", "bea", "2027-03-02 13:00", proof="a")
        told.happens("proof.submitted", "ann", "2027-03-02 14:00", proof="a")
        merges(told, "2027-03-03", keep, other)
        assert not told.set_aside()
        told.happens("proof.approved", keep, "2027-03-03 13:00", proof="a")
        assert told.points(keep) == 100
        assert told.books_balance()


@pytest.mark.parametrize(("keep", "other"), [("ann", "bea"), ("bea", "ann")])
async def test_what_is_looked_at_no_more_leaves_the_queue(database: str, keep: str, other: str) -> None:
    platform = await Platform.open(database, HEAD + ASSETS + AGAIN + DAYS.replace(" t:", " d:"))
    for who in ("ann", "bea"):
        await platform.outcomes(event("proof.submitted", who, proof="p"))
    await platform.outcomes(event("proof.approved", "bea", proof="p"))
    owners = ["spring/t", "spring/d"]
    assert len(await open_proofs(platform.connection, owners)) == 2
    await platform.outcomes(event("member.merged", keep, member=other, reason="one phone"))
    await platform.wake(keep)
    assert await open_proofs(platform.connection, owners) == []
    assert await platform.balance(keep) == 100
    await platform.audit()
    await platform.close()
