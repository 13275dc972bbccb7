"""How charts look: colours that hold on white and on black and for colour-blind readers, text left to the
browser.

The hues are those of Okabe and Ito ("Color Universal Design", 2008), shifted until each has a contrast of
at least 3:1 on a white and on a dark page. Text, axes and grids take the page's own text colour.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import vl_convert
from msgspec import Struct

BLUE = "#2a7fba"
VERMILION = "#d55e00"
GREEN = "#00996f"
PURPLE = "#b5659a"
AMBER = "#a87a00"
GREY = "#808080"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, AMBER, GREY)
DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (3, 5), (1, 3))
"""A line has a dash of its own beside its colour, for print and for who sees no colours."""

INK = "currentColor"
WIDE, NARROW = 840, 320
"""Widths of the plotting area in CSS pixels: for a desk and for a telephone."""

_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial"
_HANS = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC'"
_HANT = "'PingFang TC', 'Microsoft JhengHei', 'Noto Sans CJK TC', 'Noto Sans TC'"
FONTS = {
    "en": f"{_SANS}, {_HANS}, sans-serif",
    "zh-Hans": f"{_SANS}, {_HANS}, sans-serif",
    "zh-Hant": f"{_SANS}, {_HANT}, sans-serif",
}
DAYS = {"en": "%-d %b", "zh-Hans": "%-m月%-d日", "zh-Hant": "%-m月%-d日"}
"""How an axis writes a day."""


class Entry(Struct, frozen=True):
    """One entry of a chart's legend, which the page writes beside it."""

    label: str
    colour: str
    dash: tuple[int, ...] = ()
    shape: str = "line"


class Chart(Struct, frozen=True):
    """A chart in two widths as SVG, its legend, and what it shows for who cannot see it."""

    wide: str
    narrow: str
    legend: tuple[Entry, ...]
    text: str


class Drawing(Struct, frozen=True):
    """A chart over named tables, kept beside it: rows inside a chart would be copied at every step."""

    chart: Any
    tables: Mapping[str, Sequence[Mapping[str, Any]]]


def rendered(
    wide: Drawing, narrow: Drawing, *, name: str, language: str, text: str,
    legend: Sequence[Entry] = (),
) -> Chart:  # fmt: skip
    """Both widths of a chart as SVG. `name` is unique on its page."""
    return Chart(_svg(wide, f"{name}-w", language), _svg(narrow, f"{name}-n", language), tuple(legend), text)


def day_axis(days: Sequence[date], width: int, language: str) -> alt.Axis:
    """A few days, evenly spread: the backend that measures text may not know the reader's font."""
    count = min(3 if width < WIDE else 6, len(days))
    steps = range(count)
    chosen = [days[round(step * (len(days) - 1) / max(count - 1, 1))] for step in steps]
    return alt.Axis(
        title=None,
        format=DAYS[language],
        grid=False,
        values=[alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in chosen],
        labelFlush=True,
        labelOverlap=False,
    )


def number_axis(format_: str = ",d", ticks: int = 4) -> alt.Axis:
    return alt.Axis(title=None, format=format_, tickCount=ticks, domain=False, ticks=False)


def _svg(drawing: Drawing, prefix: str, language: str) -> str:
    spec = _configured(drawing.chart, language).to_dict(validate=False)
    spec["datasets"] = drawing.tables
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return _own_ids(drawn, prefix)


def _configured(chart: Any, language: str) -> Any:
    return (
        chart.properties(background="transparent", padding=4)
        .configure(font=FONTS[language])
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            domainColor=INK,
            tickColor=INK,
            gridColor=INK,
            gridOpacity=0.14,
            domainOpacity=0.4,
            tickOpacity=0.4,
            labelFontSize=12,
            labelOpacity=0.8,
            titleFontWeight="normal",
        )
        .configure_text(fontSize=12)
    )


def _own_ids(drawn: str, prefix: str) -> str:
    """Give a drawing's ids a prefix, so that several can stand in one page."""
    return (
        drawn.replace(' id="', f' id="{prefix}-')
        .replace("url(#", f"url(#{prefix}-")
        .replace('href="#', f'href="#{prefix}-')
    )
