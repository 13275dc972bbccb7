"""`festoon proofs`: what members handed in and somebody has to look at."""

import asyncio
import getpass
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.errors import FestoonError, Refused
from festoon.cli.database import database, on_connection
from festoon.cli.terminal import WRONG, fail, out, say_json
from festoon.engine.outcome import Outcome
from festoon.engine.priority import first_served
from festoon.engine.reload import load_program
from festoon.engine.reviews import MOST, OpenProof, open_proofs, reviewing
from festoon.intake.judging import Judgement
from festoon.intake.operating import operate
from festoon.store.pool import connect

app = typer.Typer(help="Proofs: list, approve, reject.", no_args_is_help=True)

Member = Annotated[str, typer.Argument(help="the member")]
Mechanic = Annotated[str, typer.Argument(help="whose proof it is, as campaign/mechanic")]
Proof = Annotated[str, typer.Argument(help="the proof, as `festoon proofs list` shows it")]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]


@app.command("list")
def list_command(
    campaign: Annotated[str | None, typer.Option(help="only of this campaign")] = None,
    priority: Annotated[
        bool, typer.Option("--priority", help="only of members with priority support")
    ] = False,
    limit: Annotated[int, typer.Option(help="how many", min=1, max=MOST)] = 50,
    as_json: AsJson = False,
) -> None:
    """List proofs that wait, those that have to be decided first before the others.

    Example: `festoon proofs list --campaign spring`
    """

    async def go(connection: asyncpg.Connection) -> list[OpenProof]:
        program = await load_program(connection)
        owners, first = reviewing(program, campaign), first_served(program)
        return await open_proofs(
            connection, owners, limit=limit, first=first, only=first if priority else None
        )

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table("member", "mechanic", "proof", "day", "picture", "decides itself")
    for each in found:
        table.add_row(
            _who(each), f"{each.campaign}/{each.mechanic}", each.proof, each.day.isoformat(), each.photo,
            "" if each.due is None else f"{each.due:%Y-%m-%d %H:%M}",
        )  # fmt: skip
    out.print(table if found else "nothing waits")


@app.command("approve")
def approve_command(member: Member, mechanic: Mechanic, proof: Proof, as_json: AsJson = False) -> None:
    """Let a proof count. Exit code 1 when it has been decided already.

    Example: `festoon proofs approve li-hua spring/photo pr-7`
    """
    _judge(member, mechanic, proof, "", as_json)


@app.command("reject")
def reject_command(
    member: Member,
    mechanic: Mechanic,
    proof: Proof,
    reason: Annotated[str, typer.Option(help="why not; the member reads it")],
    as_json: AsJson = False,
) -> None:
    """Turn a proof down. Exit code 1 when it has been decided already.

    Example: `festoon proofs reject li-hua spring/photo pr-7 --reason "the face cannot be seen"`
    """
    _judge(member, mechanic, proof, reason, as_json)


def _judge(member: str, mechanic: str, proof: str, reason: str, as_json: bool) -> None:
    judged = Judgement(member, mechanic, proof, reason, f"shell:{getpass.getuser()}")

    async def go(dsn: str) -> Outcome:
        event = judged.event(wall())
        outcome = await operate(dsn, event.id, event.type, member, dict(event.data))
        connection = await connect(dsn)
        try:
            await judged.note(connection, wall())
        finally:
            await connection.close()
        return outcome

    with database() as dsn:
        try:
            outcome = asyncio.run(go(dsn))
        except Refused as no:
            fail(no, as_json=as_json, code=WRONG)
        except FestoonError as error:
            fail(error, as_json=as_json)
    if as_json:
        say_json(outcome)
    else:
        out.print("rejected" if reason else "approved")


def _who(each: OpenProof) -> str:
    return f"{each.member} (priority)" if each.priority else each.member
