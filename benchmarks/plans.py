"""The plans that are measured."""

import re
from datetime import date, timedelta
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples" / "plans"
DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
STARTS = re.compile(r"^schedule: .*?\bstart: ([\d-]+)", re.MULTILINE)

STOCK = 1_000_000_000
"""Enough that nothing runs out: what is measured is the row that everybody changes, not its end."""
SCARCE = 20
"""How many there are of every third prize of the draw."""
DECLARED = """
events:
  {}:
    title: An order of the market
    data:
      type: object
      required: [order, amount, currency]
      properties: {{order: {{type: string}}, amount: {{type: integer, minimum: 0}}, currency: {{type: string}}}}
      examples: [{{order: o-1, amount: 100, currency: CNY}}]
"""


def _head(campaign: str, today: date) -> str:
    start, end = today - timedelta(days=10), today + timedelta(days=30)
    return f"""
festoon: 1
campaign: {campaign}
title: {{en: {campaign}}}
timezone: Asia/Shanghai
schedule: {{start: {start}, end: {end}}}
budget: {{currency: CNY, lines: {{prizes: 1000000000}}}}
"""


def three_match(today: date, on: str = "order.paid", asset: str = "points") -> str:
    """Three mechanics that every order concerns: points at the budget's cost, a task, and a gift out of one stock that
    all members share. Each event changes one account, three rows of progress, the stock, the budget and the issuer.

    `on` may be a type that nobody else listens to; the plan declares it then. An `asset` of its own follows no
    rule that other plans make for points.
    """
    return (
        _head("bench", today)
        + ("" if on == "order.paid" else DECLARED.format(on))
        + f"""
assets: {{{asset}: {{cost: 0.01, line: prizes}}}}
mechanics:
  spend: {{kind: earn, on: {on}, asset: {asset}, per: 100, give: 1}}
  shopping: {{kind: task, on: {on}, count: 1000000, give: [{{asset: {asset}, amount: 10}}]}}
  thanks: {{kind: gift, on: {on}, give: [{{asset: {asset}, amount: 5}}], limits: {{total: {STOCK}}}}}
"""
    )


def live_besides(count: int, today: date) -> list[str]:
    """`count` mechanics that run beside and do not match: half wait for another type of event, half for orders of a
    store of their own. At most a hundred to a campaign."""
    kinds = (
        "  m{0}: {{kind: gift, on: content.published, give: [{{points: 1}}]}}",
        "  m{0}: {{kind: gift, on: order.paid, when: event.store == 'store-{0}', give: [{{points: 1}}]}}",
    )
    mechanics = [kinds[number % 2].format(number) for number in range(count)]
    return [
        "\n".join([_head(f"beside-{start // 100}", today), "mechanics:", *mechanics[start : start + 100]])
        for start in range(0, count, 100)
    ]


def hundred_prizes(today: date) -> str:
    """A draw of a hundred prizes, a third of them so few that they run out."""
    prizes = "\n".join(
        f"      - {{id: p{number}, weight: {100 + number}, stock: {SCARCE if number % 3 == 0 else 1_000_000},"
        f" give: {{points: {number + 1}}}}}"
        for number in range(100)
    )
    return (
        _head("bench", today)
        + f"""
mechanics:
  lucky-draw:
    kind: draw
    chances: {{free: {{per: day, count: 1000000}}}}
    prizes:
{prizes}
    nothing: 5000
    sold_out: nothing
"""
    )


def example(name: str, start: date) -> str:
    """A plan of `examples/plans`, all its dates moved so that it starts on another day."""
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    found = STARTS.search(text)
    assert found is not None, name
    by = start - date.fromisoformat(found[1])
    return DAY.sub(lambda day: (date.fromisoformat(day[0]) + by).isoformat(), text)


def examples(today: date) -> list[str]:
    """All of them, running since a week."""
    return [example(file.stem, today - timedelta(days=7)) for file in sorted(EXAMPLES.glob("*.yaml"))]
