"""The result of a back-test that was asked for, and two of them side by side, on the terminal."""

from rich.table import Table

from festoon.base.counting import counted
from festoon.cli.backtests import show_coverage
from festoon.cli.terminal import language, out
from festoon.engine.backtest import Interval
from festoon.insight.backtests.difference import Difference, Pair
from festoon.insight.backtests.result import Result, Texts
from festoon.insight.jobs.jobs import Job
from festoon.insight.reasons import reason_of
from festoon.plan.money import money

MOST_ROWS = 20


def show_result(found: Result, job: Job) -> None:
    """Print what came of a back-test."""
    out.rule(f"[bold]back-test {job.number} of {job.title}")
    out.print(counted(
        f"{found.events:,} event(s), {found.reached.middle:,} of {found.members:,} member(s) reached, "
        f"{found.seeds} seed(s); nothing was granted"
    ))  # fmt: skip
    for name in found.lists_empty:
        out.print(f"[bold yellow]assumed:[/] the uploaded list of the segment '{name}' is empty")
    show_coverage(found.cut_short, missed=found.missed)
    _costs(found)
    _given(found)
    if found.run_outs:
        table = Table("stock or line", "in seeds", "earliest (UTC)", "latest (UTC)", title="what runs out")
        for each in found.run_outs:
            table.add_row(
                _of(each.title), f"{each.seeds} of {found.seeds}",
                f"{each.earliest:%Y-%m-%d %H:%M}", f"{each.latest:%Y-%m-%d %H:%M}",
            )  # fmt: skip
        out.print(table)
    if found.reach:
        table = Table("who", "", "members", "reached", title="who is reached (first seed)")
        for one in found.reach[:MOST_ROWS]:
            table.add_row(one.field, one.value, f"{one.members:,}", f"{one.reached:,}")
        out.print(table)
    if found.refusals:
        table = Table("mechanic", "refusal", "times", title="refusals")
        for row in found.refusals[:MOST_ROWS]:
            table.add_row(_of(row.title), reason_of(row.code, "", language()).text, f"{row.times.middle:,}")
        out.print(table)


def _costs(found: Result) -> None:
    table = Table("budget line", "budget", "median", "90 % between", title="what it costs")
    for line in found.costs:
        table.add_row(
            _of(line.title),
            money(line.budget, found.currency),
            money(line.cost.middle, found.currency),
            f"{money(line.cost.low, found.currency)} – {money(line.cost.high, found.currency)}",
        )
    out.print(table)


def _given(found: Result) -> None:
    table = Table("mechanic", "what", "times", "90 % between", title="what would have been given")
    for row in found.given[:MOST_ROWS]:
        table.add_row(_of(row.title), _of(row.what), f"{row.times.middle:,}", _range(row.times))
    out.print(table)


def show_difference(found: Difference, first: int, second: int, places: int) -> None:
    """Print two back-tests side by side."""
    table = Table("figure", "", str(first), str(second), "difference")
    _row(table, "members reached", found.reached, 0)
    for pair in found.costs:
        _row(table, "cost", pair, places)
    for name, pairs in (
        ("given", found.given),
        ("members given something", found.taking_part),
        ("refused", found.refusals),
        ("seeds in which it runs out", found.run_outs),
    ):
        for pair in pairs[:MOST_ROWS]:
            _row(table, name, pair, 0)
    out.print(table)
    out.print("≈ the two ranges meet: the difference may be luck", style="dim")


def _row(table: Table, name: str, pair: Pair, places: int) -> None:
    named = " · ".join(_of(title) for title in pair.titles)
    if pair.code:
        named = f"{named}: {reason_of(pair.code, '', language()).text}"
    sign = "≈ " if pair.overlaps and pair.by else ""
    table.add_row(
        name, named, _units(pair.first.middle, places), _units(pair.second.middle, places),
        f"{sign}{_units(pair.by, places)}",
    )  # fmt: skip


def _units(amount: int, places: int) -> str:
    return f"{amount / 10**places:,.{places}f}"


def _range(spread: Interval) -> str:
    return f"{spread.low:,} – {spread.high:,}"


def _of(title: Texts) -> str:
    return title.get(language()) or title.get("en") or next(iter(title.values()), "")
