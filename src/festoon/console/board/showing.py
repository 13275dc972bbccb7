"""The live board as its page shows it: figures as text, bars in hundredths, the chart as Chart.js wants it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.console.templatetags.festoon import localized
from festoon.console.texts import say
from festoon.insight import wording
from festoon.insight.board.board import Board, LineNow, MechanicNow
from festoon.insight.board.counters import Span
from festoon.insight.board.goals import GoalNow
from festoon.insight.board.health import TypeHealth
from festoon.insight.board.standing import StockNow

LOW = 10
"""Per cent: what has less left than that is shown as running out."""
SLOW_SECONDS = 60
TONES = {"met": "good", "on_track": "info", "behind": "warn", "missed": "bad", "not_measured": "quiet"}
KINDS = {"planned": "quiet", "look": "warn", "misuse": "bad"}
OVER = frozenset({"settled", "archived"})
"""Phases in which nothing comes any more: what counts is what came altogether."""
STATES = {"missing": "bad", "late": "warn", "malformed": "bad"}


class Bar(Struct, frozen=True):
    """A name, a figure, how full a bar is in hundredths, and small print. `badge` is a text's key with its tone."""

    name: str
    figure: str
    part: float | None
    note: str = ""
    tone: str = ""
    badge: str = ""


class Figure(Struct, frozen=True):
    """A large figure with what it was in the same hour yesterday."""

    name: str
    figure: str
    note: str
    tone: str = ""


def shown(found: Board) -> dict[str, Any]:
    """Everything the board shows."""
    return {
        "board": found,
        "phase": f"board.phase_{found.phase}",
        "phase_tone": "info",
        "slow": found.behind_seconds > SLOW_SECONDS,
        "behind": wording.whole(found.behind_seconds),
        "figures": list(_figures(found)),
        "over": found.phase in OVER,
        "chart": _chart(found),
        "lines": [_line(line, found) for line in found.lines],
        "stocks": [_stock(stock) for stock in found.stocks],
        "funnel": _funnel(found),
        "mechanics": [_mechanic(each, found) for each in found.mechanics if each.looked.total],
        "reasons": list(_reasons(found)),
        "goals": [_goal(goal, found.currency) for goal in found.goals],
        "types": [_type(each) for each in found.health.types if each.state not in ("fine", "never")],
        "never": [(each.type, localized(each.title)) for each in found.health.types if each.state == "never"],
        "fine": sum(1 for each in found.health.types if each.state == "fine"),
        "turned_away": [
            Bar(localized(each.title), wording.whole(each.times.hour), None, _before(each.times),
                "quiet" if each.ours else "warn")
            for each in found.health.turned_away
        ],
    }  # fmt: skip


def _figures(found: Board) -> Iterable[Figure]:
    used = sum(line.actual + line.committed for line in found.lines)
    budget = sum(line.amount for line in found.lines)
    for now, in_all, span in (
        ("board.participants", "board.participants_in_all", found.participants),
        ("board.grants", "board.grants_in_all", found.grants),
        ("board.refused", "board.refused_in_all", found.refused),
        ("board.events", "board.events_in_all", found.events),
    ):
        if found.phase in OVER:
            yield Figure(str(say(in_all)), wording.whole(span.total), "")
        else:
            yield Figure(str(say(now)), wording.whole(span.today), _hour(span))
    if budget:
        part = 100 * used / budget
        yield Figure(
            str(say("board.used")),
            wording.share(used / budget),
            wording.money(used, found.currency),
            "bad" if part > 100 - LOW else "",
        )


def _hour(span: Span) -> str:
    """This hour, and by how much that is more than yesterday."""
    said = str(say("board.this_hour", times=wording.whole(span.hour), before=wording.whole(span.before)))
    change = span.change
    return said if change is None else f"{said} ({change:+d}\N{NO-BREAK SPACE}%)"


def _before(span: Span) -> str:
    return str(
        say("board.yesterday_today", before=wording.whole(span.before), today=wording.whole(span.today))
    )


def _reasons(found: Board) -> Iterable[Bar]:
    for each in found.reasons:
        over = found.phase in OVER
        figure, note = (each.times.total, "") if over else (each.times.hour, _before(each.times))
        if over or each.times.hour or each.times.today:
            yield Bar(
                localized(each.title),
                wording.whole(figure),
                None,
                note,
                KINDS[each.kind],
                f"board.kind_{each.kind}",
            )


