"""The pools of docs/reference/mechanics/red_packet.md: New Year's Eve, better odds, more tries, and thanks."""

from collections import Counter

import msgspec
import pytest

from festoon.engine.outcome import MechanicOutcome
from festoon.ledger.accounts import SHELF, budget_line, cost, shared, stock_asset
from festoon.mechanics.packet_verify import PacketRecord, record_of, verify
from festoon.mechanics.red_packet import RedPacket
from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code

CAMPAIGN = "spring-festival"
EVE = "2027-02-05 20:30"
PLAN = plan("red_packet")


def claims(story: Story, who: str, at: str, pool: str = "eve") -> MechanicOutcome:
    return story.happens("red_packet.claimed", who, at, campaign=CAMPAIGN, mechanic=pool)[pool]


def has(story: Story, account: str) -> int:
    return story.replay.world.shared.balance(account)


def money(story: Story, who: str) -> int:
    return story.replay.world.members[who].book.balance("CNY")


@pytest.fixture(scope="module")
def eve() -> tuple[Story, list[tuple[str, MechanicOutcome]]]:
    """600 members reach for 500 packets, as fast as they can."""
    story = Story(PLAN)
    return story, [
        (f"m{n}", claims(story, f"m{n}", f"2027-02-05 20:{n // 60:02}:{n % 60:02}")) for n in range(600)
    ]


def test_five_hundred_get_a_packet_and_the_pool_is_given_to_the_last_fen(
    eve: tuple[Story, list[tuple[str, MechanicOutcome]]],
) -> None:
    story, made = eve
    assert Counter(code(one) for _, one in made) == {"": 500, "red_packet.empty": 100}
    amounts = [money(story, who) for who, one in made if one.refused is None]
    assert sum(amounts) == 200_000
    assert 100 <= min(amounts) < max(amounts) <= 2_000
    assert [one.note["number"] for _, one in made if one.refused is None] == list(range(1, 501))
    assert has(story, budget_line(CAMPAIGN, "prizes.eve", "CNY")) == 0
    assert has(story, cost(CAMPAIGN, "prizes.eve", "CNY")) == 200_000
    assert all(has(story, key) == 0 for key in listener(story, "eve").stocks())
    assert story.books_balance()


def test_the_first_hundred_are_no_better_off_than_the_last(
    eve: tuple[Story, list[tuple[str, MechanicOutcome]]],
) -> None:
    """Spread 450 fen or so, so the mean of a hundred is off by 45 at the most in two pools of three."""
    amounts = [one.note["amount"] for _, one in eve[1] if one.refused is None]
    for first in range(0, 500, 100):
        assert abs(sum(amounts[first : first + 100]) / 100 - 400) < 4 * 45


def test_a_stranger_can_replay_the_pool(eve: tuple[Story, list[tuple[str, MechanicOutcome]]]) -> None:
    story, made = eve
    records = recorded(story, made)
    eve_pool, key = listener(story, "eve"), story.replay.program.epochs[f"{CAMPAIGN}/eve"][0].key
    assert verify(records, key, eve_pool.coins, 500) == []
    assert {one.code for one in verify(records, bytes(32), eve_pool.coins, 500)} == {"fairness.wrong_roll"}
    richer = msgspec.structs.replace(records[9], amount=records[9].amount + 1)
    wrong = verify([*records[:9], richer, *records[10:]], key, eve_pool.coins, 500)
    assert [(one.line, one.code) for one in wrong] == [(10, "fairness.packet_other_amount")]
    left_out = verify([*records[:9], *records[10:]], key, eve_pool.coins, 500)
    assert {"fairness.packet_not_next"} <= {one.code for one in left_out}


def recorded(story: Story, made: list[tuple[str, MechanicOutcome]]) -> list[PacketRecord]:
    """What would be published: through JSON, as the outcomes are stored."""
    members = story.replay.world.members
    return [
        record_of(one.mechanic, members[who].number, msgspec.json.decode(msgspec.json.encode(one.note)))
        for who, one in made
        if one.refused is None
    ]


def listener(story: Story, pool: str) -> RedPacket:
    mechanic = story.replay.program.by_key[f"{CAMPAIGN}/{pool}"].mechanic
    assert isinstance(mechanic, RedPacket)
    return mechanic


