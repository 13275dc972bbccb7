"""The charts of a report. Each takes plain numbers and gives a `Chart`; legends and titles are the page's."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import altair as alt
from msgspec import Struct

from festoon.insight.results import Cohort, Cohorts, Daily
from festoon.insight.theme import (
    BLUE,
    DASHES,
    GREEN,
    GREY,
    INK,
    NARROW,
    PALETTE,
    VERMILION,
    WIDE,
    Chart,
    Drawing,
    Entry,
    day_axis,
    number_axis,
    rendered,
)

Draw = Callable[[int], Drawing]


class Bar(Struct, frozen=True):
    """One bar: what it is called, how long it is, and the text at its end."""

    label: str
    value: float
    text: str


class Interval(Struct, frozen=True):
    """One estimate with its bounds, all as parts (0.03 is 3 %), and the text beside it."""

    label: str
    value: float
    low: float
    high: float
    text: str
    colour: str


def lines(name: str, daily: Daily, labels: Mapping[str, str], language: str, text: str) -> Chart:
    """Whole numbers by day, one line for each series that `labels` names, on one axis."""
    styles = {id: (PALETTE[n], DASHES[n]) for n, id in enumerate(labels)}
    rows = [
        {"day": day.isoformat(), "id": id, "n": daily.series[id][at]}
        for id in labels
        for at, day in enumerate(daily.days)
    ]
    legend = [Entry(labels[id], *styles[id]) for id in labels]

    def draw(width: int) -> Drawing:
        return _by_day(rows, daily.days, styles, width, language, number_axis())

    return _both(draw, name, language, text, legend)


def stock(
    name: str, days: Sequence[date], left: Mapping[str, Sequence[float]], language: str, text: str
) -> Chart:
    """What part of each stock was left at each day's end."""
    styles = dict(zip(left, cycle(zip(PALETTE, DASHES, strict=True)), strict=False))
    rows = [
        {"day": day.isoformat(), "id": id, "n": parts[at]}
        for id, parts in left.items()
        for at, day in enumerate(days)
    ]
    legend = [Entry(id, *styles[id]) for id in left]

    def draw(width: int) -> Drawing:
        axis = number_axis(".0%")
        return _by_day(rows, days, styles, width, language, axis, step=True, top=1)

    return _both(draw, name, language, text, legend)


class Spend(Struct, frozen=True):
    """A budget line's course in units of money people use, by day; `forecast` is what the end will have
    used."""

    days: Sequence[date]
    actual: Sequence[float]
    used: Sequence[float]
    limit: float
    end: date
    forecast: float | None


def spend(name: str, course: Spend, labels: Mapping[str, str], language: str, text: str) -> Chart:
    """Actual and committed cost of one line, day by day, against its limit, with the forecast to the end."""
    rows = [
        {"day": day.isoformat(), "id": id, "n": values[at]}
        for id, values in (("actual", course.actual), ("used", course.used))
        for at, day in enumerate(course.days)
    ]
    ahead = []
    if course.forecast is not None and course.days and course.end > course.days[-1]:
        ahead = [
            {"day": course.days[-1].isoformat(), "n": course.used[-1]},
            {"day": course.end.isoformat(), "n": course.forecast},
        ]
    legend = [
        Entry(labels["actual"], BLUE, shape="area"),
        Entry(labels["used"], BLUE, DASHES[1]),
        Entry(labels["limit"], VERMILION, DASHES[0]),
    ]
    if ahead:
        legend.append(Entry(labels["forecast"], GREY, DASHES[2]))

    span = _through(course.days, course.end) if ahead else course.days

    def draw(width: int) -> Drawing:
        size = width // 2 if width > NARROW else width
        x = alt.X("day:T", axis=day_axis(span, size, language), scale=alt.Scale(type="utc"))
        y = alt.Y("n:Q", axis=number_axis(",.0f"), scale=alt.Scale(domainMin=0))
        data = _over("rows")
        layers = [
            data.transform_filter("datum.id == 'actual'")
            .mark_area(color=BLUE, opacity=0.3, line=False)
            .encode(x, y),
            data.transform_filter("datum.id == 'used'")
            .mark_line(color=BLUE, strokeWidth=2, strokeDash=list(DASHES[1]))
            .encode(x, y),
            _over("limit").mark_rule(color=VERMILION, strokeWidth=2).encode(alt.Y("n:Q")),
        ]
        if ahead:
            layers.append(
                _over("ahead").mark_line(color=GREY, strokeWidth=2, strokeDash=list(DASHES[2])).encode(x, y)
            )
        tables: dict[str, Sequence[Mapping[str, Any]]] = {
            "rows": rows,
            "limit": [{"n": course.limit}],
            "ahead": ahead,
        }
        return Drawing(alt.layer(*layers).properties(width=size, height=150), tables)

    return _both(draw, name, language, text, legend)