def _line(line: LineNow, found: Board) -> Bar:
    used = line.actual + line.committed
    notes = [str(say("board.line_left", left=wording.money(line.remaining, found.currency)))]
    if found.phase not in OVER:
        notes.append(str(say("board.an_hour", spent=wording.money(line.spent.hour, found.currency))))
    if line.runs_out is not None:
        local = line.runs_out.astimezone(ZoneInfo(found.timezone))
        notes.append(str(say("board.runs_out", at=f"{local:%m-%d %H:%M}")))
    part = 100 * used / line.amount if line.amount else None
    low = line.amount > 0 and 100 * line.remaining < LOW * line.amount
    return Bar(
        localized(line.title),
        wording.money(used, found.currency),
        part,
        " · ".join(notes),
        "bad" if low or line.runs_out else "",
    )


def _stock(stock: StockNow) -> Bar:
    part = 100 * stock.left / stock.opening if stock.opening else None
    low = part is not None and part < LOW
    figure = f"{wording.whole(stock.left)} / {wording.whole(stock.opening)}"
    return Bar(localized(stock.title), figure, part, "", "bad" if low else "")


def _funnel(found: Board) -> list[Bar]:
    """How far members came, altogether."""
    whole = found.came.total
    return [
        Bar(
            str(say(key)),
            wording.whole(span.total),
            100 * span.total / whole if whole else 0.0,
            "" if found.phase in OVER else _hour(span),
        )
        for key, span in (
            ("board.came", found.came),
            ("board.took_part", found.participants),
            ("board.rewarded", found.rewarded),
        )
    ]


def _mechanic(each: MechanicNow, found: Board) -> Bar:
    """Of the events it looked at, those it gave something for."""
    figure = each.rewarded.total if found.phase in OVER else each.rewarded.hour
    steps = say(
        "board.steps",
        looked=wording.whole(each.looked.total),
        took=wording.whole(each.took.total),
        rewarded=wording.whole(each.rewarded.total),
        refused=wording.whole(each.refused.total),
    )
    part = 100 * each.rewarded.total / each.looked.total if each.looked.total else None
    return Bar(localized(each.title), wording.whole(figure), part, str(steps))


def _goal(goal: GoalNow, currency: str) -> Bar:
    said = [_value(value, goal.unit, currency) for value in (goal.result, goal.target)]
    percent = goal.percent
    return Bar(
        localized(goal.title),
        f"{said[0]} / {said[1]}",
        None if percent is None else float(min(percent, 100)),
        _note(goal, currency),
        TONES[goal.status],
        f"board.goal_{goal.status}",
    )  # fmt: skip


def _note(goal: GoalNow, currency: str) -> str:
    """Who measured it elsewhere and when, or what should be there by now."""
    if goal.measured is not None:
        return f"{goal.source} · {goal.measured:%Y-%m-%d}"
    return (
        ""
        if goal.expected is None
        else str(say("board.expected", expected=_value(goal.expected, goal.unit, currency)))
    )


def _value(value: float | None, unit: str, currency: str) -> str:
    if value is None:
        return wording.NONE
    if unit == "money":
        return wording.round_money(value, currency)
    if unit == "share":
        return wording.share(value)
    return wording.whole(value)


def _type(each: TypeHealth) -> Bar:
    note = say(
        "board.type_note",
        before=wording.whole(each.came.before),
        late=wording.whole(each.late.hour),
        malformed=wording.whole(each.malformed.hour),
    )
    title = localized(each.title)
    return Bar(
        each.type if title == each.type else f"{title} · {each.type}",
        wording.whole(each.came.hour),
        None,
        str(note),
        STATES[each.state],
        f"board.type_{each.state}",
    )


def _chart(found: Board) -> dict[str, Any]:
    """How often members took part in each of the last sixty minutes, and a day before."""
    at = found.at.astimezone(ZoneInfo(found.timezone))
    labels = [f"{at - timedelta(minutes=59 - minute):%H:%M}" for minute in range(60)]
    return {
        "type": "line",
        "data": {
            "labels": labels,
            "datasets": [
                _curve("board.now", found.minutes, "--series-2", 2),
                _curve("board.yesterday", found.minutes_before, "--series-1", 1),
            ],
        },
        "options": {
            "animation": False,
            "scales": {"y": {"beginAtZero": True, "ticks": {"precision": 0}}},
            "interaction": {"mode": "index", "intersect": False},
        },
    }


def _curve(key: str, values: list[int], colour: str, width: int) -> dict[str, Any]:
    return {
        "label": str(say(key)),
        "data": values,
        "borderColor": colour,
        "backgroundColor": colour,
        "borderWidth": width,
        "pointRadius": 0,
        "tension": 0.2,
    }
