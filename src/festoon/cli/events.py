"""`festoon events import`: events of a file through the engine."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from festoon.audience.rehearsal import Refreshing
from festoon.base.errors import FestoonError
from festoon.cli.database import database
from festoon.cli.terminal import WRONG, err, fail, failures, language, out, progress, say_json
from festoon.intake.files import check_file, load_map, read_events
from festoon.intake.importing import import_events
from festoon.intake.rehearsal import Rehearsed
from festoon.store.home import data_home

app = typer.Typer(help="Events: import files.", no_args_is_help=True)

MapOption = Annotated[
    Path, typer.Option("--map", help="what the columns mean (YAML)", exists=True, dir_okay=False)
]
FactsOption = Annotated[
    Path | None, typer.Option("--facts", help="in a rehearsal: where facts are written, for its segments")
]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV, NDJSON or Parquet")],
    map: MapOption,
    dry_run: Annotated[bool, typer.Option(help="only look: how many events, and what does not fit")] = False,
    skip_bad: Annotated[bool, typer.Option(help="leave rows out that do not fit, and go on")] = False,
    facts: FactsOption = None,
    as_json: AsJson = False,
) -> None:
    """Import the events of a file. It can be run again: what went in before is recognised by its id.

    Example: `festoon events import orders.csv --map orders.map.yaml`
    """
    import_file(file, map, facts, dry_run=dry_run, skip_bad=skip_bad, as_json=as_json)


def import_file(
    file: Path, map: Path, facts: Path | None, *, dry_run: bool, skip_bad: bool, as_json: bool
) -> None:
    """The import behind `events import` and `members import`."""
    problems: list[FestoonError] = []
    with failures(as_json=as_json):
        wanted = load_map(map)
        if dry_run:
            _look(file, map, as_json)
            return
        with database() as dsn, progress() as bars:
            task = bars.add_task(file.name, total=None)
            done = Rehearsed(0, {}, {})  # type: ignore[arg-type]

            def heard(events: int, _at: object) -> None:
                done.events += events
                bars.update(task, advance=events)

            batches = read_events(file, wanted, on_problem=problems.append if skip_bad else None)
            try:
                schedule = Refreshing(dsn, facts or data_home() / "facts")
                result = asyncio.run(import_events(dsn, batches, heard, schedule))
            except FestoonError as error:
                err.print(
                    f"{done.events:,} events before it went in; correct the file and import it again",
                    style="yellow",
                )
                fail(error, as_json=as_json)
    _report(result, problems, as_json)
    raise typer.Exit(WRONG if problems or result.turned_away else 0)


def _look(file: Path, map: Path, as_json: bool) -> None:
    found = check_file(file, load_map(map))
    if as_json:
        shown = [problem.problem(language()) for problem in found.problems]
        say_json({"rows": found.rows, "events": found.events, "types": found.types, "problems": shown})
    else:
        out.print(f"{found.rows:,} rows, {found.events:,} events, from {found.first} to {found.last}")
        for type_, count in found.types.items():
            out.print(f"  {type_}: {count:,}")
        for problem in found.problems:
            out.print(f"[red]{problem.code}[/] {problem.text(language())}", highlight=False)
    raise typer.Exit(WRONG if found.problem_count or found.stopped else 0)


def _report(result: Rehearsed, problems: list[FestoonError], as_json: bool) -> None:
    if as_json:
        shown = [problem.problem(language()) for problem in problems]
        say_json(
            {
                "events": result.events,
                "kinds": result.kinds,
                "turned_away": result.turned_away,
                "problems": shown,
            }
        )
        return
    table = Table(show_header=False, box=None)
    table.add_row("events", f"{result.events:,}")
    names = {
        "new": "decided now",
        "again": "decided before",
        "conflict": "id used before with another body",
        "turned_away": "turned away",
    }
    for kind, count in result.kinds.items():
        table.add_row(names[kind], f"{count:,}")
    for code, count in result.turned_away.items():
        table.add_row(f"  {code}", f"{count:,}")
    out.print(table)
    for problem in problems[:20]:
        out.print(f"[red]{problem.code}[/] {problem.text(language())}", highlight=False)
    if len(problems) > 20:
        out.print(f"… and {len(problems) - 20:,} more rows that do not fit")