def bars(name: str, rows: Sequence[Bar], language: str, text: str, colour: str = BLUE) -> Chart:
    """Horizontal bars with their names above them, which leaves long names room on a telephone."""
    values = [{"at": at, "label": bar.label, "n": bar.value, "text": bar.text} for at, bar in enumerate(rows)]
    most = max((bar.value for bar in rows), default=0) or 1

    def draw(width: int) -> Drawing:
        data = _over("rows")
        y = alt.Y("at:O", axis=None, scale=alt.Scale(paddingInner=0.62, paddingOuter=0.5))
        x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, most]))
        bar = data.mark_bar(color=colour, cornerRadiusEnd=2).encode(y=y, x=x)
        label = data.mark_text(align="left", baseline="bottom", dy=-9, color=INK).encode(
            y=y, x=alt.value(0), text="label:N"
        )
        number = data.mark_text(align="right", baseline="bottom", dy=-9, color=INK, fontWeight="bold").encode(
            y=y, x=alt.value(width), text="text:N"
        )
        chart = alt.layer(bar, label, number).properties(width=width, height=40 * max(len(rows), 1))
        return Drawing(chart, {"rows": values})

    return _both(draw, name, language, text)


def retention(name: str, found: Cohorts, language: str, text: str) -> Chart:
    """A cohort a row, with its size; a later period a column; the darker, the more came back. The latest cohorts."""

    def draw(width: int) -> Drawing:
        columns, rows = (6, 12) if width <= NARROW else (13, 16)
        kept = found.cohorts[-rows:]
        names = {cohort.start: _cohort_name(cohort, found.every, language) for cohort in kept}
        values = [
            {
                "cohort": names[cohort.start],
                "period": at,
                "part": number / cohort.size,
            }
            for cohort in kept
            for at, number in enumerate(cohort.kept[:columns])
        ]
        data = _over("rows")
        x = alt.X(
            "period:O", axis=alt.Axis(title=None, orient="top", labelAngle=0, domain=False, ticks=False)
        )
        y = alt.Y("cohort:N", sort=list(names.values()), axis=alt.Axis(title=None, domain=False, ticks=False))
        scale = alt.Scale(domain=[0, 1], range=["#e3eef7", "#0b4a78"])
        cell = data.mark_rect(stroke="transparent", strokeWidth=2).encode(
            x, y, color=alt.Color("part:Q", scale=scale, legend=None)
        )
        number = data.mark_text(fontSize=11).encode(
            x,
            y,
            text=alt.Text("part:Q", format=".0%"),
            color=alt.condition("datum.part > 0.45", alt.value("#ffffff"), alt.value("#102a3d")),
        )
        plot = width - 70
        chart = alt.layer(cell, number).properties(width=plot, height=26 * max(len(kept), 1))
        return Drawing(chart, {"rows": values})

    return _both(draw, name, language, text)


def bullet(
    name: str,
    result: float,
    target: float | None,
    baseline: float | None,
    colour: str,
    language: str,
    text: str,
) -> Chart:
    """A result as a bar against its target (a thick mark) and its baseline (a thin one)."""
    most = max(result, target or 0, baseline or 0, 0) * 1.08 or 1

    def draw(width: int) -> Drawing:
        x = alt.Scale(domain=[0, most])
        base = _over("rows")
        layers = [
            base.mark_bar(color=INK, opacity=0.1, height=22, cornerRadius=3).encode(
                x=alt.X("most:Q", scale=x, axis=None)
            ),
            base.mark_bar(color=colour, height=12, cornerRadiusEnd=2).encode(
                x=alt.X("n:Q", scale=x, axis=None)
            ),
        ]
        if baseline is not None:
            layers.append(
                base.mark_tick(color=GREY, thickness=2, size=22).encode(
                    x=alt.X("baseline:Q", scale=x, axis=None)
                )
            )
        if target is not None:
            layers.append(
                base.mark_tick(color=INK, thickness=3, size=26).encode(
                    x=alt.X("target:Q", scale=x, axis=None)
                )
            )
        row = {"n": result, "target": target, "baseline": baseline, "most": most}
        return Drawing(alt.layer(*layers).properties(width=min(width, 400), height=28), {"rows": [row]})

    return _both(draw, name, language, text)


