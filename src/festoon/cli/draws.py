"""`festoon draw`: record public randomness, reveal seeds, publish plays, verify."""

import asyncio
import getpass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.cli.database import database
from festoon.cli.terminal import WRONG, err, failures, language, out, progress, say_json
from festoon.engine.draws import export_plays, record_randomness, reveal
from festoon.mechanics.draw_verify import verify_file
from festoon.store.pool import connect

app = typer.Typer(help="Draws: publish, reveal, verify.", no_args_is_help=True)

CampaignId = Annotated[str, typer.Argument(help="the campaign's id")]
DrawId = Annotated[str, typer.Argument(help="the id of the draw among the campaign's mechanics")]
Epoch = Annotated[
    str,
    typer.Argument(help="the epoch, as every play's outcome names it: `campaign`, or a month, week or day"),
]


@app.command("randomness")
def randomness_command(
    campaign: CampaignId,
    mechanic: DrawId,
    epoch: Epoch,
    value: Annotated[str, typer.Argument(help="the public value, exactly as it was published")],
) -> None:
    """Record the public value that an epoch named beforehand; until then its draws are not open.

    Example: `festoon draw randomness spring lucky-draw campaign "3,251.76"`
    """

    async def go(dsn: str) -> None:
        connection = await connect(dsn)
        await record_randomness(
            connection, campaign, mechanic, epoch, value, wall(), f"shell:{getpass.getuser()}"
        )
        await connection.close()

    with failures(), database() as dsn:
        asyncio.run(go(dsn))
    out.print(f"recorded; {campaign}/{mechanic} can be played in the epoch {epoch}")


@app.command("reveal")
def reveal_command(
    campaign: CampaignId,
    mechanic: DrawId,
    epoch: Epoch,
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Reveal the seed of an epoch that is over, so that anybody can replay its draws.

    Example: `festoon draw reveal spring lucky-draw campaign`
    """

    async def go(dsn: str) -> dict[str, str]:
        connection = await connect(dsn)
        found = await reveal(connection, campaign, mechanic, epoch, wall(), f"shell:{getpass.getuser()}")
        await connection.close()
        return found

    with failures(as_json=as_json), database() as dsn:
        found = asyncio.run(go(dsn))
    if as_json:
        say_json(found)
        return
    table = Table(show_header=False, box=None)
    for name, value in found.items():
        table.add_row(name, value)
    out.print(table)


@app.command("export")
def export_command(
    campaign: CampaignId,
    mechanic: DrawId,
    epoch: Epoch,
    file: Annotated[Path, typer.Argument(help="the file to write")],
) -> None:
    """Write an epoch's plays as NDJSON, one play a line, to be published.

    Example: `festoon draw export spring lucky-draw campaign plays.ndjson`
    """

    async def go(dsn: str) -> int:
        connection = await connect(dsn)
        plays = await export_plays(connection, campaign, mechanic, epoch, file)
        await connection.close()
        return plays

    with failures(), database() as dsn:
        plays = asyncio.run(go(dsn))
    out.print(f"{plays:,} plays in {file}")


@app.command("verify")
def verify_command(
    file: Annotated[Path, typer.Argument(help="the published plays (NDJSON)", exists=True, dir_okay=False)],
    seed: Annotated[str, typer.Option(help="the revealed seed, 64 hexadecimal digits")],
    commitment: Annotated[str, typer.Option(help="the SHA-256 that was published before the epoch")],
    public: Annotated[str, typer.Option(help="the public value the seed was mixed with")] = "",
    earlier: Annotated[list[Path] | None, typer.Option(help="files of the epochs before, in order")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Replay a finished epoch from its revealed seed: every roll, every prize, every ordinal. Needs no database.

    Example: `festoon draw verify plays.ndjson --seed 9f… --commitment 31…`
    """
    with failures(as_json=as_json), progress() as bars:
        task = bars.add_task("replaying", total=file.stat().st_size)
        verdict = verify_file(
            file,
            seed,
            public,
            commitment,
            lambda done, _: bars.update(task, completed=done),
            earlier or (),
        )
    if as_json:
        say_json({"holds": verdict.holds, "verdict": verdict})
    elif verdict.holds:
        out.print(f"[bold green]holds[/]: {verdict.plays:,} plays replayed, every one as published")
    else:
        out.print(f"[bold red]does not hold[/]: {verdict.found:,} finding(s) in {verdict.plays:,} plays")
        for finding in verdict.findings:
            out.print(f"  {finding.text(language())}", highlight=False)
        err.print("a finding is a place to look: the line of the file, and what does not follow", style="dim")
    raise typer.Exit(0 if verdict.holds else WRONG)
