"""What a back-test came to, as its page shows it: figures as text, and charts as Chart.js wants them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from festoon.console.templatetags.festoon import localized
from festoon.console.texts import language, say
from festoon.engine.backtest import Interval
from festoon.engine.reach import Reach
from festoon.insight import wording
from festoon.insight.backtests.asked import Asked, Facts, File, MadeUp
from festoon.insight.backtests.difference import Difference, Pair
from festoon.insight.backtests.result import Result, StockLeft
from festoon.insight.reasons import reason_of

MOST_LINES = 5
"""As many curves as can be told apart."""
MOST_ROWS = 40
KNOWN_FIELDS = ("joined", "segment", "level")
NO_GROUPS = ("language", "timezone")
KNOWN_VALUES = ("new", "earlier", "unknown", "true", "false")


class Row(Struct, frozen=True):
    """A line of a table: names, then figures as text. `share` is of a hundred, for a bar."""

    names: tuple[str, ...]
    figures: tuple[str, ...]
    share: float | None = None
    tone: str = ""


class Group(Struct, frozen=True):
    """Members by one field: what it is called, and a row for each of its values."""

    title: str
    ours: bool
    rows: list[Row]


def shown_question(asked: Asked) -> dict[str, Any]:
    """What was asked, in words."""
    history = asked.history
    said = asked.assumptions
    shares = {name: wording.share(getattr(said, name), 0) for name in said.__struct_fields__}
    return {"history": _history(history), "assumed": say("backtests.assumed", **shares), "seeds": asked.seeds}


def _history(history: Facts | File | MadeUp) -> str:
    if isinstance(history, MadeUp):
        return str(say("backtests.on_made_up", members=f"{history.members:,}", days=history.days))
    if isinstance(history, Facts):
        said = [str(say("backtests.on_facts"))]
    else:
        said = [str(say("backtests.on_file", name=history.name))]
    if history.since is not None or history.until is not None:
        said.append(str(say("backtests.on_days", since=_plain(history.since), until=_plain(history.until))))
    if history.onto is not None:
        said.append(str(say("backtests.on_onto", onto=_plain(history.onto))))
    return " ".join(said)


def _plain(day: date | None) -> str:
    return "…" if day is None else day.isoformat()


def shown_result(found: Result) -> dict[str, Any]:
    """Everything the page of a result shows."""
    used = sum(line.budget for line in found.costs)
    return {
        "found": found,
        "cost": wording.money(found.cost, found.currency),
        "used": wording.share(found.cost / used) if used else wording.NONE,
        "reached": wording.whole(found.reached.middle),
        "of_members": wording.share(found.reached.middle / found.members) if found.members else wording.NONE,
        "costs": [
            Row(
                (localized(line.title),),
                (
                    wording.money(line.budget, found.currency),
                    wording.money(line.cost.middle, found.currency),
                    _money_range(line.cost, found.currency),
                ),
                min(100.0, 100 * line.cost.middle / line.budget) if line.budget else None,
                "bad" if line.cost.high >= line.budget > 0 else "",
            )
            for line in found.costs
        ],
        "cost_chart": _cost_chart(found) if found.costs else None,
        "stock_chart": _left_chart(found.days, _curves(found.stocks)) if found.stocks else None,
        "budget_chart": _left_chart(
            found.days,
            [(localized(line.title), line.budget, line.left) for line in found.costs if line.budget],
        ),
        "given": [
            Row(
                (localized(row.title), localized(row.what)),
                (_middle(row.times), _range(row.times), _middle(row.amount)),
            )
            for row in found.given[:MOST_ROWS]
        ],
        "taking_part": [
            Row(
                (localized(row.title),),
                (_middle(row.members), _range(row.members)),
                _of(row.members.middle, found.members),
            )
            for row in found.taking_part
        ],
        "stocks": [_stock(stock) for stock in found.stocks],
        "refusals": [
            Row(
                (localized(row.title), reason_of(row.code, "", language()).text),
                (_middle(row.times), _range(row.times)),
            )
            for row in found.refusals[:MOST_ROWS]
        ],
        "run_outs": found.run_outs,
        "groups": _groups(found.reach),
    }


def _stock(stock: StockLeft) -> Row:
    left = stock.middle[-1] if stock.middle else stock.opening
    spread = (stock.low[-1], stock.high[-1]) if stock.middle else (left, left)
    return Row(
        (localized(stock.title),),
        (wording.whole(stock.opening), wording.whole(left), f"{spread[0]:,} – {spread[1]:,}"),
        100 * left / stock.opening if stock.opening else None,
    )


def _groups(reach: Iterable[Reach]) -> list[Group]:
    groups: dict[str, list[Row]] = {}
    for one in reach:
        if one.field in NO_GROUPS:
            continue
        value = str(say(f"backtests.value_{one.value}")) if one.value in KNOWN_VALUES else one.value
        figures = wording.whole(one.members), wording.whole(one.reached)
        groups.setdefault(one.field, []).append(Row((value,), figures, _of(one.reached, one.members)))
    return [
        Group(
            str(say(f"backtests.field_{field}")) if field in KNOWN_FIELDS else field,
            field in KNOWN_FIELDS and field != "segment",
            rows[:MOST_ROWS],
        )
        for field, rows in groups.items()
        if len(rows) > 1 or field in KNOWN_FIELDS
    ]


def _cost_chart(found: Result) -> dict[str, Any]:
    """A bar for the median of each line, and one for its range over the seeds."""
    unit = 10**found.places
    return {
        "type": "bar",
        "data": {
            "labels": [localized(line.title) for line in found.costs],
            "datasets": [
                _bars("backtests.median", [line.cost.middle / unit for line in found.costs], "--series-1"),
                _bars(
                    "backtests.range",
                    [[line.cost.low / unit, line.cost.high / unit] for line in found.costs],
                    "--series-2",
                ),
            ],
        },
        "options": {"indexAxis": "y", "scales": {"x": {"beginAtZero": True}}},
    }


def _bars(key: str, values: Sequence[Any], colour: str) -> dict[str, Any]:
    return {"label": str(say(key)), "data": list(values), "backgroundColor": colour, "minBarLength": 3}


def _curves(stocks: Iterable[StockLeft]) -> list[tuple[str, int, list[int]]]:
    """The stocks that lose the most, as a part of what was put in."""
    found = [(localized(stock.title), stock.opening, stock.middle) for stock in stocks if stock.opening]
    return sorted(found, key=lambda each: (each[2][-1] if each[2] else each[1]) / each[1])[:MOST_LINES]


def _left_chart(days: Sequence[date], curves: Sequence[tuple[str, int, list[int]]]) -> dict[str, Any] | None:
    """What is left by day, in per cent of what there was."""
    if not days or not curves:
        return None
    return {
        "type": "line",
        "data": {
            "labels": [f"{day:%m-%d}" for day in days],
            "datasets": [
                {
                    "label": title,
                    "data": [100 * value / opening for value in left],
                    "borderColor": f"--series-{place}",
                    "backgroundColor": f"--series-{place}",
                    "pointRadius": 0,
                    "borderWidth": 2,
                    "tension": 0,
                }
                for place, (title, opening, left) in enumerate(curves[:MOST_LINES], 1)
            ],
        },
        "options": {
            "scales": {
                "y": {"beginAtZero": True, "suggestedMax": 100, "title": {"display": True, "text": "%"}}
            },
            "interaction": {"mode": "index", "intersect": False},
        },
    }


def shown_difference(found: Difference, places: int, second: Result) -> dict[str, Any]:
    """Two results as tables: names, the one, the other, how much more."""

    def rows(pairs: Iterable[Pair], currency: str = "") -> list[Row]:
        return [_pair(pair, currency) for pair in pairs]

    unit = 10**places
    chart = {
        "type": "bar",
        "data": {
            "labels": [localized(pair.titles[0]) for pair in found.costs],
            "datasets": [
                {
                    "label": str(say(key)),
                    "data": [getattr(pair, name).middle / unit for pair in found.costs],
                    "backgroundColor": colour,
                    "minBarLength": 3,
                }
                for key, name, colour in (
                    ("backtests.the_first", "first", "--series-1"),
                    ("backtests.the_second", "second", "--series-2"),
                )
            ],
        },
        "options": {"indexAxis": "y", "scales": {"x": {"beginAtZero": True}}},
    }
    return {
        "chart": chart if found.costs else None,
        "reached": rows([found.reached]),
        "costs": rows(found.costs, found.currency),
        "given": rows(found.given[:MOST_ROWS]),
        "taking_part": rows(found.taking_part),
        "refusals": rows(found.refusals[:MOST_ROWS]),
        "run_outs": rows(found.run_outs),
        "currency": found.currency,
        "seeds": second.seeds,
    }


def _pair(pair: Pair, currency: str) -> Row:
    def said(amount: int) -> str:
        return wording.money(amount, currency) if currency else wording.whole(amount)

    names = [localized(title) for title in pair.titles]
    if pair.code:
        names.append(reason_of(pair.code, "", language()).text)
    more = f"+{said(pair.by)}" if pair.by > 0 else said(pair.by)
    by = "=" if not pair.by else f"≈ {more}" if pair.overlaps else more
    return Row(tuple(names), (said(pair.first.middle), said(pair.second.middle), by))


def _of(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _middle(spread: Interval) -> str:
    return wording.whole(spread.middle)


def _range(spread: Interval) -> str:
    return f"{spread.low:,} – {spread.high:,}"


def _money_range(spread: Interval, currency: str) -> str:
    return f"{wording.money(spread.low, currency)} – {wording.money(spread.high, currency)}"