def intervals(name: str, rows: Sequence[Interval], language: str, text: str) -> Chart:
    """Estimates with their intervals around zero: what an interval that crosses it cannot say is plain to
    see."""
    values = [
        {"at": at, "label": row.label, "n": row.value, "low": row.low, "high": row.high, "text": row.text,
         "colour": row.colour}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    reach = max((max(abs(row.low), abs(row.high)) for row in rows), default=0.0) * 1.05 or 0.01

    def draw(width: int) -> Drawing:
        data = _over("rows")
        y = alt.Y("at:O", axis=None, scale=alt.Scale(paddingInner=0.5, paddingOuter=0.5))
        axis = alt.Axis(
            title=None,
            labelExpr="datum.value ? format(datum.value, '+.0%') : '0'",
            tickCount=5,
            domain=False,
            ticks=False,
            labelFlush=True,
        )
        x = alt.X("low:Q", axis=axis, scale=alt.Scale(domain=[-reach, reach], nice=False))
        colour = alt.Color("colour:N", scale=None)
        zero = _over("zero").mark_rule(color=INK, strokeWidth=1.5).encode(x="n:Q")
        span = data.mark_rule(strokeWidth=4, strokeCap="round").encode(x=x, x2="high:Q", y=y, color=colour)
        point = data.mark_point(filled=True, size=110, opacity=1).encode(x="n:Q", y=y, color=colour)
        label = data.mark_text(align="left", baseline="bottom", dy=-9, color=INK).encode(
            y=y, x=alt.value(0), text="label:N"
        )
        number = data.mark_text(align="right", baseline="bottom", dy=-9, color=INK, fontWeight="bold").encode(
            y=y, x=alt.value(width), text="text:N"
        )
        chart = alt.layer(zero, span, point, label, number)
        chart = chart.properties(width=width, height=48 * max(len(rows), 1))
        return Drawing(chart, {"rows": values, "zero": [{"n": 0}]})

    return _both(draw, name, language, text)


def _by_day(
    rows: Sequence[Mapping[str, Any]],
    days: Sequence[date],
    styles: Mapping[str, tuple[str, tuple[int, ...]]],
    width: int,
    language: str,
    axis: alt.Axis,
    *,
    step: bool = False,
    top: float | None = None,
) -> Drawing:
    domain = {"domainMin": 0} if top is None else {"domain": [0, top]}
    chart = (
        _over("rows")
        .mark_line(strokeWidth=2, interpolate="step-after" if step else "monotone")
        .encode(
            x=alt.X("day:T", axis=day_axis(days, width, language), scale=alt.Scale(type="utc")),
            y=alt.Y("n:Q", axis=axis, scale=alt.Scale(**domain)),
            color=alt.Color(
                "id:N",
                legend=None,
                scale=alt.Scale(domain=list(styles), range=[style[0] for style in styles.values()]),
            ),
            strokeDash=alt.StrokeDash(
                "id:N",
                legend=None,
                scale=alt.Scale(domain=list(styles), range=[list(style[1]) for style in styles.values()]),
            ),
        )
        .properties(width=width, height=220 if width > NARROW else 170)
    )
    return Drawing(chart, {"rows": rows})


def _through(days: Sequence[date], end: date) -> list[date]:
    """Every day from the first of some to a later one."""
    return [days[0] + timedelta(days=n) for n in range((end - days[0]).days + 1)]


def _over(table: str) -> Any:
    return alt.Chart(alt.NamedData(name=table))


def _cohort_name(cohort: Cohort, every: str, language: str) -> str:
    start, size = cohort.start, f"{cohort.size:,}"
    if language == "en":
        return f"{start:%b %Y} · {size}" if every == "month" else f"{start.day} {start:%b} · {size}"
    day = f"{start.year}年{start.month}月" if every == "month" else f"{start.month}月{start.day}日"
    return f"{day} · {size}"


def _both(draw: Draw, name: str, language: str, text: str, legend: Sequence[Entry] = ()) -> Chart:
    return rendered(draw(WIDE), draw(NARROW), name=name, language=language, text=text, legend=legend)


GOOD, BAD, UNCLEAR = GREEN, VERMILION, GREY
