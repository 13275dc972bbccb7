"""Prizes that stand in for others, and odds that a member can raise."""

from collections import Counter
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.errors import Invalid
from festoon.mechanics.draw_table import NOTHING, Row, SoldOut, effective, raised, settle, total
from festoon.mechanics.draw_verify import verify
from festoon.mechanics.fairness import commit
from tests.mechanics.draw.stage import PUBLIC, SEED, Booth, prize

STAR = {"prize": "phone", "by": 100, "asset": "star", "uses": 1}


def booth(**more: Any) -> Booth:
    plan: dict[str, Any] = {
        "prizes": [prize("phone", 10, stock=2, swap="mug"), prize("mug", 20, stock=3, swap="pen"), prize("pen", 5)],
        "nothing": 65,
        "sold_out": "nothing",
        **more,
    }  # fmt: skip
    return Booth(plan)


def played(stage: Booth, plays: int, star: int = 0) -> Counter[tuple[str, str, str]]:
    """So many plays of one member: what was rolled, given, and why."""
    stage.earn(plays)
    stage.person().balances["star"] = star
    records = [stage.play() for _ in range(plays)]
    assert verify(stage.record, SEED, PUBLIC, commit(SEED)) == []
    return Counter((record.rolled, record.given, record.reason) for record in records)


def test_a_prize_that_is_out_is_swapped_and_its_swap_too() -> None:
    came = played(booth(), 200)
    assert came["phone", "phone", ""] == 2
    assert came["phone", "mug", "sold_out"] + came["mug", "mug", ""] == 3
    assert came["phone", "pen", "sold_out"] > 0 < came["mug", "pen", "sold_out"]
    assert not any(given == NOTHING for rolled, given, _ in came if rolled != NOTHING)


def test_the_odds_stay_as_declared_when_a_prize_is_swapped() -> None:
    stage = booth(sold_out="redistribute")
    played(stage, 200)
    assert {record.table for record in stage.record} == {
        (("phone", 10), ("mug", 20), ("pen", 5), (NOTHING, 65))
    }


@given(
    st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any),
    st.sets(st.sampled_from("abcd")),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("bcd")).filter(
        lambda swaps: all(name < other for name, other in swaps.items())
    ),
    st.sampled_from(get_args(SoldOut)),
)
def test_what_is_out_is_never_given_whatever_is_swapped_for_what(
    weights: list[int], gone: set[str], swaps: dict[str, str], policy: SoldOut
) -> None:
    out: Any = dict.fromkeys(gone, "sold_out")
    rows: tuple[Row, ...] = (*zip("abcd", weights, strict=True), (NOTHING, 1))
    for name, weight in effective(rows, policy, out.get, swaps):
        settled = settle(rows, name, policy, out.get, swaps=swaps) if weight else None
        if settled is None:
            continue
        assert settled.given not in gone
        assert (settled.reason == "") == (name not in gone)
        if policy == "redistribute":
            assert (settled.given == NOTHING) == (name == NOTHING)


@given(
    st.lists(
        st.tuples(st.integers(0, 1000), st.fractions(1, 20, max_denominator=1000)), min_size=1, max_size=6
    )
)
def test_raised_weights_are_whole_and_exactly_in_proportion(given: list[tuple[int, Fraction]]) -> None:
    rows: tuple[Row, ...] = (
        *((f"p{index}", weight) for index, (weight, _) in enumerate(given)),
        (NOTHING, 7),
    )
    factors = {f"p{index}": factor for index, (_, factor) in enumerate(given)}
    table = raised(rows, factors)
    scale = Fraction(dict(table)[NOTHING], 7)
    for name, weight in rows:
        assert dict(table)[name] == weight * factors.get(name, Fraction(1)) * scale


def test_what_a_task_gave_doubles_a_weight_for_as_many_plays_as_there_are_of_it() -> None:
    stage = booth(raises=[STAR])
    played(stage, 5, star=2)
    phones = [dict(record.table)["phone"] for record in stage.record]
    assert phones == [20, 20, 10, 10, 10]
    assert [record.raised for record in stage.record] == [(("phone", 2, 1),)] * 2 + [()] * 3
    assert stage.person().balances["star"] == 0


def test_a_condition_and_something_he_has_multiply() -> None:
    stage = booth(
        raises=[{**STAR, "uses": 0}, {"prize": "phone", "by": 50, "when": "member.level == 'gold'"}]
    )
    stage.person().facts["level"] = "gold"
    played(stage, 1, star=1)
    (record,) = stage.record
    assert record.raised == (("phone", 3, 1),)
    assert record.table == (("phone", 30), ("mug", 20), ("pen", 5), (NOTHING, 65))
    assert stage.person().balances["star"] == 1


def test_a_play_that_keeps_its_chance_uses_up_nothing_else() -> None:
    plan = {
        "prizes": [prize("phone", 1, stock=1), prize("pen", 1, stock=1000)], "sold_out": "keep_chance",
        "raises": [{"prize": "phone", "by": 900, "asset": "star", "uses": 1}],
    }  # fmt: skip
    stage = Booth(plan)
    played(stage, 20, star=20)
    kept = sum(record.chance == "kept" for record in stage.record)
    assert kept > 0
    assert stage.person().balances["star"] == kept


def test_a_weight_that_is_said_to_have_been_lowered_makes_no_sense() -> None:
    stage = booth(raises=[STAR])
    played(stage, 1, star=1)
    record = stage.record[0]
    assert record.problem() == ""
    assert type(record)(**{**_of(record), "raised": (("phone", 1, 2),)}).problem()
    assert type(record)(**{**_of(record), "swaps": {"phone": "mug", "mug": "phone"}}).problem()
    assert type(record)(**{**_of(record), "swaps": {"phone": "yacht"}}).problem()


def _of(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


@pytest.mark.parametrize(
    ("more", "code", "place"),
    [
        ({"raises": [{**STAR, "prize": "yacht"}]}, "draw.unknown_prize", "raises[0].prize"),
        ({"raises": [{"prize": "phone", "by": 50}]}, "raise.without_reason", "raises[0]"),
        ({"raises": [{**STAR, "by": "0.000001"}] * 3}, "draw.raised_too_finely", "raises"),
        ({"prizes": [prize("a", 1, swap="b", stock=1), prize("b", 1, swap="a")]}, "draw.swapped_in_a_circle",
         "prizes[0].swap"),
        ({"prizes": [prize("a", 1, swap="yacht", stock=1)]}, "draw.unknown_prize", "prizes[0].swap"),
    ],
)  # fmt: skip
def test_a_plan_that_could_not_keep_it_is_refused_with_its_place(
    more: dict[str, Any], code: str, place: str
) -> None:
    with pytest.raises(Invalid) as caught:
        booth(**more)
    assert (caught.value.code, caught.value.place) == (code, place)


def test_the_odds_of_a_play_add_up() -> None:
    stage = booth(raises=[STAR])
    played(stage, 3, star=1)
    assert all(total(record.table) == record.total for record in stage.record)
