"""What became of everything that was given, as the one table has it."""

from typing import Any

from festoon.insight.benefits.moved import moved
from tests.insight.campaign import plan_of
from tests.insight.journal import Journal

_, CAMPAIGN = plan_of()
WHEN = "2027-03-02 12:00"
MUG: dict[str, Any] = {"kind": "gift", "ref": "spring/mug", "amount": 1, "cost": 3_000, "line": "prizes"}


def sums(journal: Journal, by: str = "ref") -> dict[str, dict[str, Any]]:
    """Everything summed up by a column."""
    rows = moved(journal.facts(), CAMPAIGN)
    names = ("times", "used", "lapsed", "back", "actual", "reserved")
    found = rows.group_by(by).aggregate(**{name: rows[name].sum() for name in names})
    return {row.pop(by): row for row in found.to_pyarrow().to_pylist()}


def test_a_gift_is_as_its_last_event_left_it() -> None:
    journal = Journal()
    for item in ("waits", "sent", "returned", "received", "cancelled", "lapsed"):
        journal.outcome(1, WHEN, "first-order", "given", item=item, **MUG)
    for item in ("sent", "returned", "received"):
        journal.event(1, WHEN, "gift.shipped", item=item, carrier="SF", parcel=item)
    journal.event(1, WHEN, "gift.returned", item="returned")
    journal.event(1, WHEN, "gift.delivered", item="received")
    journal.event(1, WHEN, "gift.cancelled", item="cancelled")
    journal.event(
        1, WHEN, "timer.due", campaign="festoon", mechanic="item", name="lapsed", data={"item": "lapsed"}
    )
    assert sums(journal)["spring/mug"] == {
        # On its way or received is used; received is spent; what waits, came back or is on its way is reserved.
        "times": 6, "used": 2, "lapsed": 2, "back": 0, "actual": 3_000, "reserved": 3 * 3_000,
    }  # fmt: skip


def test_a_coupon_that_nobody_was_given_counts_when_its_code_is_typed() -> None:
    journal = Journal()
    note = {"item": "typed", "coupon": "spring/ten-off"}
    journal.outcome(1, WHEN, "coupon.redeemed", "noted", campaign="festoon", note=note)
    seq = journal.seq
    journal.transfer(
        WHEN, "CNY", "spring/budget/prizes", "spring/cost/prizes", 1_000, "festoon/coupon.redeemed"
    )
    journal.rows["transfers"][-1]["seq"] = seq
    other = {"item": "theirs", "coupon": "autumn/ten-off"}
    journal.outcome(1, WHEN, "coupon.redeemed", "noted", campaign="festoon", note=other)
    assert sums(journal, "mechanic") == {
        "": {"times": 1, "used": 1, "lapsed": 0, "back": 0, "actual": 1_000, "reserved": 0}
    }


def test_a_gift_that_is_taken_back_gives_up_what_was_reserved_for_it() -> None:
    journal = Journal()
    for item in ("kept", "gone"):
        journal.outcome(1, WHEN, "first-order", "given", item=item, **MUG)
    journal.outcome(1, WHEN, "first-order", "taken", kind="asset", ref="spring/mug", amount=1)
    seq = journal.seq
    back = ("CNY", "spring/committed/prizes", "spring/budget/prizes", 3_000, "spring/first-order")
    journal.transfer(WHEN, *back)
    journal.rows["transfers"][-1]["seq"] = seq
    found = sums(journal)["spring/mug"]
    assert (found["times"], found["back"], found["actual"], found["reserved"]) == (2, 1, 0, 3_000)


def test_what_is_paid_and_what_are_chances_is_no_benefit() -> None:
    journal = Journal()
    journal.outcome(1, WHEN, "shop", "taken", kind="asset", ref="points", amount=30)
    journal.transfer(WHEN, "points", "@", "spent", 30, "spring/shop")
    journal.outcome(1, WHEN, "days", "given", kind="asset", ref="spring/chances/wheel", amount=1)
    assert sums(journal) == {}
