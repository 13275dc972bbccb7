import re

from festoon.insight.figures import FIGURES
from festoon.insight.page import page
from festoon.plan.goals import METRICS
from tests.docs.pages import text_of

PAGE = "docs/reference/figures.md"


def test_the_page_of_figures_is_current() -> None:
    assert text_of(PAGE) == page(), f"write it anew: python -m festoon.insight.page > {PAGE}"


def test_every_figure_and_every_metric_of_a_goal_is_on_the_page() -> None:
    listed = re.findall(r"^\| `([a-z0-9_]+)`( \*goal\*)? \|", page(), re.MULTILINE)
    assert {id for id, _ in listed} == set(FIGURES)
    assert {id for id, goal in listed if goal} == set(METRICS)
