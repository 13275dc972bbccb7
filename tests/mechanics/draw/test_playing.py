from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.errors import Invalid, Refused
from festoon.base.rewards import ItemGift
from festoon.mechanics.draw_params import Prize
from festoon.mechanics.draw_table import NOTHING, SoldOut, is_miss, released
from tests.mechanics.draw.stage import END, SHANGHAI, START, Booth, Setting, prize, refusal

FREELY = {"free": {"per": "campaign", "count": 10**6}}


def booth(*prizes: dict[str, Any], setting: Setting | None = None, **plan: Any) -> Booth:
    return Booth({"prizes": list(prizes), "chances": FREELY, **plan}, setting)


def test_a_prize_with_one_left_is_won_once() -> None:
    stage = booth(prize("phone", 1, stock=1), prize("mug", 0), sold_out="next_prize")
    plays = [stage.play(member) for member in range(1, 6)]
    assert [play.given for play in plays] == ["phone", "mug", "mug", "mug", "mug"]
    assert [play.reason for play in plays] == ["", "sold_out", "sold_out", "sold_out", "sold_out"]
    assert all(play.rolled == "phone" for play in plays)
    assert stage.left("phone") == 0


def test_a_member_cap_holds_for_each_member_and_falls_to_the_policy() -> None:
    stage = booth(prize("phone", 1, per_member=1), prize("mug", 1), sold_out="nothing")
    given = Counter((play.member, play.given) for play in (stage.play(1 + n % 2) for n in range(40)))
    assert given[1, "phone"] == given[2, "phone"] == 1
    assert "member_cap" in {play.reason for play in stage.record}


def test_a_cap_by_the_day_starts_again_the_next_local_day() -> None:
    stage = booth(prize("mug", 1, per_member=1, per_member_per="day"), prize("pen", 0), sold_out="next_prize")
    evening, midnight = datetime(2027, 2, 5, 15, 59, tzinfo=UTC), datetime(2027, 2, 5, 16, 0, tzinfo=UTC)
    assert [stage.play(at=at).given for at in (evening, evening, midnight)] == ["mug", "pen", "mug"]
    late = stage.play(at=evening, now=midnight)
    assert (late.given, late.reason) == ("pen", "member_cap")


def test_the_stock_of_the_gift_itself_is_looked_at_as_well() -> None:
    setting = Setting(shelves={"phone": "shelf|phones"})
    big = {"id": "big", "weight": 1, "give": {"gift": "phone", "count": 2}}
    stage = booth(big, prize("mug", 0), setting=setting, sold_out="next_prize")
    stage.stock["shelf|phones"] = 3
    assert [stage.play().given for _ in range(2)] == ["big", "mug"]
    assert stage.stock["shelf|phones"] == 1


def test_a_member_who_has_all_he_may_have_keeps_his_chance() -> None:
    stage = booth(prize("phone", 1, per_member=1), sold_out="nothing", nothing=1)
    while stage.play(1).given == NOTHING:
        pass
    before = stage.person(1).state
    assert refusal(stage.play).code == "draw.sold_out"
    assert stage.person(1).state == before
    assert stage.play(2).play == 1


def test_when_everything_is_gone_a_chance_is_not_wasted() -> None:
    stage = booth(prize("phone", 1, stock=1), sold_out="nothing", nothing=3)
    while stage.left("phone"):
        stage.play()
    before = stage.person().state
    assert refusal(stage.play).code == "draw.sold_out"
    assert stage.person().state == before


def test_redistribute_with_nothing_released_yet_asks_to_come_back() -> None:
    stage = booth(prize("phone", 1, stock=2, pace="even"), sold_out="redistribute")
    assert refusal(stage.play).code == "draw.sold_out_now"
    assert stage.play(at=START + timedelta(minutes=1)).given == "phone"
    assert refusal(lambda: stage.play(at=START + timedelta(minutes=2))).code == "draw.sold_out_now"
    assert stage.play(at=START + (END - START) / 2 + timedelta(minutes=1)).given == "phone"
    assert refusal(lambda: stage.play(at=END - timedelta(minutes=1))).code == "draw.sold_out"


def test_redistribute_rolls_on_what_can_be_had_and_the_outcome_says_so() -> None:
    stage = booth(prize("phone", 1, stock=1), prize("mug", 1), sold_out="redistribute")
    while stage.left("phone"):
        assert stage.play().table == (("phone", 1), ("mug", 1), (NOTHING, 0))
    play = stage.play()
    assert (play.table, play.total, play.given) == ((("phone", 0), ("mug", 1), (NOTHING, 0)), 1, "mug")
    assert play.out == {"phone": "sold_out"}


