"""The reference page says what is there: its plans run, and it leaves no parameter and no code out."""

import re
from datetime import date
from textwrap import indent

import msgspec
import pytest

from festoon.base.errors import CODES
from festoon.engine.view import NO_EPOCH
from festoon.mechanics.draw import Draw
from festoon.mechanics.draw_record import record_of
from festoon.mechanics.draw_state import DrawState
from festoon.plan.check import check_plan
from tests.mechanics.draw.test_draw_verify import PAGE as HOW_TO

PAGE = HOW_TO.parents[1] / "reference" / "mechanics" / "draw.md"
TEXT = PAGE.read_text()
NOTE, PROGRESS = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
PLAN, *FRAGMENTS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_plan_on_the_page_has_no_mistake() -> None:
    checked = check_plan(PLAN)
    assert checked.errors == []
    assert checked.compiled is not None
    draw = checked.compiled.mechanics[1].mechanic
    assert isinstance(draw, Draw)
    assert draw.odds() == [("phone", 1, 10_000), ("coupon", 2000, 10_000), ("packet", 7999, 10_000)]
    assert checked.compiled.randomness["lucky-draw"].startswith("China Welfare Lottery")


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_every_fragment_on_the_page_fits_into_the_plan(fragment: str) -> None:
    before, _, _ = PLAN.partition("mechanics:\n")
    assert check_plan(f"{before}mechanics:\n{indent(fragment, '  ')}").errors == []


def test_the_note_on_the_page_is_the_record_of_a_play() -> None:
    record = record_of("new-year-2027/lucky-draw", 17, msgspec.json.decode(NOTE))
    assert record.problem() == ""


def test_the_progress_on_the_page_is_what_a_member_sees() -> None:
    compiled = check_plan(PLAN).compiled
    assert compiled is not None
    draw = compiled.mechanics[1].mechanic
    state = DrawState(plays=3, misses=2, free={"2027-02-05": 1})
    assert draw.shows(state, date(2027, 2, 5)) == msgspec.json.decode(PROGRESS)
    assert draw.shows(state, date(2027, 2, 6))["free_left"] == 1


def test_every_refusal_of_a_draw_is_on_the_page() -> None:
    listed = set(re.findall(r"^\| `(draw\.\w+)`", TEXT, re.MULTILINE))
    known = [code for code in CODES.values() if code.code.startswith("draw.")]
    assert listed == {code.code for code in known if code.status in (200, 400)} | {NO_EPOCH}


@pytest.mark.parametrize("code", sorted(code for code in CODES if code.startswith(("draw.", "fairness."))))
def test_every_code_says_the_same_in_both_languages(code: str) -> None:
    english, chinese = CODES[code].texts["en"], CODES[code].texts["zh-Hans"]
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese))
