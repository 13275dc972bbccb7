"""`festoon members`: import files, and merge two accounts of one person; the rest is in `member_acts.py` and
`consents.py`."""

import asyncio
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from festoon.cli import consents, member_acts
from festoon.cli.database import database
from festoon.cli.events import AsJson, FactsOption, MapOption, import_file
from festoon.cli.signing import KeyOption, signer
from festoon.cli.terminal import failures, out, say_json
from festoon.engine.merging import MERGE
from festoon.engine.outcome import Outcome
from festoon.intake.operating import operate
from festoon.store.pool import connect

app = typer.Typer(help="Members: find, look at, adjust, block, erase, merge, import.", no_args_is_help=True)
member_acts.register(app)
consents.register(app)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV, NDJSON or Parquet")],
    map: MapOption,
    dry_run: Annotated[bool, typer.Option(help="only look")] = False,
    skip_bad: Annotated[bool, typer.Option(help="leave rows out that do not fit, and go on")] = False,
    facts: FactsOption = None,
    as_json: AsJson = False,
) -> None:
    """Import members with their profiles; the map's type is `member.imported`, so no registration gift fires.

    Example: `festoon members import members.csv --map members.map.yaml`
    """
    import_file(file, map, facts, dry_run=dry_run, skip_bad=skip_bad, as_json=as_json)


@app.command("merge")
def merge_command(
    keep: Annotated[str, typer.Argument(help="the member who stays")],
    other: Annotated[str, typer.Argument(help="the account that becomes part of him")],
    reason: Annotated[str, typer.Option(help="how it is known that both are one person")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Make two accounts of one person one. Asked for again, it says that they are one already.

    Example: `festoon members merge m-1001 m-2002 --reason "the same phone number"`
    """
    with failures(as_json=as_json), database() as dsn:
        outcome = asyncio.run(_merge(dsn, keep, other, reason, key))
    note = next((made.note for made in outcome.mechanics), {})
    over: list[str] = note.get("over_limit", [])
    twice: dict[str, list[str]] = note.get("twice", {})
    back = [
        {"mechanic": made.mechanic, "taken": made.taken, "lost": made.note.get("lost", {})}
        for made in outcome.mechanics
        if "merged" in made.note
    ]
    if as_json:
        say_json({"member": keep, "merged": other, "over_limit": over, "twice": twice, "taken_back": back})
        return
    out.print(f"{other} is {keep} from now on", highlight=False)
    for mechanic in over:
        what = ", ".join(twice.get(mechanic, ())) or "it"
        out.print(f"  [yellow]over its limit[/] {mechanic}: both had been given {what}", highlight=False)
    for each in back:
        said = f"{_listed(each['taken'])} taken back" + (
            f", {_listed(each['lost'])} gone" * bool(each["lost"])
        )
        out.print(f"  {each['mechanic']}: both had been given it; {said}", highlight=False)


def _listed(amounts: Any) -> str:
    return ", ".join(f"{amount} × {asset}" for asset, amount in amounts.items()) or "nothing"


async def _merge(dsn: str, keep: str, other: str, reason: str, key: str) -> Outcome:
    connection = await connect(dsn)
    try:
        actor = await signer(connection, key, "events:operate")
    finally:
        await connection.close()
    data: dict[str, object] = {"member": other, "reason": reason, "made_by": actor}
    return await operate(dsn, f"merge/{uuid4()}", MERGE, keep, data)
