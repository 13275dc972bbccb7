"""The reference page of figures, written from the figures themselves.

`python -m festoon.insight.page > docs/reference/figures.md` writes it anew.
"""

import sys
import textwrap
from collections.abc import Iterator

from festoon.base.vocabulary.activity import NOT_ACTIVITY
from festoon.insight import wording
from festoon.insight.benefits.advice import BEHIND, FEW, HARDLY, LEFT_OVER, UNSPENT, USED_UP
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


_BENEFITS = """
## What each benefit is worth

Over everything that a campaign gave, whenever that was.
[The evaluation](../explanation/evaluation.md#what-is-each-benefit-worth) says what uplift rests on.

| figure | formula |
|---|---|
{figures}

What members spent is compared, unless the plan's goals are about orders or activity and none about money.

| advice | when |
|---|---|
"""
_OF_A_BENEFIT = {
    "given 发放次数": "how often it was given; a mechanic of the plan that never gave it is listed with none",
    "members 会员数": "distinct members who were given it",
    "share of the audience 目标会员占比": "members who were given it ÷ members the campaign was for and who were"
    " active in it, or were given anything",
    "used 已使用": "coupons that were used, gifts that were sent (shipped or received); not counted of anything else",
    "lapsed 已失效": "what lapsed unused, and gifts that were cancelled",
    "taken back 已收回": "units of an asset, or things, that a mechanic or a compensation took back",
    "actual 已发生": "what it cost: of coupons and gifts when they are used or received, of the rest when it is given;"
    " less what came back to the line",
    "reserved 已承诺": "what coupons and gifts that are still open, or on their way, will cost if they are used",
    "cost per member 人均成本": "(actual + reserved) ÷ members who were given it",
    "uptake 获得情况": "the same of the members of one segment (who were in it at some time of the campaign) or level"
    " (the last one)",
    "uplift 增量": "the difference a member between the two sides of the comparison × members of the first side; of"
    " benefits that share a hold-out × members who got it ÷ the sum of that over all of them",
    "return 回报": "uplift ÷ (actual + reserved); arm against arm: ÷ what the arms with more of it cost more",
}
_ADVICE = {
    "benefit.below_cost": "measured by itself, in money: the whole interval of the return lies below 1",
    "campaign.below_cost": "the same of all benefits that share a hold-out, together",
    "benefit.hardly_used": "given at least {few} times; used less than {hardly} of them; the campaign is over, or half"
    " of them are used or lapsed",
    "benefit.hardly_sent": "the same of a gift",
    "stock.ran_out": "a stock was gone before the campaign's last day and stayed gone",
    "stock.left_over": "over, and of a stock of at least {few} more than {left_over} is left",
    "benefit.never_given": "half of the campaign is over and a mechanic that could have given it never did",
    "group.left_out": "of at least {few} members of a segment or level, less than {behind} of the audience's share got"
    " anything",
    "line.used_up": "{used_up} of a budget line that pays for benefits was used before the campaign's last day",
    "line.unspent": "over, and less than {unspent} of a budget line that pays for benefits was used",
    "benefit.paid_off": "measured by itself, in money: the whole interval of the return lies above 1",
    "campaign.paid_off": "the same of all benefits that share a hold-out, together",
    "uplift.shared": "several benefits share one hold-out",
    "uplift.no_comparison": "no hold-out and no experiment measures a benefit",
    "uplift.cannot_tell": "there are too few members on a side to conclude anything",
    "uplift.too_small_to_see": "a hold-out was kept and no difference was found",
}
"""By code, when a rule of `benefits/advice.py` says something."""


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
            _BENEFITS.format(figures="\n".join(f"| {name} | {how} |" for name, how in _OF_A_BENEFIT.items())),
            "\n".join(_advice()),
            "\n",
        )
    )


def _advice() -> Iterator[str]:
    parts = {
        "hardly": HARDLY, "left_over": LEFT_OVER, "behind": BEHIND, "used_up": USED_UP, "unspent": UNSPENT,
    }  # fmt: skip
    shown = {name: wording.share(part, 0) for name, part in parts.items()}
    for code, when in _ADVICE.items():
        yield f"| `{code}` | {when.format(few=FEW, **shown)} |"


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
