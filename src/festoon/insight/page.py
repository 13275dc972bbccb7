"""The reference page of figures, written from the figures themselves.

`python -m festoon.insight.page > docs/reference/figures.md` writes it anew.
"""

import sys
import textwrap
from collections.abc import Iterator

from festoon.base.vocabulary.activity import NOT_ACTIVITY
from festoon.insight.compare import ENOUGH, MEASURES
from festoon.insight.figures import FIGURES
from festoon.insight.results import Figure
from festoon.insight.spend import BURN_DAYS
from festoon.plan.goals import METRICS

_INTRODUCTION = """\
# Figures

What the usual figures mean, to the letter. Each is a function over [the facts](../explanation/facts.md), the formula
here stands beside its number in every report, and the ones marked *goal* can be named by a plan's `goals`. This page
is written by `python -m festoon.insight.page`.

```python
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from festoon.insight.facts import Facts
from festoon.insight.figures import FIGURES
from festoon.insight.scope import Scope, Window

march = Window(datetime(2027, 2, 28, 16, tzinfo=UTC), datetime(2027, 3, 31, 16, tzinfo=UTC))
scope = Scope(march, ZoneInfo("Asia/Shanghai"), campaign="spring", currency="CNY")
print(FIGURES["order_value"].number(Facts.reading(Path("facts")), scope).value)  # in fen; None without orders
```

## What holds for all of them

- **A window** goes from its first instant up to, and without, its last. The *span* of a formula is the window.
- **Days**, weeks (from Monday) and months are those of the campaign's time zone, whatever the machine's is.
- **When**: things count on the day they happened (`time`), money on the day it was booked (`now`).
- **Active** is a member on a day when at least one event of his own doing happened. These are not his own doing:
  {not_activity}.
- **Who**: in reports and goals, members who are held out do not count.
- **Money** is in the smallest unit of the campaign's currency until it is printed. Orders in another currency are not
  added up.
- **Ratios** keep both sides as whole numbers. A ratio over nothing is no number, and not zero.

## The figures

"""

_REST = """
## Budget lines

Read off the transfers between a line's three accounts, so that they agree with the books to the last unit.

| figure | formula |
|---|---|
| spent 已发生 | what went to `<campaign>/cost/<line>`, less what came back |
| committed 已承诺 | what went to `<campaign>/committed/<line>`, less what was used or lapsed |
| given back 已退回 | what returned to the line: coupons that lapsed, costs taken back |
| left 剩余 | the line's amount − spent − committed |
| burn 消耗速度 | what was spent and committed over the last {burn} days of the campaign ÷ those days |
| forecast 预测 | spent + committed + burn × days to the campaign's end, never more than the line |
| runs out 预计用完 | the day on which that would use the line up, if it comes before the end |
| cost per participant | (spent + committed) ÷ participants |
| stock left | what was put on the shelf − what was given + what came back, at each day's end |

## What is compared

With the hold-out, and before with after. See [the evaluation](../explanation/evaluation.md) for how, and for what it
cannot say. Sides with fewer than {enough} members allow no conclusion.

| measure | | a member |
|---|---|---|
"""


def page() -> str:
    """The whole page, as Markdown."""
    types = ", ".join(f"`{type_}`" for type_ in NOT_ACTIVITY)
    listed = "\n  ".join(textwrap.wrap(types, 110, break_on_hyphens=False))
    return "".join(
        (
            _INTRODUCTION.replace("{not_activity}", listed),
            "\n".join(_figures()),
            _REST.replace("{burn}", str(BURN_DAYS)).replace("{enough}", str(ENOUGH)),
            "\n".join(_measures()),
            "\n",
        )
    )


def _figures() -> Iterator[str]:
    yield "| id | | 中文 | formula |"
    yield "|---|---|---|---|"
    for figure in FIGURES.values():
        mark = " *goal*" if figure.id in METRICS else ""
        yield f"| `{figure.id}`{mark} | {figure.title['en']} | {figure.title['zh-Hans']} | {_formula(figure)} |"
    yield ""


def _formula(figure: Figure) -> str:
    return f"{figure.formula['en']}<br>{figure.formula['zh-Hans']}"


def _measures() -> Iterator[str]:
    for measure in MEASURES:
        over = (
            f"{measure.top} ÷ {measure.bottom} of all members"
            if measure.bottom
            else f"{measure.top} of each member"
        )
        yield f"| {measure.title['en']} | {measure.title['zh-Hans']} | {over} |"


if __name__ == "__main__":
    sys.stdout.write(page())
