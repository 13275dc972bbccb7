"""Decoding by types: what other packages' mechanics may put into their parameters."""

from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct, field

from festoon.base.errors import Invalid
from festoon.plan import codes_file as codes
from festoon.plan.decode import Broken, Decoder, shown
from festoon.plan.problems import Problem
from festoon.plan.source import read_source


class Fixed(Struct, frozen=True, tag="fixed", tag_field="how"):
    amount: int


class Part(Struct, frozen=True, tag="part", tag_field="how"):
    share: Annotated[Decimal, Meta(extra={"percent": True})]


class Odd(Struct, frozen=True):
    ladder: dict[int, list[str]] = {}
    pair: tuple[int, str] | None = None
    many: tuple[str, ...] | str = ()
    pays: Fixed | Part | None = None
    since: int | None = field(default=None, name="from")
    words: frozenset[str] = frozenset()
    anything: Any = None
    when: Literal["day", "week"] | int = "day"
    low: int = 0
    high: int = 9

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low is above high")
        if self.low < 0:
            raise Invalid(codes.NOT_THIS_FORM, "low", given=self.low, rule="")


def decoded(text: str, kind: Any = Odd) -> tuple[Any, list[Problem]]:
    node, problems = read_source(text)
    assert node is not None
    assert problems == []
    decoder = Decoder()
    try:
        return decoder.decode(kind, node), decoder.problems
    except Broken:
        return None, decoder.problems


def test_keys_may_be_numbers_and_fields_may_have_other_names() -> None:
    made, problems = decoded("{ladder: {3: [a], 7: [b, c]}, from: 5}")
    assert problems == []
    assert (made.ladder, made.since) == ({3: ["a"], 7: ["b", "c"]}, 5)


def test_one_of_several_shapes_is_chosen_by_what_is_written() -> None:
    made, problems = decoded(
        "{pair: [1, x], many: [a, b], words: [c, c], when: 3, anything: {a: [1.5, {b: null}]}}"
    )
    assert problems == []
    assert (made.pair, made.many, made.words, made.when) == ((1, "x"), ("a", "b"), frozenset("c"), 3)
    assert made.anything == {"a": [Decimal("1.5"), {"b": None}]}
    assert decoded("{many: one}")[0].many == "one"


def test_a_tag_says_which_of_several_structs_is_meant() -> None:
    assert decoded("{pays: {how: fixed, amount: 5}}")[0].pays == Fixed(5)
    assert decoded("{pays: {how: part, share: 5%}}")[0].pays == Part(Decimal("0.05"))
    _, problems = decoded("{pays: {how: else, amount: 5}}")
    assert [(each.code, each.path) for each in problems] == [(codes.MISSING_KEY, "pays")]


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("{ladder: {three: [a]}}", codes.EXPECTED_INTEGER, "ladder.three"),
        ("{pair: [1]}", codes.WRONG_LENGTH, "pair"),
        ("{pair: [1, 2]}", codes.EXPECTED_TEXT, "pair[1]"),
        ("{when: month}", codes.NOT_ONE_OF, "when"),
        ("{low: true}", codes.EXPECTED_INTEGER, "low"),
        ("{pays: {how: part, share: a}}", codes.EXPECTED_SHARE, "pays.share"),
        ("{pays: 5}", codes.EXPECTED_OTHER, "pays"),
        ("[]", codes.EXPECTED_MAPPING, ""),
        ("{low: 10}", codes.NOT_RIGHT, ""),
        ("{low: -1}", codes.NOT_THIS_FORM, "low"),
    ],
)
def test_a_mistake_says_what_was_wanted(text: str, code: str, path: str) -> None:
    _, problems = decoded(text)
    assert [(each.code, each.path) for each in problems] == [(code, path)]


def test_what_may_stand_in_a_place_is_said_in_the_readers_language() -> None:
    _, (problem,) = decoded("{many: {a: 1}}")
    assert problem.text("en") == "[…] / text is wanted here"
    assert problem.text("zh-Hans") == "此处应为 […] / 文本"
    _, (problem,) = decoded("{pays: 5}")
    assert problem.text("zh-Hans") == "此处应为 {键: 值}"


def test_what_is_sound_stays_when_something_beside_it_is_broken() -> None:
    made, problems = decoded("{ladder: {3: [a, 5], x: [b]}, from: far, high: 20}")
    assert (made.ladder, made.since, made.high) == ({3: ["a"]}, None, 20)
    assert [each.path for each in problems] == ["ladder.3[1]", "ladder.x", "from"]


def test_a_path_is_written_as_people_read_it() -> None:
    assert (
        shown(("mechanics", "lucky-draw", "prizes", 1, "weight")) == "mechanics.lucky-draw.prizes[1].weight"
    )
    assert shown(("events", "lesson.finished", "data")) == 'events["lesson.finished"].data'
    assert shown(()) == ""