def test_under_keep_chance_the_play_counts_and_the_chance_stays() -> None:
    """A play that were refused would roll the same number again and again: nobody would ever get past it."""
    stage = Booth(
        {"prizes": [prize("phone", 1, stock=1), prize("mug", 1, stock=99)], "sold_out": "keep_chance"}
    )
    stage.earn(20)
    stage.stock[next(iter(stage.stock))] = 0
    plays = []
    while stage.chances() > 17:
        plays.append(stage.play())
    kept = [play for play in plays if play.chance == "kept"]
    assert kept
    assert all(play.given == NOTHING and play.rolled == "phone" for play in kept)
    assert [play.given for play in plays if play.chance == "earned"] == ["mug"] * 3
    assert [play.play for play in plays] == list(range(1, len(plays) + 1))


def test_the_outcome_keeps_all_that_a_stranger_needs() -> None:
    stage = booth(prize("phone", 1, stock=1, pace="front"), prize("mug", 99), sold_out="next_prize")
    play = stage.play(7)
    assert (play.draw, play.epoch, play.member, play.play) == ("new-year/lucky-draw", "campaign", 7, 1)
    assert (play.total, sum(weight for _, weight in play.table)) == (100, 100)
    assert 0 <= play.roll < 100
    assert (play.policy, play.chance) == ("next_prize", "free")


def test_a_varying_amount_is_rolled_by_the_number_of_the_play_and_noted() -> None:
    packet = {"id": "packet", "weight": 1, "give": [{"coupon": "ten-off"}, {"points": [5, 88]}]}
    stage = booth(packet)
    amounts = [stage.play().amounts for _ in range(60)]
    assert {(position, low, high) for ((position, low, high, _),) in amounts} == {(1, 5, 88)}
    found = {amount for ((_, _, _, amount),) in amounts}
    assert len(found) > 30
    assert all(5 <= amount <= 88 for amount in found)


def test_the_same_play_always_comes_out_the_same() -> None:
    plan = [prize("phone", 1, stock=2), prize("mug", 5, per_member=2), prize("pen", 5)]
    one, other = (booth(*plan, sold_out="next_prize", nothing=3) for _ in range(2))
    for stage in (one, other):
        for member in range(1, 8):
            for _ in range(5):
                stage.play(member)
    assert one.record == other.record


def test_no_event_id_and_no_moment_can_be_chosen_to_win() -> None:
    """The roll depends on the member and on how often he has played, and on nothing that he sends."""
    one, other = booth(prize("phone", 1), nothing=9), booth(prize("phone", 1), nothing=9)
    for hour in range(50):
        assert one.play(3).roll == other.play(3, at=START + timedelta(hours=hour)).roll


def test_the_odds_are_the_declared_ones() -> None:
    """Chi-square of 20,000 plays over four rows; 16.27 leaves 0.1 % above it at 3 degrees of freedom."""
    stage = booth(prize("phone", 1), prize("mug", 20), prize("pen", 179), nothing=200)
    counts = Counter(stage.play(1 + n % 400).given for n in range(20_000))
    expected = {name: 20_000 * weight / whole for name, weight, whole in stage.draw.odds()}
    assert counts.keys() == expected.keys()
    assert sum((counts[name] - expected[name]) ** 2 / expected[name] for name in expected) < 16.27


def test_a_prize_in_one_of_ten_thousand_is_won_about_that_often() -> None:
    stage = booth(prize("car", 2), nothing=9_998)
    wins = sum(stage.play(1 + n % 500).given == "car" for n in range(25_000))
    assert 0 < wins < 16  # 5 expected; both ends are beyond 1 in 100


def test_after_so_many_misses_the_next_play_wins() -> None:
    stage = booth(prize("car", 1), prize("mug", 0), nothing=10**9, guarantee={"after": 4, "prize": "mug"})
    given = [stage.play().given for _ in range(15)]
    assert given == ([NOTHING] * 4 + ["mug"]) * 3
    assert stage.record[4].reason == "guarantee"


def test_a_guarantee_that_is_out_is_still_due_when_there_is_more() -> None:
    stage = booth(
        prize("mug", 0, stock=1), prize("car", 1), nothing=10**9, sold_out="nothing",
        guarantee={"after": 2, "prize": "mug"},
    )  # fmt: skip
    assert [stage.play().given for _ in range(6)] == [NOTHING, NOTHING, "mug", NOTHING, NOTHING, NOTHING]
    stage.stock[next(iter(stage.stock))] = 1
    assert stage.play().given == "mug"


