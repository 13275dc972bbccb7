"""`festoon compensate`: make a fault good, grant to a list, take back what was given by mistake."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.errors import Invalid, define
from festoon.cli.database import database, on_connection
from festoon.cli.signing import AsJson, KeyOption, signer
from festoon.cli.terminal import WRONG, err, failures, out, progress, say_json
from festoon.engine.compensation_run import run
from festoon.engine.compensations import Preview, Status, every, preview, sign, status, submit
from festoon.engine.engine import Engine
from festoon.engine.outcome import decode
from festoon.engine.reload import load_program
from festoon.plan.compensation import read_compensation
from festoon.plan.money import money
from festoon.store.pool import connect_hot

app = typer.Typer(help="Compensations: preview, submit, sign, run, status.", no_args_is_help=True)
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
        typer.Option("--out", help="where to write what became of each member (CSV)", dir_okay=False),
    ] = None,
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Give everybody his part. Killed and run again, it goes on where it stopped. Exit code 1 when some were refused.

    Example: `festoon compensate run outage-3-april --out result.csv`
    """
    with failures(as_json=as_json), database() as dsn, progress() as bars:
        task = bars.add_task(id, total=None)

        async def go() -> tuple[Status, str]:
            connection = await connect_hot(dsn)
            try:
                actor = await signer(connection, key, "plan:publish")
                engine = await _engine(connection)
                before = await status(connection, id)
                bars.update(task, total=before.members, completed=before.done + before.refused)
                told = await run(engine, connection, id, actor, lambda done: bars.update(task, advance=done))
                return told, await results(connection, id)
            finally:
                await connection.close()

        told, text = asyncio.run(go())
    if to is not None:
        _write(to, text)
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


async def results(connection: asyncpg.Connection, id: str) -> str:
    """What became of each member, as CSV: his id, what it came to, what was given or taken, or the refusal's code."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("member", "state", "what", "code"))
    for row in await connection.fetch(
        """SELECT subject, coalesce(state, 'waiting') AS state, outcome FROM compensation_member
           WHERE compensation = $1 ORDER BY member_id""",
        id,
    ):
        what, code = "", ""
        if row["outcome"]:
            outcome = decode(row["outcome"])
            code = "" if outcome.refused is None else outcome.refused.code
            parts = [f"{each.amount} {each.ref}" for made in outcome.mechanics for each in made.given]
            parts += [
                f"-{amount} {name}" for made in outcome.mechanics for name, amount in made.taken.items()
            ]
            what = "; ".join(parts)
        rows.writerow((row["subject"], row["state"], what, code))
    return text.getvalue()


async def _engine(connection: asyncpg.Connection) -> Engine:
    program = await load_program(connection)
    if not program.rehearsal:
        return Engine(program, load_program, wall)
    latest = await connection.fetchval("SELECT max(now) FROM event")
    return Engine(program, load_program, lambda: latest or wall())


def _read(file: Path) -> tuple[str, list[str]]:
    """The file's text, and the ids in the file of members that it names: its first column, with or without a header."""
    source = _text(file)
    members = read_compensation(source).members
    if not isinstance(members, str):
        return source, []
    found = [
        row[0].strip()
        for row in csv.reader(io.StringIO(_text(file.parent / members)))
        if row and row[0].strip()
    ]
    return source, found[1:] if found and found[0].lower() in ("member", "id", "subject") else found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            UNREADABLE, file=path.name, reason=getattr(error, "strerror", None) or "UTF-8"
        ) from None


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _show(found: Preview, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    table = Table(show_header=False, box=None)
    table.add_row("compensation", found.id)
    table.add_row("campaign", found.campaign)
    table.add_row("members", f"{found.members:,}")
    for name, amount in found.total.items():
        table.add_row("takes back" if found.kind == "take_back" else "gives", f"{amount:,} {name}")
    for line in found.lines:
        left = money(line.left, line.currency)
        table.add_row("costs", f"{money(line.cost, line.currency)} of {line.line}, which has {left} left")
    table.add_row("such as", ", ".join(found.sample))
    out.print(table)
    for id in found.unknown[:20]:
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
