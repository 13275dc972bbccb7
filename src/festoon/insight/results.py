"""What figures come to. Counts and amounts stay whole numbers; a ratio keeps both of its sides."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from festoon.insight.facts import Facts
from festoon.insight.scope import Scope
from festoon.plan.goals import METRICS, Unit

Every = Literal["week", "month"]


class Number(Struct, frozen=True):
    """One number: `top`, or `top / bottom`."""

    top: int
    bottom: int | None = None

    @property
    def value(self) -> float | None:
        """The number, or None for a ratio over nothing."""
        if self.bottom is None:
            return self.top
        return self.top / self.bottom if self.bottom else None


class Daily(Struct, frozen=True):
    """Whole numbers by local day; every series is as long as `days`."""

    days: tuple[date, ...]
    series: Mapping[str, tuple[int, ...]]


class Row(Struct, frozen=True):
    """One row of a breakdown: what it is about, and its numbers by name."""

    key: tuple[str, ...]
    numbers: Mapping[str, int]
    note: str = ""


class Rows(Struct, frozen=True):
    """A breakdown, largest first."""

    rows: tuple[Row, ...]


class Cohort(Struct, frozen=True):
    """Those who began in one period: how many, and how many of them were active in each later one.

    `kept[0]` is the period itself; periods that are not over yet are left out.
    """

    start: date
    size: int
    kept: tuple[int, ...]


class Cohorts(Struct, frozen=True):
    """Cohorts by week (from Monday) or month, earliest first."""

    every: Every
    cohorts: tuple[Cohort, ...]


Result = Number | Daily | Rows | Cohorts


class Figure(Struct, frozen=True):
    """One of the usual figures, with what it is called and how it is worked out, in every language."""

    id: str
    unit: Unit
    title: Mapping[str, str]
    formula: Mapping[str, str]
    compute: Callable[[Facts, Scope], Result]

    def number(self, facts: Facts, scope: Scope) -> Number:
        """The figure as one number. Raises TypeError for a figure that is none."""
        found = self.compute(facts, scope)
        if not isinstance(found, Number):
            raise TypeError(f"{self.id} is not one number")
        return found


def metric(id: str, title: str, formula: str, compute: Callable[[Facts, Scope], Result]) -> Figure:
    """The figure behind a metric that plans set goals in. Its words are the metric's own; `title` and
    `formula` are those in Traditional Chinese."""
    known = METRICS[id]
    return Figure(
        id,
        known.unit,
        {**known.title, "zh-Hant": title},
        {**known.formula, "zh-Hant": formula},
        compute,
    )


def said(en: str, hans: str, hant: str) -> dict[str, str]:
    """A text in English, Simplified and Traditional Chinese."""
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant}
