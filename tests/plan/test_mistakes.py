"""Every code of a plan is reached by a plan, and stands where the mistake stands."""

import re
from functools import cache

import pytest

from festoon.base.errors import CODES
from festoon.plan import codes_file, codes_learning, codes_pending, codes_plan, codes_segments
from festoon.plan.check import check_plan
from festoon.plan.codes_plan import UNKNOWN_NAME
from festoon.plan.sense import typed
from tests.plan.mistakes_file import MARK, Mistake
from tests.plan.mistakes_file import MISTAKES as IN_THE_FILE
from tests.plan.mistakes_learning import MISTAKES as IN_LEARNING
from tests.plan.mistakes_plan import MISTAKES as IN_THE_PLAN
from tests.plan.mistakes_segments import MISTAKES as IN_SEGMENTS
from tests.plan.plans import plan, said

DECLARED = {
    code
    for module in (codes_file, codes_pending, codes_plan, codes_segments, codes_learning, typed)
    for code in vars(module).values()
    if isinstance(code, str)
} & set(CODES)


checked = cache(check_plan)


def name(mistake: Mistake) -> str:
    return mistake[0]


def unmarked(text: str | bytes) -> tuple[str | bytes, int, int]:
    """The text without its mark, and the line and column where it stood."""
    if isinstance(text, bytes):
        before, _, after = text.partition(MARK.encode())
        lead = before.decode() if after else ""
        return before + after, lead.count("\n") + 1, len(lead) - lead.rfind("\n")
    lead, mark, rest = text.partition(MARK)
    line, column = lead.count("\n") + 1, len(lead) - lead.rfind("\n")
    return lead + rest, line if mark else 1, column if mark else 1


@pytest.mark.parametrize("mistake", IN_THE_FILE, ids=name)
def test_a_mistake_in_the_file_is_found_where_it_stands(mistake: Mistake) -> None:
    code, marked, path = mistake
    text, line, column = unmarked(marked)
    found = [problem for problem in checked(text).problems if problem.code == code]
    assert [(each.path, each.line, each.column) for each in found] == [(path, line, column)]


@pytest.mark.parametrize("mistake", [*IN_THE_PLAN, *IN_SEGMENTS, *IN_LEARNING], ids=name)
def test_a_mistake_in_the_plan_is_found_where_it_stands(mistake: Mistake) -> None:
    code, marked, path = mistake
    text, line, column = unmarked(marked)
    found = [problem for problem in checked(text).problems if problem.code == code]
    assert [(each.path, each.line, each.column) for each in found] == [(path, line, column)]


def test_every_code_is_reached() -> None:
    reached = {mistake[0] for mistake in (*IN_THE_FILE, *IN_THE_PLAN, *IN_SEGMENTS, *IN_LEARNING)}
    # Parameters that refuse their own values, see test_decode, and plans of another release, see test_reading.
    of_others = {codes_file.NOT_RIGHT, codes_plan.KIND_TOO_NEW}
    assert DECLARED - reached == of_others


@pytest.mark.parametrize("code", sorted(DECLARED))
def test_a_code_says_the_same_in_both_languages(code: str) -> None:
    known = CODES[code]
    english, chinese = known.texts["en"], known.texts["zh-Hans"]
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english))
    assert not known.todo or re.search(r"[\u4e00-\u9fff]", known.todo["zh-Hans"])


@pytest.mark.parametrize("mistake", [*IN_THE_FILE, *IN_THE_PLAN], ids=name)
def test_no_text_has_a_hole_where_a_datum_is_missing(mistake: Mistake) -> None:
    for problem in checked(unmarked(mistake[1])[0]).problems:
        for language in ("en", "zh-Hans", "zh-Hant"):
            for text in (problem.text(language), problem.todo(language)):
                assert not re.search(r"<\w+>", text), text


def test_the_small_plan_has_nothing_wrong() -> None:
    assert said(check_plan(plan()).problems) == []


def test_every_broken_line_of_a_reward_is_said_and_not_only_the_first() -> None:
    give = "[{coupon: ten-of}, {points: 200}, {badge: hero}]"
    mechanics = f"{{signup: {{kind: gift, on: member.registered, give: {give}, limits: {{per_member: 1}}}}}}"
    found = [each for each in check_plan(plan(mechanics=mechanics)).problems if each.severity == "error"]
    at = "mechanics.signup.give"
    assert said(found) == [(UNKNOWN_NAME, f"{at}[0].coupon"), (UNKNOWN_NAME, f"{at}[2].badge")]


def test_a_needed_key_that_is_misspelt_is_one_mistake() -> None:
    goals = "[{metric: retention_d7, target: 40%}, {metrik: new_members, target: 100}]"
    found = check_plan(plan(goals=goals)).problems
    assert said(found) == [(codes_file.UNKNOWN_KEY, "goals[1].metrik")]
    found = check_plan(plan(goals=goals.replace("metrik", "figure"))).problems
    assert said(found) == [(codes_file.MISSING_KEY, "goals[1]"), (codes_file.UNKNOWN_KEY, "goals[1].figure")]
