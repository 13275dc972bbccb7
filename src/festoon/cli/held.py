"""`festoon held`: rewards that wait for somebody to look at them."""

import asyncio
import getpass
from typing import Annotated

import typer
from rich.table import Table

from festoon.base.errors import FestoonError, Refused
from festoon.cli.database import database
from festoon.cli.terminal import WRONG, fail, failures, out, say_json
from festoon.engine.aside import RISK
from festoon.engine.held import NOT_HELD
from festoon.engine.held_list import Held, held
from festoon.engine.outcome import Given, Outcome
from festoon.engine.priority import first_served
from festoon.engine.reload import load_program
from festoon.intake.operating import operate
from festoon.store.pool import connect

app = typer.Typer(help="Held rewards: list, release, void.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]
HoldId = Annotated[str, typer.Argument(help="the held reward, as `festoon held list` shows it")]
Reason = Annotated[str, typer.Option(help="why; kept in the journal and the audit trail")]
ToMember = Annotated[
    str, typer.Option("--answer", help="what the member is told; needed to turn an appeal down")
]


@app.command("list")
def list_command(
    campaign: Annotated[str | None, typer.Option(help="only of this campaign")] = None,
    member: Annotated[str | None, typer.Option(help="only of this member")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="also what waits for a verdict on a proof or a photo")
    ] = False,
    priority: Annotated[
        bool, typer.Option("--priority", help="only of members with priority support")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List rewards that are held because a member is at risk, oldest first, with his score and the rules behind it.

    Example: `festoon held list --campaign spring`
    """
    with failures(as_json=as_json), database() as dsn:
        found = asyncio.run(_listed(dsn, campaign, member, None if every else RISK))
        found = [each for each in found if each.priority or not priority]
    if as_json:
        say_json(found)
        return
    table = Table("held", "member", "mechanic", "since", "what", "score", "rules", "lapses", "appeal")
    for each in found:
        table.add_row(
            each.id, _who(each), each.mechanic, f"{each.since:%Y-%m-%d %H:%M}", _what(each.given),
            "" if each.score is None else str(each.score), ", ".join(each.rules),
            "" if each.lapses is None else f"{each.lapses:%Y-%m-%d %H:%M}", each.appeal,
        )  # fmt: skip
    out.print(table if found else "nothing is held")


@app.command("release")
def release_command(hold: HoldId, reason: Reason, answer: ToMember = "", as_json: AsJson = False) -> None:
    """Give a held reward to its member after all. Exit code 1 when it has been decided already.

    Example: `festoon held release 9f2c41d07be3a85516c0d2e4 --reason "a family of four"`
    """
    outcome = _decide("grant.released", hold, reason, answer, as_json)
    given = [each for made in outcome.mechanics for each in made.given]
    _say(outcome, f"released: {_what(given)}", as_json)


@app.command("void")
def void_command(hold: HoldId, reason: Reason, answer: ToMember = "", as_json: AsJson = False) -> None:
    """Do not give a held reward: its budget, stock and place go back. Exit code 1 when it has been decided already.

    Example: `festoon held void 9f2c41d07be3a85516c0d2e4 --reason "one person with many accounts"`
    """
    _say(_decide("grant.voided", hold, reason, answer, as_json), "voided", as_json)


def _decide(type_: str, hold: str, reason: str, answer: str, as_json: bool) -> Outcome:
    actor = f"shell:{getpass.getuser()}"

    async def go(dsn: str) -> Outcome:
        found = await _found(dsn, hold)
        if not found:
            raise Refused(NOT_HELD, hold=hold)
        data: dict[str, object] = {"hold": hold, "reason": reason, "decided_by": actor}
        if answer:
            data["answer"] = answer
        return await operate(dsn, f"{type_}/{hold}/{actor}", type_, found[0].member, data)

    with database() as dsn:
        try:
            return asyncio.run(go(dsn))
        except Refused as no:
            fail(no, as_json=as_json, code=WRONG)
        except FestoonError as error:
            fail(error, as_json=as_json)


async def _listed(dsn: str, campaign: str | None, member: str | None, why: str | None) -> list[Held]:
    connection = await connect(dsn)
    try:
        first = first_served(await load_program(connection))
        return await held(connection, campaign=campaign, member=member, why=why, first=first)
    finally:
        await connection.close()


async def _found(dsn: str, id: str) -> list[Held]:
    connection = await connect(dsn)
    try:
        return await held(connection, id=id)
    finally:
        await connection.close()


def _what(given: tuple[Given, ...] | list[Given]) -> str:
    return ", ".join(f"{each.amount} × {each.ref}" for each in given) or "nothing"


def _say(outcome: Outcome, said: str, as_json: bool) -> None:
    if as_json:
        say_json(outcome)
    else:
        out.print(said, highlight=False)


def _who(each: Held) -> str:
    return f"{each.member} (priority)" if each.priority else each.member
