"""`festoon draw`: record public randomness, reveal seeds, publish plays, verify."""

import getpass
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.counting import counted
from festoon.cli.database import on_connection
from festoon.cli.terminal import WRONG, err, failures, language, out, progress, say_json
from festoon.engine.draw_records import Winner, export, export_tickets, winners
from festoon.engine.draws import record_randomness, reveal
from festoon.mechanics.draw_verify import Verdict, verify_file
from festoon.mechanics.grand_verify import verify_grand
from festoon.mechanics.packet_verify import of_a_pool, verify_packets

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

    async def go(connection: asyncpg.Connection) -> None:
        await record_randomness(
            connection, campaign, mechanic, epoch, value, wall(), f"shell:{getpass.getuser()}"
        )

    on_connection(go)
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

    async def go(connection: asyncpg.Connection) -> dict[str, str]:
        return await reveal(connection, campaign, mechanic, epoch, wall(), f"shell:{getpass.getuser()}")

    found = on_connection(go, as_json=as_json)
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
    """Write an epoch's record as NDJSON, to be published: plays, tries at red packets, or a grand draw's winners.

    Example: `festoon draw export spring lucky-draw campaign plays.ndjson`
    """

    async def go(connection: asyncpg.Connection) -> int:
        return await export(connection, campaign, mechanic, epoch, file)

    plays = on_connection(go)
    out.print(f"{plays:,} lines in {file}")


@app.command("tickets")
def tickets_command(
    campaign: CampaignId,
    mechanic: DrawId,
    file: Annotated[Path, typer.Argument(help="the file to write")],
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Write the tickets of a grand draw as they were frozen, a line `member,tickets` each, and say their SHA-256.

    Example: `festoon draw tickets spring grand tickets.csv`
    """

    async def go(connection: asyncpg.Connection) -> str:
        return await export_tickets(connection, campaign, mechanic, file)

    digest = on_connection(go, as_json=as_json)
    if as_json:
        say_json({"file": str(file), "sha256": digest})
    else:
        out.print(digest, highlight=False)


@app.command("winners")
def winners_command(
    campaign: CampaignId,
    mechanic: DrawId,
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """List the winners of a grand draw, and whether each has got his prize.

    Example: `festoon draw winners spring grand`
    """

    async def go(connection: asyncpg.Connection) -> list[Winner]:
        return await winners(connection, campaign, mechanic)

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table("place", "prize", "member", "number", "ticket", "")
    for won in found:
        table.add_row(str(won.place), won.prize, won.subject, str(won.member), str(won.ticket), won.state)
    out.print(table)


Record = Annotated[
    Path,
    typer.Argument(help="the published record (NDJSON) of a draw or a pool", exists=True, dir_okay=False),
]
Tickets = Annotated[
    Path | None, typer.Option(help="of a grand draw: the frozen tickets", exists=True, dir_okay=False)
]


@app.command("verify")
def verify_command(
    file: Record,
    seed: Annotated[str, typer.Option(help="the revealed seed, 64 hexadecimal digits")],
    commitment: Annotated[str, typer.Option(help="the SHA-256 that was published before the epoch")],
    public: Annotated[str, typer.Option(help="the public value the seed was mixed with")] = "",
    earlier: Annotated[list[Path] | None, typer.Option(help="files of the epochs before, in order")] = None,
    tickets: Tickets = None,
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Replay what was drawn from the revealed seed: every roll, every prize, every ordinal. Needs no database.

    The record says itself whether it is of draws, of red packets or of a grand draw (which also needs `--tickets`).

    Example: `festoon draw verify plays.ndjson --seed 9f… --commitment 31…`
    """
    with failures(as_json=as_json), progress() as bars:
        task = bars.add_task("replaying", total=file.stat().st_size)
        if tickets is not None:
            verdict = verify_grand(file, tickets, seed, public, commitment)
        elif of_a_pool(file):
            verdict = verify_packets(file, seed, public, commitment, earlier or ())
        else:
            verdict = verify_file(
                file,
                seed,
                public,
                commitment,
                lambda done, _: bars.update(task, completed=done),
                earlier or (),
            )
    _say(verdict, as_json=as_json)
    raise typer.Exit(0 if verdict.holds else WRONG)


def _say(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        say_json({"holds": verdict.holds, "verdict": verdict})
    elif verdict.holds:
        out.print(
            counted(f"[bold green]holds[/]: {verdict.plays:,} line(s) replayed, every one as published")
        )
    else:
        found = counted(f"{verdict.found:,} finding(s) in {verdict.plays:,} line(s)")
        out.print(f"[bold red]does not hold[/]: {found}")
        for finding in verdict.findings:
            out.print(f"  {finding.text(language())}", highlight=False)
        err.print("a finding is a place to look: the line of the file, and what does not follow", style="dim")
