"""`festoon members`: import and look."""

from pathlib import Path
from typing import Annotated

import typer

from festoon.cli.events import AsJson, MapOption, import_file

app = typer.Typer(help="Members: import files.", no_args_is_help=True)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV, NDJSON or Parquet")],
    map: MapOption,
    dry_run: Annotated[bool, typer.Option(help="only look")] = False,
    skip_bad: Annotated[bool, typer.Option(help="leave rows out that do not fit, and go on")] = False,
    as_json: AsJson = False,
) -> None:
    """Import members with their profiles; the map's type is `member.imported`, so no registration gift fires.

    Example: `festoon members import members.csv --map members.map.yaml`
    """
    import_file(file, map, dry_run=dry_run, skip_bad=skip_bad, as_json=as_json)
