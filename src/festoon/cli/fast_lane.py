"""`festoon plan more`, `sign-more`, `pause-one` and `resume-one`: changes to what runs that take no plan file."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.errors import Invalid
from festoon.cli.database import on_connection
from festoon.cli.signing import AsJson, CampaignId, KeyOption, signer
from festoon.cli.terminal import err, failures, out, say_json
from festoon.engine.amendments import Amendment, ask_for_more, can_have_more, sign_more
from festoon.engine.pausing import pause_mechanic, resume_mechanic
from festoon.plan.more import NOTHING, Amendable

Mechanic = Annotated[str, typer.Argument(help="the mechanic's id in the plan")]


def more_command(
    campaign: CampaignId,
    add: Annotated[
        list[str] | None, typer.Option(help="path=how much; without it, say what can have more")
    ] = None,
    reason: Annotated[str, typer.Option(help="why; who signs reads it")] = "",
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Ask for more stock or more budget (快速追加); another has to sign. It becomes the next version of the plan.

    Example: `festoon plan more spring --add budget.lines.prizes=500 --reason "twice as many came"`
    """
    with failures(as_json=as_json):
        adds = dict(map(_add, add or ()))

    async def go(connection: asyncpg.Connection) -> Amendment | list[Amendable]:
        if not adds:
            return await can_have_more(connection, campaign)
        maker = await signer(connection, key, "plan:make")
        return await ask_for_more(connection, campaign, adds, reason, maker, wall())

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
    elif isinstance(found, Amendment):
        out.print(f"{campaign}@{found.version} asks for more", highlight=False)
        err.print(
            f"next: another signs it: festoon plan sign-more {campaign} --version {found.version}",
            style="dim",
        )
    else:
        table = Table("path", "what", "kind", "now")
        for each in found:
            table.add_row(each.path, each.name, each.kind, f"{each.now:f}")
        out.print(table)


def _add(said: str) -> tuple[str, Decimal]:
    path, _, amount = said.rpartition("=")
    try:
        return path, Decimal(amount)
    except InvalidOperation:
        raise Invalid(NOTHING, said) from None


def sign_more_command(
    campaign: CampaignId,
    version: Annotated[int, typer.Option(help="the version that asks for more")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Sign a request for more stock or budget that somebody else made: it is there from the next event on.

    Example: `festoon plan sign-more spring --version 3`
    """

    async def go(connection: asyncpg.Connection) -> Amendment:
        return await sign_more(
            connection, campaign, version, await signer(connection, key, "plan:check"), wall()
        )

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
    else:
        out.print(
            f"{campaign}@{version} runs: " + ", ".join(f"{path} +{add}" for path, add in found.adds.items())
        )


def pause_one_command(
    campaign: CampaignId,
    mechanic: Mechanic,
    reason: Annotated[str, typer.Option(help="why; kept in the audit trail")] = "",
    key: KeyOption = "",
) -> None:
    """Pause one mechanic now, beside those that are paused.

    Example: `festoon plan pause-one spring lucky-draw --reason "odd results"`
    """

    async def go(connection: asyncpg.Connection) -> list[str]:
        return await pause_mechanic(
            connection, campaign, mechanic, reason, await signer(connection, key, "plan:publish"), wall()
        )

    out.print(f"paused: {', '.join(on_connection(go))}", highlight=False)


def resume_one_command(
    campaign: CampaignId,
    mechanic: Mechanic,
    reason: Annotated[str, typer.Option(help="why; kept in the audit trail")] = "",
    key: KeyOption = "",
) -> None:
    """Let one mechanic run again; the others that are paused stay so.

    Example: `festoon plan resume-one spring lucky-draw`
    """

    async def go(connection: asyncpg.Connection) -> list[str]:
        return await resume_mechanic(
            connection, campaign, mechanic, reason, await signer(connection, key, "plan:publish"), wall()
        )

    out.print(f"paused: {', '.join(on_connection(go)) or 'nothing'}", highlight=False)


def register(app: typer.Typer) -> None:
    """Put these among the commands of `festoon plan`."""
    app.command("more")(more_command)
    app.command("sign-more")(sign_more_command)
    app.command("pause-one")(pause_one_command)
    app.command("resume-one")(resume_one_command)
