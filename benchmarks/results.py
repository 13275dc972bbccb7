"""The table on the screen and the page with the results."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.effort import Effort
from benchmarks.rounds import Check, Findings, Ratio

COLUMNS = ("", "work", "ours", "against", "theirs", "ratio: min", "median", "max", "goal", "met")


def show(console: Console, findings: Findings) -> None:
    """Print what was found."""
    print_table(console, COLUMNS, rows(findings))
    for note in findings.notes:
        console.print(note, highlight=False)


def print_table(console: Console, head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    table = Table(*head)
    for line in lines:
        table.add_row(*line)
    console.print(table)


def rows(findings: Findings) -> list[tuple[str, ...]]:
    """The lines of the table."""
    return [*map(_ratio, findings.ratios), *map(_check, findings.checks)]


def _ratio(found: Ratio) -> tuple[str, ...]:
    low, middle, high = min(found.ratios), found.ratio, max(found.ratios)
    sign = "≥" if found.sense == "at least" else "≤"
    return (
        found.id, found.work, _figure(found.ours, found.unit), found.against, _figure(found.theirs, found.unit),
        f"{low:.2f}", f"{middle:.2f}", f"{high:.2f}", f"{sign} {found.goal:g}", "yes" if found.met else "no",
    )  # fmt: skip


def _check(found: Check) -> tuple[str, ...]:
    return (found.id, found.what, found.found, "", "", "", "", "", found.goal, "yes" if found.met else "no")


def _figure(values: Sequence[float], unit: str) -> str:
    middle = sorted(values)[len(values) // 2]
    return f"{middle:,.0f} {unit}"


def write(path: Path, findings: Findings, effort: Effort, machine: dict[str, str], now: datetime) -> None:
    """Write the page."""
    taken = (
        f"Taken on {now:%Y-%m-%d %H:%M} UTC by `python -m benchmarks`: {effort.rounds} rounds with turns of"
        f" {effort.seconds:g} s, the sides one after the other on one PostgreSQL with `fsync` and `synchronous_commit`"
        " on. Figures are medians; only the ratios mean anything elsewhere. A ratio is taken round by round."
    )
    lines = [
        "# Results",
        "",
        taken,
        "",
        *_markdown(COLUMNS, rows(findings)),
        "",
        *(f"- {note}" for note in findings.notes),
        "",
        "## The machine",
        "",
        *_markdown(("what", ""), list(machine.items())),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _markdown(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(row)} |" for row in body)]
