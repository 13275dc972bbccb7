"""The demo's plan: a reader of any language meets no id and no other language."""

from collections.abc import Iterator

import pytest

from festoon.base.errors import LANGUAGES
from festoon.demo.run import plan_text
from festoon.plan.parse import read_plan
from festoon.plan.values import Text

PLAN = read_plan(plan_text())


def titles() -> Iterator[tuple[str, Text | None]]:
    """What is shown to people, by its path in the plan."""
    yield "title", PLAN.title
    yield "background", PLAN.background
    for name, line in PLAN.budget.lines.items():
        yield f"budget.lines.{name}", getattr(line, "title", None)
    for section in ("coupons", "badges", "gifts", "mechanics"):
        for name, thing in getattr(PLAN, section).items():
            yield f"{section}.{name}", thing.title


@pytest.mark.parametrize(("path", "title"), list(titles()))
def test_everything_that_is_shown_has_a_title_in_every_language(path: str, title: Text | None) -> None:
    assert isinstance(title, dict), path
    assert set(title) == set(LANGUAGES)
    assert all(title.values())