def test_nobody_has_two_and_nobody_is_early_or_late() -> None:
    story = Story(PLAN)
    assert code(claims(story, "mei", "2027-02-05 19:59")) == "red_packet.not_open"
    assert code(claims(story, "mei", "2027-02-05 20:00")) == ""
    again = claims(story, "mei", "2027-02-05 20:01")
    assert (code(again), again.refused and again.refused.data) == ("red_packet.had", {"limit": 1})
    assert code(claims(story, "lin", "2027-02-06 23:59")) == ""
    late = claims(story, "wu", "2027-02-07 00:00")
    assert (code(late), late.refused and late.refused.data) == (
        "red_packet.closed",
        {"closes": "2027-02-07T00:00+08:00"},
    )


def test_what_is_not_claimed_goes_back_to_the_line_it_was_taken_from() -> None:
    story = Story(PLAN)
    got = claims(story, "mei", EVE).note["amount"]
    before = has(story, budget_line(CAMPAIGN, "prizes", "CNY"))
    story.passes("2027-02-06 23:59")
    assert has(story, budget_line(CAMPAIGN, "prizes.eve", "CNY")) == 200_000 - got
    story.passes("2027-02-07")
    assert has(story, budget_line(CAMPAIGN, "prizes.eve", "CNY")) == 0
    assert has(story, budget_line(CAMPAIGN, "prizes", "CNY")) == before + 200_000 - got
    assert story.books_balance()
    assert has(story, shared(SHELF, stock_asset(CAMPAIGN, "eve/pool"))) == 200_000 - got


def test_a_pool_that_nobody_has_reached_into_goes_back_as_well() -> None:
    story = Story(PLAN)
    before = has(story, budget_line(CAMPAIGN, "prizes", "CNY"))
    story.passes("2027-02-07")
    assert has(story, budget_line(CAMPAIGN, "prizes.eve", "CNY")) == 0
    assert has(story, budget_line(CAMPAIGN, "prizes", "CNY")) == before + 200_000
    assert story.timers == []  # nobody took part
    assert story.books_balance()


def test_a_refused_try_is_refused_whole_and_uses_nothing() -> None:
    story = Story(PLAN)
    outcome = story.send("red_packet.claimed", "mei", "2027-02-05 19:00", campaign=CAMPAIGN, mechanic="eve")
    assert outcome.status == "refused"
    assert story.shows("mei", "eve", EVE)["tries"] == 0


def test_a_weekly_post_raises_the_odds_by_half_while_its_luck_lasts() -> None:
    story = Story(PLAN)
    assert claims(story, "mei", "2027-02-01", "better-odds").note["odds"] == [1, 5]
    story.happens("content.published", "mei", "2027-02-08", content="a")
    story.happens("content.published", "mei", "2027-02-09", content="b")
    assert claims(story, "mei", "2027-02-10", "better-odds").note["odds"] == [3, 10]
    assert claims(story, "mei", "2027-02-20", "better-odds").note["odds"] == [1, 5]


def test_the_odds_are_what_they_say() -> None:
    """Of 1,500 tries 20 % and 30 % win: within four standard errors."""
    story = Story(PLAN.replace("packets: 300", "packets: 3000"))
    for n in range(1_500):
        story.happens("content.published", f"m{n}", "2027-02-01", content=f"{n}")
    for pool, share in (("better-odds", 0.3), ("more-tries", 0.2)):
        wins = sum("amount" in claims(story, f"m{n}", "2027-02-02", pool).note for n in range(1_500))
        assert abs(wins - 1_500 * share) < 4 * (1_500 * share * (1 - share)) ** 0.5


def test_a_weekly_post_gives_one_more_try() -> None:
    story = Story(PLAN)
    story.happens("content.published", "mei", "2027-02-01", content="a")
    tries = [claims(story, "mei", "2027-02-02", "more-tries") for _ in range(3)]
    assert [code(one) for one in tries] == ["", "", "red_packet.no_chance"]
    assert [bool(one.taken) for one in tries] == [False, True, False]
    assert code(claims(story, "mei", "2027-02-08", "more-tries")) == ""
    assert story.shows("mei", "more-tries", "2027-02-08")["free_left"] == 0


def test_equal_packets_are_equal_to_the_unit() -> None:
    story = Story(PLAN)
    made = [claims(story, f"m{n}", "2027-02-02", "thanks") for n in range(300)]
    assert Counter(one.note["amount"] for one in made) == {33: 200, 34: 100}
    assert sum(story.points(f"m{n}") for n in range(300)) == 10_000
    assert code(claims(story, "late", "2027-02-02", "thanks")) == "red_packet.empty"
