"""Whatever is changed in whichever plan: the value is there, and no other byte is another."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.errors import Invalid
from festoon.plan.chunks import chunks_of
from festoon.plan.decode import Path as Steps
from festoon.plan.edit import edit, move_up, remove, rename
from festoon.plan.problems import PlanInvalid
from festoon.plan.source import _whole, plain, read_source
from festoon.plan.spans import spans_of
from festoon.plan.written import on_one_line
from tests.house.sources import ROOT

PLANS = {path.stem: path.read_text() for path in sorted((ROOT / "examples" / "plans").glob("*.yaml"))}
PLANS["custom"] = (ROOT / "examples" / "custom_mechanic" / "plan.yaml").read_text()
PLANS["every-section"] = (Path(__file__).parent / "every-section.yaml").read_text()
PLANS["windows"] = "\ufeff" + PLANS["auto-top-up"].replace("\n", "\r\n")
PLANS["odd"] = """\
# first
campaign:   odd   # never changes
title: {en:  "Odd",   zh-Hans: 'one', zh-Hant: }
schedule:
    start: 2027-02-05
    end:      2027-02-06 10:00   # noon
mechanics:   # in this order
  # the first
  "a.b":
    - points: 5     # five
      # in between
      more: yes
    -   {points: 6}
    -
    - [1, [2, 3],
       {a: b,
        c: }]   # several lines
    - - x
      - y
  empty:
  also-empty:   # nothing
  folded: >-   # why
    some long text that
    goes on

    after a break
  literal: |
    a
      b

  kept: |+
    z

