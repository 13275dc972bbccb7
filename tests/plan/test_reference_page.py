"""The reference page: its fragments run, its tables are those of the source."""

import re
from functools import reduce
from itertools import accumulate

import msgspec
import pytest

from festoon.plan.check import check_plan
from festoon.plan.goals import METRICS
from festoon.plan.parse import read_plan
from festoon.plan.reference import PAGE, renewed
from festoon.plan.schema import Plan
from tests.plan.plans import ROOT, said

TEXT = (ROOT / "docs" / "reference" / PAGE).read_text()
_, SMALL, *FRAGMENTS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def sections(text: str) -> dict[str, str]:
    """The top-level sections of a plan, each with its lines."""
    found: dict[str, str] = {}
    for line in text.splitlines(keepends=True):
        if line[0] not in " \n":
            name = line.partition(":")[0]
        found[name] = found.get(name, "") + line
    return found


def grown(before: str, fragment: str) -> str:
    """A plan with the sections of a fragment added, or exchanged."""
    return "".join((sections(before) | sections(fragment)).values())


def test_the_small_plan_on_the_page_runs() -> None:
    assert read_plan(SMALL).campaign == "new-year-2027"


@pytest.mark.parametrize("text", list(accumulate(FRAGMENTS, grown, initial=SMALL))[1:])
def test_every_fragment_runs_with_those_before_it(text: str) -> None:
    assert said(check_plan(text).errors) == []


def test_together_they_are_a_plan_with_every_section() -> None:
    plan = read_plan(reduce(grown, FRAGMENTS, SMALL))
    shown = set(msgspec.to_builtins(plan)) | {"festoon"}
    assert shown == {field.name for field in msgspec.structs.fields(Plan)}


def test_the_tables_are_current() -> None:
    assert renewed(TEXT) == TEXT, "write them anew: python -m festoon.plan.reference docs/reference"


def test_every_metric_has_its_words_and_formula() -> None:
    for metric in METRICS.values():
        assert set(metric.title) == set(metric.formula) == {"en", "zh-Hans"}
        assert re.search(r"[\u4e00-\u9fff÷]", metric.title["zh-Hans"])
