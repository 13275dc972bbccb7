"""Two back-tests side by side: for every figure, what the one says, what the other says, and how much that differs."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from festoon.engine.backtest import Interval
from festoon.insight.backtests.result import Result

Texts = Mapping[str, str]
NOTHING = Interval(0, 0, 0)


class Pair(Struct, frozen=True):
    """A figure of both. `titles` name it, from the whole to its part: a mechanic, then what it gave."""

    titles: list[Texts]
    code: str
    first: Interval
    second: Interval

    @property
    def by(self) -> int:
        """How much more the second says, in the middle."""
        return self.second.middle - self.first.middle

    @property
    def overlaps(self) -> bool:
        """Whether the intervals meet, so that the difference may be luck."""
        return self.first.low <= self.second.high and self.second.low <= self.first.high


class Difference(Struct, frozen=True):
    """Two results, figure by figure; what one of them lacks is nothing there. Costs are in smallest units of
    `currency`; two currencies are not compared, and then there are none."""

    currency: str
    reached: Pair
    costs: list[Pair]
    given: list[Pair]
    taking_part: list[Pair]
    refusals: list[Pair]
    run_outs: list[Pair]
    """In how many seeds each stock and line runs out."""


Row = tuple[str, list[Texts], str, Interval]
"""What is compared: a key, its titles, its code, and the figure."""


def difference(first: Result, second: Result) -> Difference:
    """What the second says otherwise than the first."""

    def pairs(rows: Callable[[Result], Iterable[Row]]) -> list[Pair]:
        return _pairs(list(rows(first)), list(rows(second)))

    same = first.currency == second.currency
    return Difference(
        first.currency if same else "",
        Pair([], "", first.reached, second.reached),
        pairs(_costs) if same else [],
        pairs(_given),
        pairs(_taking_part),
        pairs(_refusals),
        pairs(_run_outs),
    )


def _pairs(first: list[Row], second: list[Row]) -> list[Pair]:
    before, after = {row[0]: row for row in first}, {row[0]: row for row in second}
    found = []
    for key in dict.fromkeys((*before, *after)):
        _, titles, code, _ = after.get(key) or before[key]
        was = before[key][3] if key in before else NOTHING
        found.append(Pair(titles, code, was, after[key][3] if key in after else NOTHING))
    return found


def _costs(of: Result) -> Iterable[Row]:
    return ((line.name, [line.title], "", line.cost) for line in of.costs)


def _given(of: Result) -> Iterable[Row]:
    return (
        (f"{row.mechanic} {row.kind} {row.ref}", [row.title, row.what], "", row.times) for row in of.given
    )


def _taking_part(of: Result) -> Iterable[Row]:
    return ((row.mechanic, [row.title], "", row.members) for row in of.taking_part)


def _refusals(of: Result) -> Iterable[Row]:
    return ((f"{row.mechanic} {row.code}", [row.title], row.code, row.times) for row in of.refusals)


def _run_outs(of: Result) -> Iterable[Row]:
    return ((row.name, [row.title], "", Interval(row.seeds, row.seeds, row.seeds)) for row in of.run_outs)
