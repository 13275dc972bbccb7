"""What a plan can say of red packets, what it cannot, and what is set aside for it."""

from datetime import date

import msgspec
import pytest

from festoon.mechanics.red_packet import RedPacket, RedPacketState
from festoon.plan.check import check_plan
from festoon.plan.parse import load_plan
from festoon.plan.versions import compare
from tests.mechanics.pages import blocks, plan
from tests.scenarios.story import SPRING

PLAN = plan("red_packet")


def wrong(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """The codes and places of what is wrong with the page's plan after these changes."""
    text = PLAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [(problem.code, problem.path) for problem in check_plan(text).errors]


EQUAL = ("    split: equal\n", "    split: equal\n    max: 40\n")


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("max: 2000", "max: 399", "red_packet.bounds_wrong", "eve.packets"),
        ("min: 100", "min: 401", "red_packet.bounds_wrong", "eve.packets"),
        ("packets: 500", "packets: 2001", "red_packet.bounds_wrong", "eve.packets"),
        (*EQUAL, "red_packet.equal_bounds", "thanks.split"),
        ("{by: 50, asset: luck}", "{by: 50}", "raise.without_reason", "better-odds.raises[0]"),
        (
            "{by: 50, asset: luck}", "{by: 50, when: event.subject != '', uses: 1}",
            "raise.uses_without_asset", "better-odds.raises[0].uses",
        ),
        ("odds: 20\n    raises", "odds: 100\n    raises", "red_packet.cannot_raise", "better-odds.raises[0]"),
        ("odds: 20\n    raises", "odds: 0\n    raises", "red_packet.odds_wrong", "better-odds.odds"),
        ("closes: 2027-02-06", "closes: 2027-02-04", "red_packet.never_open", "eve.closes"),
        ("opens: 2027-02-05 20:00", "opens: 2027-02-30", "plan.no_such_date", "eve.opens"),
        (", line: prizes}\n    packets: 500", "}\n    packets: 500", "plan.pool_without_line", "eve.pool.line"),
        ("amount: 10000}", "amount: 10000, line: prizes}", "plan.pool_line_not_asked", "thanks.pool.line"),
        ("prizes: 10000}", "prizes: 1999}", "plan.pool_over_line", "eve.pool.amount"),
        (
            "  thanks:\n", "  double: {kind: multiplier, factor: 2, applies_to: [thanks]}\n  thanks:\n",
            "plan.pool_multiplied", "thanks.pool",
        ),
    ],
)  # fmt: skip
def test_what_cannot_work_is_said_at_its_place(old: str, new: str, code: str, path: str) -> None:
    assert (code, f"mechanics.{path}") in wrong((old, new))


def test_a_multiplier_for_others_is_no_mistake() -> None:
    assert (
        wrong(("  thanks:\n", "  double: {kind: multiplier, factor: 2, applies_to: [eve]}\n  thanks:\n"))
        == []
    )


def test_the_pools_are_taken_off_their_line_and_nothing_is_counted_twice() -> None:
    compiled = check_plan(PLAN).compiled
    assert compiled is not None
    assert {name: line.amount for name, line in compiled.lines.items()} == {
        "prizes": 1_000_000 - 200_000 - 30_000 - 30_000 - 10_000,
        "prizes.eve": 200_000,
        "prizes.better-odds": 30_000,
        "prizes.more-tries": 30_000,
        "prizes.thanks": 10_000,
    }
    funded = sum(account.opening for account in compiled.shared if "/budget/" in account.holder)
    assert funded == 1_000_000


def test_points_that_cost_half_a_fen_have_room_for_rounding() -> None:
    compiled = check_plan(PLAN.replace("cost: 0.01", "cost: 0.005")).compiled
    assert compiled is not None
    assert compiled.lines["prizes.thanks"].amount == 5_000 + 150


def test_nobody_changes_the_split_of_a_pool_that_runs() -> None:
    changed = compare(load_plan(PLAN), load_plan(PLAN.replace("max: 2000", "max: 3000")))
    assert [(change.path, change.what) for change in changed if change.effect == "refused"] == [
        ("mechanics.eve.max", "for_good")
    ]
    assert "eve" in changed[0].text("zh-Hans")


def test_the_progress_on_the_page_is_what_a_member_sees() -> None:
    compiled = check_plan(PLAN).compiled
    assert compiled is not None
    eve = compiled.mechanics[0].mechanic
    assert isinstance(eve, RedPacket)
    state = RedPacketState(tries=1, packets=1, got=1338, free={"campaign": 1})
    assert eve.shows(state, date(2027, 2, 5)) == msgspec.json.decode(blocks("red_packet", "json")[-1])


def test_the_note_on_the_page_has_the_coins_that_the_plan_lays_out() -> None:
    compiled = check_plan(PLAN).compiled
    assert compiled is not None
    eve = compiled.mechanics[0].mechanic
    assert isinstance(eve, RedPacket)
    note = msgspec.json.decode(blocks("red_packet", "json")[0])
    worths = [kind.worth for kind in eve.coins]
    assert [worth for worth, _, _ in note["coins"]] == worths[:5]
    held = sum(worth for worth, left, roll in note["coins"] if roll < left)
    assert note["least"] + held <= note["amount"] <= note["least"] + held + sum(worths[5:])
    assert note["left"] == 500 - note["number"] + 1


@pytest.mark.parametrize(("split", "said"), [("lucky, min: 2", "2 to 2"), ("equal", "1 to 1")])
def test_a_pool_too_small_for_its_packets_is_told_the_least_that_they_could_hold(
    split: str, said: str
) -> None:
    pool = f"{{kind: red_packet, pool: {{asset: CNY, amount: 7, line: prizes}}, packets: 10, split: {split}}}"
    (problem,) = check_plan(f"{SPRING}mechanics:\n  small: {pool}\n").errors
    assert f"10 packets of {said} each cannot hold 7" in problem.text("en")
