"""A back-test on the terminal: costs with their interval, winners, run-outs, refusals, and what was assumed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.table import Table

from festoon.base.counting import counted
from festoon.cli.terminal import out
from festoon.engine.backtest import Backtest, Interval
from festoon.engine.population import Population
from festoon.plan.money import money

MOST_ROWS = 20


def show_backtest(found: Backtest) -> None:
    """Print a back-test."""
    first = found.first
    out.rule(f"[bold]back-test of {found.campaign}")
    out.print(counted(
        f"{first.events:,} event(s), {first.transfers:,} transfer(s), {first.reached:,} member(s) reached, "
        f"{len(found.runs)} seed(s); nothing was granted"
    ))  # fmt: skip
    out.print(_assumed(found), style="dim")
    for said in _segments(found):
        out.print(f"[bold yellow]assumed:[/] {said}", highlight=False)
    show_coverage(found.cut_short, missed=first.missed)
    out.print(_costs(found))
    out.print(_grants(found))
    if first.winners:
        out.print(_winners(found))
    if found.run_outs():
        out.print(_run_outs(found))
    if first.refusals:
        out.print(_refusals(found))


def show_rates(made: Population, never: Sequence[str]) -> None:
    """Print how often made-up members did what, and what the plan listens to that nobody did."""
    rates = ", ".join(f"{type_} {rate:f}" for type_, rate in made.rates)
    if rates:
        out.print(f"a day and member: {rates}", style="dim", highlight=False)
    if never:
        out.print(
            f"[bold yellow]nobody did:[/] {', '.join(never)}; say how often with --rate TYPE=NUMBER",
            highlight=False,
        )


def _assumed(found: Backtest) -> str:
    said = found.assumptions
    return (
        f"assumed: {said.plays:.0%} of draw chances used, {said.free_plays:.0%} of active days with a free draw, "
        f"{said.check_ins:.0%} with a check-in, {said.more_orders:.0%} more orders"
    )


def show_coverage(cut_short: datetime | None, *, missed: bool) -> None:
    """Say of a history that lies outside of the campaign, or ends before it does, what that leaves out."""
    if missed:
        out.print(
            "[bold yellow]outside:[/] nothing of the history lies between the campaign's warm-up and its end"
        )
    elif cut_short is not None:
        until = f"{cut_short.astimezone(UTC):%Y-%m-%d %H:%M} (UTC)"
        out.print(
            f"[bold yellow]in part:[/] the history ends before the campaign does; what comes due after {until} is not "
            "counted",
            highlight=False,
        )


def _segments(found: Backtest) -> Iterator[str]:
    """What the result takes for granted about segments, loudly: it may be wrong by everybody who is in them."""
    for name in found.lists_empty:
        yield f"the uploaded list of the segment '{name}' is empty; give it with --list {name}=FILE"
    for name in found.kept_by_platform:
        yield f"the segment '{name}', which the platform keeps, has whom the history's own events put in"


def _costs(found: Backtest) -> Table:
    table = Table(title="what it costs", title_justify="left")
    for name in ("budget line", "budget", "median", "90 % between", "used"):
        table.add_column(name, justify="left" if name == "budget line" else "right")
    for line, spread in found.costs().items():
        budget = found.budget[line]
        used = f"{100 * spread.middle / budget:.1f} %" if budget else "–"
        table.add_row(
            line,
            money(budget, found.currency),
            money(spread.middle, found.currency),
            _range(spread, found.currency),
            used,
        )
    return table


def _range(spread: Interval, currency: str) -> str:
    return f"{money(spread.low, currency)} – {money(spread.high, currency)}"


def _grants(found: Backtest) -> Table:
    table = Table(title="who would have been given what", title_justify="left")
    for name in ("mechanic", "what", "grants", "amount", "members in the mechanic"):
        table.add_column(name, justify="left" if name in ("mechanic", "what") else "right")
    first = found.first
    for thing, count in sorted(first.grants.items(), key=lambda row: -row[1])[:MOST_ROWS]:
        mechanic, kind, ref = thing.split(" ", 2)
        members = first.participants.get(mechanic, 0)
        table.add_row(
            _short(mechanic),
            f"{kind} {_short(ref)}",
            f"{count:,}",
            f"{first.amounts[thing]:,}",
            f"{members:,}",
        )
    return table


def _winners(found: Backtest) -> Table:
    table = Table(
        title=f"scarce prizes: the first of {len(found.first.winners)} winners (first seed)",
        title_justify="left",
    )
    for name in ("when (UTC)", "member", "prize", "mechanic"):
        table.add_column(name)
    for winner in found.first.winners[:MOST_ROWS]:
        table.add_row(
            f"{winner.at:%Y-%m-%d %H:%M}", winner.subject, _short(winner.ref), _short(winner.mechanic)
        )
    return table


def _run_outs(found: Backtest) -> Table:
    table = Table(title="what runs out", title_justify="left")
    for name in ("stock or line", "in seeds", "earliest (UTC)", "latest (UTC)"):
        table.add_column(name)
    for account, (seeds, earliest, latest) in found.run_outs().items():
        holder, _, asset = account.partition("|")
        name = _short(asset) if holder == "shelf" else _short(holder)
        table.add_row(
            name, f"{seeds} of {len(found.runs)}", f"{earliest:%Y-%m-%d %H:%M}", f"{latest:%Y-%m-%d %H:%M}"
        )
    return table


def _refusals(found: Backtest) -> Table:
    table = Table(title="refusals", title_justify="left")
    for name in ("mechanic", "code", "times"):
        table.add_column(name, justify="right" if name == "times" else "left")
    for why, count in sorted(found.first.refusals.items(), key=lambda row: -row[1])[:MOST_ROWS]:
        mechanic, code = why.split(" ", 1)
        table.add_row(_short(mechanic), code, f"{count:,}")
    return table


def _short(name: str) -> str:
    return name.partition("/")[2] or name
