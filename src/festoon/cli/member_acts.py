"""`festoon members`: find one, see all of him, ask why, adjust, block, erase."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import uuid4

import asyncpg
import typer
from rich.table import Table

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.base.errors import Refused
from festoon.cli.database import database, on_connection
from festoon.cli.signing import AsJson, KeyOption, signer
from festoon.cli.terminal import WRONG, err, fail, failures, language, out, say_json
from festoon.engine.engine import Engine
from festoon.engine.member_acts import Done, adjust, ask_to_erase, bar, number_of
from festoon.engine.member_search import Page, search
from festoon.engine.reload import load_program
from festoon.engine.requests import Request, submitting
from festoon.engine.statement import Balance
from festoon.insight.member.sheet import Sheet, sheet
from festoon.insight.member.why import Asked, Why, why
from festoon.store.pool import connect_hot

Made = TypeVar("Made")
Member = Annotated[str, typer.Argument(help="the member's id")]
Reason = Annotated[str, typer.Option(help="why; kept in the journal and the audit trail")]
MARKS = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "not_asked": "[dim]·[/]"}


async def engine_on(connection: asyncpg.Connection) -> Engine:
    """The engine of one command. In a rehearsal it is the time of the latest event."""
    program = await load_program(connection)
    latest = await connection.fetchval("SELECT max(now) FROM event") if program.rehearsal else None
    return Engine(program, load_program, lambda: latest or wall())


def with_engine(go: Callable[[asyncpg.Connection, Engine], Awaitable[Made]], *, as_json: bool) -> Made:
    """What `go` does with an engine of its own; a refusal is exit code 1."""

    async def whole(dsn: str) -> Made:
        connection = await connect_hot(dsn)
        try:
            return await go(connection, await engine_on(connection))
        finally:
            await connection.close()

    with failures(as_json=as_json), database() as dsn:
        try:
            return asyncio.run(whole(dsn))
        except Refused as no:
            fail(no, as_json=as_json, code=WRONG)


def search_command(
    text: Annotated[
        str, typer.Argument(help="#number, the beginning of an id or a name, the end of a phone")
    ],
    after: Annotated[str | None, typer.Option(help="the next page, as the last one named it")] = None,
    as_json: AsJson = False,
) -> None:
    """Find members. Personal fields are masked.

    Example: `festoon members search 1380000`
    """

    async def go(connection: asyncpg.Connection) -> Page:
        return await search(connection, text, after=after)

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table("number", "id", "found by", "name", "phone", "registered")
    for each in found.members:
        table.add_row(
            str(each.number), each.id, each.by, each.personal.get("name", ""), each.personal.get("phone", ""),
            _day(each.registered),
        )  # fmt: skip
    out.print(table if found.members else "nobody is found")
    if found.next:
        err.print(f"more: --after {found.next}", style="dim")


def show_command(member: Member, as_json: AsJson = False) -> None:
    """Show one member: balances, progress, where he stands in campaigns, what waits for a signature.

    Example: `festoon members show m-1001`
    """

    async def go(connection: asyncpg.Connection) -> Sheet:
        number = await number_of(connection, member)
        return await sheet(connection, await load_program(connection), number, wall(), language())

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table(show_header=False, box=None)
    table.add_row("member", f"{found.id} (#{found.number})" + (" [red]blocked[/]" if found.blocked else ""))
    table.add_row("registered", _day(found.registered))
    for balance in found.balances:
        table.add_row(balance.asset, _amounts(balance))
    if found.consents:
        said = ", ".join(f"{each.channel} {'yes' if each.agreed else 'no'}" for each in found.consents)
        table.add_row("may be written to", said)
    for line in found.progress:
        table.add_row(f"{line.campaign}/{line.mechanic}", line.text)
    for campaign in found.campaigns:
        arms = ", ".join(f"{name}: {arm}" for name, arm in campaign.arms.items())
        table.add_row(campaign.campaign, "held out" if campaign.holdout else f"takes part {arms}".strip())
    out.print(table)
    _requests(found.requests)


def _amounts(balance: Balance) -> str:
    """What can be spent, and what stands beside it."""
    beside = [f"{balance.held:,} held"] if balance.held else []
    beside += [f"{amount:,} from {_day(at)}" for at, amount in balance.coming]
    if left := balance.pending - sum(amount for _, amount in balance.coming):
        beside.append(f"{left:,} pending")
    return f"{balance.available:,}" + (f" ({', '.join(beside)})" if beside else "")


def why_command(
    member: Member,
    mechanic: Annotated[str, typer.Argument(help="campaign/mechanic")],
    event: Annotated[
        str | None, typer.Option(help="the id of one event; the latest that fits without")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say why a mechanic gave a member something, or did not (为什么没发给我).

    Example: `festoon members why m-1001 spring/lucky-draw`
    """

    async def go(connection: asyncpg.Connection, engine: Engine) -> Why:
        campaign, _, name = mechanic.partition("/")
        number = await number_of(connection, member)
        names = Names(engine.program, language())
        asked = Asked(number, campaign, name, engine.now(), language(), event, called=names)
        return await why(connection, engine.program, asked)

    found = with_engine(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    out.print(f"[bold]{found.text}[/]", highlight=False)
    if found.event is not None:
        out.print(f"{found.event.type} {found.event.id} {found.event.time:%Y-%m-%d %H:%M:%S %Z}", style="dim")
    table = Table(show_header=False, box=None)
    for check in found.checks:
        table.add_row(MARKS[check.state], check.question, check.detail)
    out.print(table)


def adjust_command(
    member: Member,
    asset: Annotated[str, typer.Argument(help="points, or an asset's code")],
    amount: Annotated[int, typer.Argument(help="in its smallest unit; -- before a negative one")],
    reason: Reason,
    act: Annotated[str, typer.Option(help="names the act, so that it can be sent again safely")] = "",
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Add to a balance or take from it. Above what the plan lets one person do, another has to sign.

    Example: `festoon members adjust m-1001 points 50 --reason "a double charge"`
    """

    async def go(connection: asyncpg.Connection, engine: Engine) -> Done:
        maker = await signer(connection, key, "events:operate")
        return await adjust(
            connection, submitting(engine, connection), engine.program, member, asset, amount, reason, maker,
            engine.now(), act or str(uuid4()),
        )  # fmt: skip

    done = with_engine(go, as_json=as_json)
    if as_json:
        say_json(done)
    elif done.request is not None:
        _asked(done.request)
    else:
        out.print(f"{member}: {amount:+,} {asset}", highlight=False)


def block_command(member: Member, reason: Reason, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Refuse what a member asks for from now on; what happened is still taken. Exit code 1 when he is blocked already.

    Example: `festoon members block m-1001 --reason "a ring of accounts"`
    """
    _bar("member.blocked", member, reason, key, as_json)


def unblock_command(member: Member, reason: Reason, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Let a blocked member take part again. Exit code 1 when he is not blocked.

    Example: `festoon members unblock m-1001 --reason "it was his phone"`
    """
    _bar("member.unblocked", member, reason, key, as_json)


def _bar(type_: str, member: str, reason: str, key: str, as_json: bool) -> None:
    async def go(connection: asyncpg.Connection, engine: Engine) -> None:
        maker = await signer(connection, key, "events:operate")
        submit = submitting(engine, connection)
        await bar(connection, submit, type_, member, reason, maker, engine.now(), str(uuid4()))

    with_engine(go, as_json=as_json)
    if as_json:
        say_json({"member": member, "act": type_})
    else:
        out.print(f"{member}: {type_}", highlight=False)


def erase_command(
    member: Member,
    confirm: Annotated[str, typer.Option(help="the member's id once more")],
    reason: Reason,
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Ask that what is known of a member be destroyed, for good; another has to sign. The books stay.

    Example: `festoon members erase m-1001 --confirm m-1001 --reason "asked for on 3 April"`
    """

    async def go(connection: asyncpg.Connection) -> Request:
        maker = await signer(connection, key, "events:operate")
        return await ask_to_erase(connection, member, confirm, reason, maker, wall())

    asked = on_connection(go, as_json=as_json)
    if as_json:
        say_json(asked)
    else:
        _asked(asked)


def _asked(asked: Request) -> None:
    out.print(f"request {asked.number} waits for a second signature", highlight=False)
    err.print(f"next: another signs it: festoon requests sign {asked.number}", style="dim")


def _requests(found: list[Request]) -> None:
    for each in found:
        out.print(f"request {each.number}: {each.kind} by {each.maker}, {each.status}", highlight=False)


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d}"


def register(app: typer.Typer) -> None:
    """Put these among the commands of `festoon members`."""
    app.command("search")(search_command)
    app.command("show")(show_command)
    app.command("why")(why_command)
    app.command("adjust")(adjust_command)
    app.command("block")(block_command)
    app.command("unblock")(unblock_command)
    app.command("erase")(erase_command)