after: last
"""

VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.decimals(-(10**6), 10**6, places=2)
    | st.sampled_from(
        ["", "no", "1", "2027-02-05", "2027-05-31", "2027-02-31", "5%", "end + 3 days", "a: b", "a # b", "- a",
         "春节，快乐", "it's \"so\"", "a, b", "{a}", "a:", " a", "a ", "two\nlines", "two\nlines\n", "a\n\nb\n\n", "\n",
         'event.amount >= 100 and member.level in ("gold", "platinum")', "word " * 60, "?", "~", "#", "&a", "*a", "!a",
         "0x10", "0x1F", "1e3", "1_000", "12:30", "-25%",
         "on", "=", "<<", "a\tb", "'", '"', "a}b", "@x", "`x", "|", ">", "%a",]
    )
    | st.text(st.characters(min_codepoint=32, max_codepoint=0x2fff, exclude_categories=("C", "Z")), max_size=40)
)  # fmt: skip
DATA = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["en", "give", "a.b", "7"]), inner)
    ),
    max_leaves=6,
)


def said(text: str) -> Any:
    node, _ = read_source(text)
    assert node is not None
    return plain(node)


def places(at: Any, steps: Steps = ()) -> list[Steps]:
    inner = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
    return [steps, *(place for key, of in inner for place in places(of, (*steps, key)))]


def get(at: Any, steps: Steps) -> Any:
    for step in steps:
        at = at[step]
    return at


ALL = {name: [steps for steps in places(said(text)) if steps] for name, text in PLANS.items()}
SOMEWHERE = st.sampled_from(list(PLANS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(ALL[name]))
)


def around(text: str, steps: Steps) -> tuple[str, str]:
    """What stands before a value (up to the end of its key) and what stands behind it."""
    at = spans_of(text)
    for step in steps:
        assert at.parts is not None
        part = at.parts[step]
        at = part.value
    return text[: part.key_end], text[at.end :]


def bare(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


@settings(deadline=None, max_examples=60)
@given(SOMEWHERE, DATA)
def test_a_value_set_anywhere_is_read_again_and_the_rest_is_as_it_was(
    where: tuple[str, Steps], value: Any
) -> None:
    name, steps = where
    before = PLANS[name]
    try:
        after = edit(before, steps, value)
    except PlanInvalid:
        assert unreadable(value)
        return
    except Invalid:
        assert name == "odd"
        return
    assert str(get(said(after), steps)) == str(said(f"a: {on_one_line(value)}")["a"])
    head, tail = around(bare(before), steps)
    assert bare(after).startswith(head)
    assert bare(after).endswith(tail)
    assert ("\r" in after) == ("\r" in before)
    assert after[0] == before[0]


@settings(deadline=None, max_examples=50)
@given(SOMEWHERE, VALUES)
def test_a_value_that_is_set_back_leaves_the_text_as_it_was(where: tuple[str, Steps], value: Any) -> None:
    name, steps = where
    before = PLANS[name]
    old = get(said(before), steps)
    folded = around(bare(before), steps)[0]
    sign = bare(before)[len(folded) :].lstrip(": ")[:1]
    if name == "odd" or isinstance(old, dict | list) or sign in "|>":
        return
    if sign in "\"'" and (not isinstance(value, str) or "\n" in value or on_one_line(value)[:1] in "\"'"):
        return  # quotes that need not be are kept by a text of one line that needs none, and forgotten by whatever else
    try:
        after = edit(before, steps, value)
    except PlanInvalid:
        return
    assert edit(after, steps, old) == before


@settings(deadline=None, max_examples=50)
@given(SOMEWHERE)
def test_what_is_taken_away_is_gone_and_the_rest_is_there(where: tuple[str, Steps]) -> None:
    name, steps = where
    before = PLANS[name]
    wanted = said(before)
    del get(wanted, steps[:-1])[steps[-1]]
    try:
        after = remove(before, steps)
    except Invalid:
        assert name == "odd"
        return
    assert said(after) == wanted
    comments = [line.strip() for line in bare(before).splitlines() if line.lstrip().startswith("#")]
    head, tail = around(bare(before), steps)
    inside = bare(before)[len(head) : len(bare(before)) - len(tail)]
    assert [each for each in comments if each not in inside and each not in bare(after)] == []


@settings(deadline=None, max_examples=40)
@given(SOMEWHERE)
def test_what_is_moved_up_and_down_again_is_where_it_was(where: tuple[str, Steps]) -> None:
    name, steps = where
    before = PLANS[name]
    beside = get(said(before), steps[:-1])
    keys: list[Any] = list(beside) if isinstance(beside, dict) else list(range(len(beside)))
    at = keys.index(steps[-1])
    if not at:
        with pytest.raises(Invalid):
            move_up(before, steps)
        return
    try:
        up = move_up(before, steps)
    except Invalid:
        assert name == "odd", steps
        return
    down = (*steps[:-1], steps[-1] if isinstance(beside, list) else keys[at - 1])
    assert move_up(up, down) == before
    assert sorted(up) == sorted(before)


@settings(deadline=None, max_examples=25)
@given(SOMEWHERE, st.sampled_from(["new", "new-name", "a.b", "no", "7", "名称"]))
def test_a_key_is_renamed_where_it_stands(where: tuple[str, Steps], new: str) -> None:
    name, steps = where
    before = PLANS[name]
    if isinstance(steps[-1], int) or new in get(said(before), steps[:-1]):
        return
    after = rename(before, steps, new)
    assert get(said(after), (*steps[:-1], new)) == get(said(before), steps)
    assert rename(after, (*steps[:-1], new), str(steps[-1])) == before or name == "odd"


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(list(PLANS)), st.data())
def test_a_text_read_by_parts_says_what_it_says_as_a_whole(name: str, data: st.DataObject) -> None:
    text = bare(PLANS[name])
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 30, len(text))))
    put = data.draw(
        st.sampled_from(
            ["", "\n", "a:", '"', "'", "\n---\n", "\n...\n", "{", "]", "# ", " ", "\nx: 1\n", "&a "]
        )
    )
    changed = text[:start] + put + text[end:]
    assert read_source(changed) == _whole(changed)


def unreadable(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(unreadable, value.values()))
    if isinstance(value, list):
        return any(map(unreadable, value))
    return isinstance(value, str) and read_source(f"a: {on_one_line(value)}")[1] != []


def test_parts_are_cut_at_every_section() -> None:
    for name, text in PLANS.items():
        if name not in ("odd", "custom", "windows"):
            assert len(chunks_of(text)) > 10, name


def test_a_new_key_comes_where_one_reads_it() -> None:
    text = "a: 1\nc: 3  # three\nd: {x: 1}\n"
    assert edit(text, "b", 2, order="abcd") == "a: 1\nb: 2\nc: 3  # three\nd: {x: 1}\n"
    assert edit(text, "d.w", 0, order="wx") == "a: 1\nc: 3  # three\nd: {w: 0, x: 1}\n"
    assert edit(text, "0", 0, order="0abc").startswith("0: 0\na: 1\n")


def test_a_fall_by_percent_stands_without_quotes_as_people_write_it() -> None:
    assert edit("a: 1\nb: {c: 1, d: 2}\n", "a", "-25%") == "a: -25%\nb: {c: 1, d: 2}\n"
    assert edit("a: 1\nb: {c: 1, d: 2}\n", "b.c", "-25%") == "a: 1\nb: {c: -25%, d: 2}\n"


@pytest.mark.parametrize("text", ["0x1F", "-0x1f", "-5", "-", "- a", "-,", "-.inf", "--", "-1:30"])
def test_a_text_that_others_would_read_as_something_else_has_quotes(text: str) -> None:
    assert edit("a: 1\n", "a", text) == f'a: "{text}"\n'


def test_what_stands_below_a_key_is_written_as_people_do() -> None:
    prizes = [{"id": f"prize-{n}", "weight": n, "give": [{"points": 5}]} for n in range(3)]
    text = edit("mechanics:\n  draw:\n    kind: draw\n", "mechanics.draw.prizes", prizes)
    assert text.endswith(
        "    prizes:\n"
        "      - {id: prize-0, weight: 0, give: [{points: 5}]}\n"
        "      - {id: prize-1, weight: 1, give: [{points: 5}]}\n"
        "      - {id: prize-2, weight: 2, give: [{points: 5}]}\n"
    )
    assert edit("a:\n", "a", "one\ntwo") == "a: |-\n  one\n  two\n"
