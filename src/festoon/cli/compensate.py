"""`festoon compensate`: make a fault good, grant to a list, take back what was given by mistake."""

import asyncio
from pathlib import Path
from typing import IO, Annotated, TypeVar

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.counting import counted
from festoon.base.errors import Invalid, define
from festoon.cli.database import database, on_connection
from festoon.cli.signing import AsJson, KeyOption, signer
from festoon.cli.terminal import WRONG, err, failures, out, progress, say_json
from festoon.cli.written import written_where
from festoon.engine.compensation_results import as_csv, as_xlsx
from festoon.engine.compensation_run import run
from festoon.engine.compensations import Preview, Status, every, preview, sign, status, submit
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.intake.files.id_list import read_ids
from festoon.plan.compensation import read_compensation
from festoon.plan.money import money
from festoon.store.pool import connect_hot

app = typer.Typer(help="Compensations: preview, submit, sign, run, status.", no_args_is_help=True)
SHOWN = 20
UNREADABLE = define(
    "compensation.unreadable", 400, "{file} cannot be read: {reason}", "无法读取{file}：{reason}"
)
File = Annotated[Path, typer.Argument(help="the compensation file (YAML)")]
Id = Annotated[str, typer.Argument(help="the compensation's name")]
Made = TypeVar("Made")


@app.command("preview")
def preview_command(file: File, as_json: AsJson = False) -> None:
    """Say who is concerned and what it costs on which budget line. Nothing is written.

    Example: `festoon compensate preview outage.yaml`
    """

    async def go(connection: asyncpg.Connection) -> Preview:
        source, ids = _read(file)
        return (await preview(connection, source, ids))[0]

    _show(on_connection(go, as_json=as_json), as_json)


@app.command("submit")
def submit_command(file: File, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Put it up for the second signature. Who is concerned is settled now: what is signed is what happens.

    Example: `festoon compensate submit outage.yaml`
    """

    async def go(connection: asyncpg.Connection) -> Preview:
        maker = await signer(connection, key, "plan:make")
        source, ids = _read(file)
        return await submit(connection, source, maker, wall(), ids)

    found = on_connection(go, as_json=as_json)
    _show(found, as_json)
    if not as_json:
        err.print(f"next: another signs it: festoon compensate sign {found.id}", style="dim")


@app.command("sign")
def sign_command(id: Id, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Sign it: the second signature, by somebody else than who made it.

    Example: `festoon compensate sign outage-3-april`
    """

    async def go(connection: asyncpg.Connection) -> Status:
        await sign(connection, id, await signer(connection, key, "plan:check"), wall())
        return await status(connection, id)

    _list([on_connection(go, as_json=as_json)], as_json)


@app.command("run")
def run_command(
    id: Id,
    to: Annotated[
        Path | None,
        typer.Option(
            "--out", help="where to write what became of each member (.csv or .xlsx)", dir_okay=False
        ),
    ] = None,
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Give everybody his part. Killed and run again, it goes on where it stopped. Exit code 1 when some were refused.

    Example: `festoon compensate run outage-3-april --out result.csv`
    """
    with failures(as_json=as_json), database() as dsn, progress() as bars:
        task = bars.add_task(id, total=None)

        async def go(file: IO[bytes] | None) -> Status:
            connection = await connect_hot(dsn)
            try:
                actor = await signer(connection, key, "plan:publish")
                engine = await _engine(connection)
                before = await status(connection, id)
                bars.update(task, total=before.members, completed=before.done + before.refused)
                told = await run(engine, connection, id, actor, lambda done: bars.update(task, advance=done))
                if to is not None and file is not None:
                    file.write(await _results(connection, id, to))
                return told
            finally:
                await connection.close()

        with written_where(to) as file:
            told = asyncio.run(go(file))
    _list([told], as_json)
    raise typer.Exit(WRONG if told.refused else 0)


@app.command("status")
def status_command(
    id: Annotated[str | None, typer.Argument(help="the compensation's name; all of them without")] = None,
    as_json: AsJson = False,
) -> None:
    """Show where compensations stand: signed by whom, how many have had their part.

    Example: `festoon compensate status outage-3-april`
    """

    async def go(connection: asyncpg.Connection) -> list[Status]:
        return await every(connection) if id is None else [await status(connection, id)]

    _list(on_connection(go, as_json=as_json), as_json)


async def _engine(connection: asyncpg.Connection) -> Engine:
    program = await load_program(connection)
    if not program.rehearsal:
        return Engine(program, load_program, wall)
    latest = await connection.fetchval("SELECT max(now) FROM event")
    return Engine(program, load_program, lambda: latest or wall())


def _read(file: Path) -> tuple[str, list[str]]:
    """The file's text, and the ids in the file of members (CSV or a spreadsheet) that it names: its first column."""
    source = _text(file)
    members = read_compensation(source).members
    if not isinstance(members, str):
        return source, []
    found = read_ids(_bytes(file.parent / members))
    for each in found.bad[:SHOWN]:
        err.print(f"  [yellow]row {each.row}[/]: {each.why}", highlight=False)
    if found.doubled:
        err.print(f"  [yellow]more than once[/]: {', '.join(found.doubled[:SHOWN])}", highlight=False)
    return source, found.ids


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(UNREADABLE, file=path.name, reason=error.strerror or "") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            UNREADABLE, file=path.name, reason=getattr(error, "strerror", None) or "UTF-8"
        ) from None


async def _results(connection: asyncpg.Connection, id: str, to: Path) -> bytes:
    """What became of each, in the form that the file's name asks for."""
    return await as_xlsx(connection, id) if to.suffix == ".xlsx" else (await as_csv(connection, id)).encode()


def _show(found: Preview, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    table = Table(show_header=False, box=None)
    table.add_row("compensation", found.id)
    table.add_row("campaign", found.campaign)
    table.add_row("members", f"{found.members:,}")
    for name, amount in found.total.items():
        table.add_row("takes back" if found.takes_back else "gives", f"{amount:,} {name}")
    if found.takes_back and not (found.total or found.owed or found.lost or found.held):
        table.add_row("takes back", "nothing: all of it is back")
    for told, amounts in (("then owed", found.owed), ("used up, lost", found.lost)):
        for name, amount in amounts.items():
            table.add_row(told, f"{amount:,} {name}")
    if found.held:
        table.add_row("voids", counted(f"{found.held:,} reward(s) that nobody has decided on"))
    for line in found.lines:
        left = money(line.left, line.currency)
        table.add_row("costs", f"{money(line.cost, line.currency)} of {line.line}, which has {left} left")
    table.add_row("such as", ", ".join(found.sample))
    out.print(table)
    for id in found.unknown[:SHOWN]:
        out.print(f"  [yellow]nobody is called[/] {id}", highlight=False)


def _list(found: list[Status], as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    table = Table("compensation", "campaign", "status", "made by", "signed by", "members", "done", "refused")
    for each in found:
        table.add_row(
            each.id, each.campaign, each.status, each.maker, each.checker or "", f"{each.members:,}", f"{each.done:,}",
            f"{each.refused:,}",
        )  # fmt: skip
    out.print(table if found else "there are no compensations")
