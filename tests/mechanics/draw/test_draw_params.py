from typing import Any

import msgspec
import pytest

from festoon.base.errors import Invalid
from festoon.mechanics.draw import Draw
from festoon.mechanics.draw_params import DrawParams
from tests.mechanics.draw.stage import Setting, prize


def draw_of(plan: dict[str, Any], setting: Setting | None = None) -> Draw:
    return Draw(msgspec.convert(plan, DrawParams), setting or Setting())


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "two prizes of one name": (
        {"prizes": [prize("mug", 1), prize("mug", 2)]}, "draw.prize_named_twice", "prizes[1].id",
    ),
    "a prize that is called nothing": (
        {"prizes": [prize("nothing", 1)]}, "draw.prize_named_twice", "prizes[0].id",
    ),
    "no weight at all": ({"prizes": [prize("mug", 0)], "nothing": 5}, "draw.no_weight", "prizes"),
    "a pace for what never ends": (
        {"prizes": [prize("mug", 1, pace="even")]}, "draw.pace_without_stock", "prizes[0].pace",
    ),
    "a prize that can run out, and no policy": (
        {"prizes": [prize("mug", 1, stock=3)]}, "draw.sold_out_undeclared", "sold_out",
    ),
    "a prize with a cap, and no policy": (
        {"prizes": [prize("mug", 1, per_member=3)]}, "draw.sold_out_undeclared", "sold_out",
    ),
    "next_prize with nothing to fall back on": (
        {"prizes": [prize("phone", 1), prize("mug", 1, stock=9)], "sold_out": "next_prize"},
        "draw.open_end", "prizes[1]",
    ),
    "a prize that is shown and can never be won": (
        {"prizes": [prize("car", 0), prize("mug", 1)]}, "draw.unreachable_prize", "prizes[0].weight",
    ),
    "a prize of no weight below one that never runs out": (
        {"prizes": [prize("phone", 1, stock=1), prize("mug", 1), prize("pen", 0)], "sold_out": "next_prize"},
        "draw.unreachable_prize", "prizes[2].weight",
    ),
    "a guarantee of what is not a prize": (
        {"prizes": [prize("mug", 1)], "nothing": 1, "guarantee": {"after": 3, "prize": "car"}},
        "draw.unknown_guaranteed_prize", "guarantee.prize",
    ),
    "a guarantee where every play wins": (
        {"prizes": [prize("mug", 1)], "guarantee": {"after": 3, "prize": "mug"}},
        "draw.idle_guarantee", "guarantee",
    ),
    "a guarantee of the last prize, where nothing is below it": (
        {"prizes": [prize("phone", 1), prize("mug", 1)],
         "guarantee": {"after": 3, "prize": "mug", "miss": "lower"}},
        "draw.idle_guarantee", "guarantee",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_draw_that_could_not_keep_what_it_shows_is_refused_when_it_is_written(case: str) -> None:
    plan, code, place = WRONG[case]
    with pytest.raises(Invalid) as caught:
        draw_of(plan)
    assert (caught.value.code, caught.value.place) == (code, place)
    for language in ("en", "zh-Hans"):
        assert "<" not in caught.value.text(language) + caught.value.todo(language)


RIGHT: dict[str, dict[str, Any]] = {
    "weights that sum to any number": {"prizes": [prize("mug", 3), prize("pen", 4)]},
    "a prize that only the guarantee gives": {
        "prizes": [prize("car", 0), prize("mug", 1)], "nothing": 1, "guarantee": {"after": 3, "prize": "car"},
    },
    "a prize that only stands in for another": {
        "prizes": [prize("phone", 1, stock=1), prize("mug", 0)], "sold_out": "next_prize",
    },
    "next_prize down to nothing, where nothing has a weight": {
        "prizes": [prize("phone", 1, stock=1)], "nothing": 1, "sold_out": "next_prize",
    },
    "a guarantee against being left empty-handed by the policy": {
        "prizes": [prize("phone", 1, stock=1), prize("mug", 1)], "sold_out": "nothing",
        "guarantee": {"after": 3, "prize": "mug"},
    },
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_a_draw_that_can_keep_what_it_shows_is_accepted(case: str) -> None:
    assert draw_of(RIGHT[case]).odds()


@pytest.mark.parametrize(
    "plan",
    [
        {"prizes": []},
        {"prizes": [prize("mug", -1)]},
        {"prizes": [{**prize("mug", 1), "weight": 0.5}]},
        {"prizes": [prize("mug", 1, stock=0)]},
        {"prizes": [prize("mug", 1)], "sold_out": "reroll"},
        {"prizes": [prize("mug", 1)], "chances": {"free": {"per": "hour"}}},
        {"prizes": [prize("mug", 1)], "colour": "red"},
    ],
)
def test_a_draw_that_is_misspelt_is_not_read(plan: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plan, DrawParams)


def test_the_gift_s_own_stock_makes_a_prize_one_that_can_run_out() -> None:
    setting = Setting(shelves={"phone": "shelf|phones"})
    plan = {"prizes": [{"id": "big", "weight": 1, "give": {"gift": "phone"}}]}
    with pytest.raises(Invalid) as caught:
        draw_of(plan, setting)
    assert caught.value.code == "draw.sold_out_undeclared"
    assert draw_of({**plan, "sold_out": "nothing"}, setting).needs().shared == ("shelf|phones",)


def test_the_odds_to_publish_are_the_weights_over_their_sum() -> None:
    draw = draw_of({"prizes": [prize("phone", 1), prize("mug", 99)], "nothing": 900})
    assert draw.odds() == [("phone", 1, 1000), ("mug", 99, 1000), ("nothing", 900, 1000)]
    assert draw_of({"prizes": [prize("mug", 2)]}).odds() == [("mug", 2, 2)]


def test_the_worst_case_is_every_prize_until_its_stock_is_gone() -> None:
    draw = draw_of({"prizes": [prize("phone", 1, stock=10), prize("mug", 99)], "sold_out": "next_prize"})
    assert [(reward.name, bound) for reward, bound in draw.worst_case()] == [
        ("prizes[0].give", 10),
        ("prizes[1].give", None),
    ]
    assert list(draw.stocks().values()) == [10]