@pytest.mark.parametrize(("swap", "third"), [("mug", "mug"), ("pen", "key")], ids=["above", "below"])
def test_a_guaranteed_prize_that_is_out_never_costs_what_was_rolled(swap: str, third: str) -> None:
    stage = booth(
        prize("car", 0, stock=1, swap=swap), prize("mug", 0), prize("key", 10**9), prize("pen", 1),
        sold_out="next_prize", guarantee={"after": 2, "prize": "car", "miss": "lower"},
    )  # fmt: skip
    assert [stage.play(1).given for _ in range(3)] == ["key", "key", "car"]
    assert [stage.play(2).given for _ in range(3)] == ["key", "key", third]
    stage.stock[next(iter(stage.stock))] = 1
    again = stage.play(2)
    assert (again.given, again.reason) == ("car", "guarantee")


def test_a_miss_may_be_anything_below_the_guaranteed_prize_and_a_better_one_is_never_taken_away() -> None:
    stage = booth(
        prize("car", 1), prize("mug", 1), prize("pen", 8),
        guarantee={"after": 5, "prize": "mug", "miss": "lower"},
    )  # fmt: skip
    given = [stage.play().given for _ in range(400)]
    since = 0
    for name in given:
        since = since + 1 if name == "pen" else 0
        assert since <= 5
    guaranteed = [play for play in stage.record if play.reason == "guarantee"]
    assert guaranteed
    assert {play.rolled for play in guaranteed} == {"pen"}
    due = [play for play in stage.record if play.guarantee is not None and play.guarantee.due]
    assert "car" in {play.given for play in due}


limited_prizes = st.lists(
    st.builds(
        Prize,
        id=st.just("p"),
        weight=st.integers(0, 9),
        give=st.just("ten-off"),
        stock=st.none() | st.integers(1, 4),
        pace=st.sampled_from(["none", "even", "front"]),
        per_member=st.none() | st.integers(1, 2),
        per_member_per=st.sampled_from(["campaign", "day"]),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    prizes = [
        msgspec.structs.replace(made, id=f"p{index}", pace="none" if made.stock is None else made.pace)
        for index, made in enumerate(draw(limited_prizes))
    ]
    plan: dict[str, Any] = {
        "prizes": [msgspec.to_builtins(made) for made in prizes],
        "chances": FREELY,
        "nothing": draw(st.integers(0, 5)),
        "sold_out": draw(st.sampled_from(get_args(SoldOut))),
    }
    if draw(st.booleans()):
        plan["guarantee"] = {
            "after": draw(st.integers(1, 3)),
            "prize": draw(st.sampled_from([made.id for made in prizes])),
            "miss": draw(st.sampled_from(["nothing", "lower"])),
        }
    return plan


@settings(max_examples=150, deadline=None)
@given(plans(), st.lists(st.tuples(st.integers(1, 3), st.integers(0, 16 * 24)), max_size=40))
def test_whatever_the_plan_a_prize_never_goes_to_one_who_may_not_have_it(
    plan: dict[str, Any], presses: list[tuple[int, int]]
) -> None:
    try:
        stage = Booth(plan)
    except Invalid:
        return
    prizes = stage.draw.prizes
    won: Counter[tuple[str, int, str]] = Counter()
    for member, hour in sorted(presses, key=lambda press: press[1]):
        at = START + timedelta(hours=hour)
        state, left = stage.person(member).state, dict(stage.stock)
        try:
            play = stage.play(member, at)
        except Refused:
            assert (stage.person(member).state, stage.stock) == (state, left)
            continue
        assert stage.person(member).state.plays == play.play == state.plays + 1
        if play.guarantee and play.guarantee.due and play.guarantee.prize not in play.out:
            assert not is_miss(play.table, play.given, play.guarantee)
        if play.given == NOTHING:
            continue
        made = prizes[play.given]
        day = "" if made.per_member_per == "campaign" else at.astimezone(SHANGHAI).date().isoformat()
        won[made.id, member, day] += 1
        if made.per_member is not None:
            assert won[made.id, member, day] <= made.per_member
        if made.stock is not None:
            gone = made.stock - stage.left(made.id)
            assert gone == sum(count for (name, _, _), count in won.items() if name == made.id)
            assert gone <= released(made.stock, made.pace, START, END, at) <= made.stock


def test_what_is_given_is_the_prize_s_own_reward() -> None:
    stage = booth(prize("mug", 1))
    stage.play()
    (gift,) = stage.person().given[0].reward.gifts
    assert isinstance(gift, ItemGift)
    assert (gift.kind, gift.ref, stage.person().given[0].times) == ("coupon", "mug", 1)


@pytest.mark.parametrize("policy", get_args(SoldOut))
def test_the_ordinal_only_grows_and_has_no_gaps_whatever_the_policy(policy: SoldOut) -> None:
    stage = booth(prize("phone", 3, stock=2), prize("mug", 1, per_member=1), prize("pen", 1), sold_out=policy)
    for _ in range(30):
        stage.play()
    assert [play.play for play in stage.record] == list(range(1, 31))
