"""`festoon segments`: list, preview, refresh; upload and approve lists."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import asyncpg
import typer
from msgspec.structs import asdict
from rich.table import Table

from festoon.audience import lists, refreshes
from festoon.audience.computing import Sizes
from festoon.audience.consents import Reached, reached
from festoon.audience.known import NO_CAMPAIGN, NOT_A_LIST, kept, one_of
from festoon.audience.refresh import Due, Place, preview, refresh
from festoon.base.clock import wall
from festoon.base.errors import Conflict, Invalid, NotFound, define
from festoon.cli.database import database, on_connection
from festoon.cli.signing import KeyOption, signer
from festoon.cli.terminal import WRONG, err, failures, out, progress, say_json
from festoon.engine.reload import load_program
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.moments import local_instant
from festoon.plan.parse import read_plan
from festoon.store.home import data_home
from festoon.store.pool import connect

app = typer.Typer(help="Segments: list, preview, refresh; upload and approve lists.", no_args_is_help=True)

CampaignId = Annotated[str, typer.Argument(help="the campaign's id")]
SegmentId = Annotated[str, typer.Argument(help="the segment, as the plan names it")]
Only = Annotated[
    list[str] | None, typer.Option("--segment", help="only these, as the plan names them; all without")
]
At = Annotated[
    str, typer.Option(help="in a rehearsal: the local time to stand at; that of the last event without")
]
Facts = Annotated[Path | None, typer.Option(help="where facts are written")]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]
_Result = TypeVar("_Result")

WALL_RULES = define(
    "segment.wall_rules",
    409,
    "in a live database segments are refreshed as of now",
    "正式库中的分群只能按当前时间刷新",
    todo="leave --at out; in a rehearsal it may be given",
    todo_zh="请去掉 --at；仅演练库可以指定",
)
BOTH_OR_NONE = define(
    "segment.both_or_none",
    400,
    "name the campaign and its segment, or neither",
    "请同时填写活动和分群，或都不填",
)
_JUST_AFTER = timedelta(microseconds=1)
_REASONS = {
    "no_figure": "whose figure is zero",
    "beyond": "after the last part",
    "never_seen": "of whom nobody knows since when",
}


@app.command("list")
def list_command(campaign: CampaignId, as_json: AsJson = False) -> None:
    """List the segments of a published campaign: who keeps them, how many are in, when they are computed anew.

    Example: `festoon segments list spring`
    """

    async def go(connection: asyncpg.Connection) -> None:
        compiled = await _campaign(connection, campaign)
        rows = await kept(connection, compiled, wall())
        if as_json:
            say_json({"campaign": campaign, "segments": rows})
            return
        table = Table("segment", "members", "computed (UTC)", "next (UTC)")
        for row in rows:
            table.add_row(row.segment, _sizes(row.members), _when(row.last), _when(row.next))
        out.print(table)

    on_connection(go, as_json=as_json)


@app.command("preview")
def preview_command(
    plan: Annotated[str, typer.Argument(help="a plan file, or a published campaign's id")],
    segment: Only = None,
    at: At = "",
    facts: Facts = None,
    as_json: AsJson = False,
) -> None:
    """Count who would be in the segments of a plan, before it is published or refreshed. Nothing is written.

    Example: `festoon segments preview spring.yaml --segment tiers`
    """

    with failures(as_json=as_json), database() as dsn:
        found = asyncio.run(_prepared(dsn, _drafted(plan) or plan, segment, at, facts, preview))
    _show([(each.segment.name, each.sizes) for each in found], as_json)


@app.command("refresh")
def refresh_command(
    campaign: CampaignId,
    segment: Only = None,
    at: At = "",
    facts: Facts = None,
    as_json: AsJson = False,
) -> None:
    """Compute segments of a published campaign anew, and send in who entered and who left.

    It may be stopped anywhere and run again: no event is sent twice. `festoon work` does the same when the time
    that the plan names has come.

    Example: `festoon segments refresh spring --segment away`
    """
    with failures(as_json=as_json), database() as dsn, progress() as bars:
        tasks: dict[str, Any] = {}

        def heard(name: str, sent: int, of: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=of)
            bars.update(tasks[name], completed=sent)

        async def go(place: Place, due: Due) -> list[refreshes.Refresh]:
            return await refresh(place, due, heard)

        found = asyncio.run(_prepared(dsn, campaign, segment, at, facts, go))
    if as_json:
        say_json({"refreshed": found})
        return
    _show([(each.segment, each.sizes) for each in found], as_json)
    for each in found:
        for code, count in each.came.items():
            out.print(f"{each.segment}: [yellow]{code}[/] {count:,} times", highlight=False)


@app.command("upload")
def upload_command(
    campaign: CampaignId,
    segment: SegmentId,
    file: Annotated[Path, typer.Argument(help="one id a line, or a CSV whose first column is the id")],
    key: KeyOption = "",
    dry_run: Annotated[bool, typer.Option(help="only count who of it is known")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a file of ids up as the next version of a segment's list. It counts once somebody else has approved it.

    Example: `FESTOON_KEY=fst_… festoon segments upload spring vip vip.csv`
    """

    async def go(connection: asyncpg.Connection) -> dict[str, Any]:
        compiled = await _campaign(connection, campaign)
        if not one_of(compiled, segment).listed:
            raise Conflict(NOT_A_LIST, campaign=campaign, segment=segment)
        given = lists.read_list(file)
        known = await lists.known(connection, given.subjects)
        said = {"ids": len(given.subjects), "repeated": given.repeated} | asdict(known)
        if not dry_run:
            maker = await signer(connection, key, "plan:make")
            said["version"] = await lists.upload(connection, campaign, segment, given, maker, wall())
        return said

    said = on_connection(go, as_json=as_json)
    if as_json:
        say_json(said)
    else:
        out.print(f"{said['ids']:,} ids, {said['members']:,} of them members; {said['repeated']:,} repeated")
        if said["unknown"]:
            out.print(
                f"[yellow]{said['unknown']:,} belong to nobody[/], such as {', '.join(said['examples'])}"
            )
        if not dry_run:
            next_step = f"festoon segments approve {campaign} {segment} --version {said['version']}"
            err.print(f"next: {next_step}", style="dim")
    raise typer.Exit(WRONG if said["unknown"] else 0)


@app.command("approve")
def approve_command(
    campaign: CampaignId,
    segment: SegmentId,
    version: Annotated[int, typer.Option(help="the version to sign")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Sign a list that somebody else uploaded; it counts from the segment's next refresh on.

    Example: `FESTOON_KEY=fst_… festoon segments approve spring vip --version 1`
    """

    async def go(connection: asyncpg.Connection) -> None:
        checker = await signer(connection, key, "plan:check")
        await lists.approve(connection, campaign, segment, version, checker, wall())

    on_connection(go, as_json=as_json)
    if as_json:
        say_json({"campaign": campaign, "segment": segment, "version": version, "status": "approved"})
    else:
        out.print(f"version {version} of {segment} counts from its next refresh on")


@app.command("consents")
def consents_command(
    campaign: Annotated[str, typer.Argument(help="the campaign whose plan names the segment")] = "",
    segment: Annotated[str, typer.Option(help="only its members; everybody without")] = "",
    as_json: AsJson = False,
) -> None:
    """Count who may be written to by which channel, of all members or of a segment. It looks at every member once.

    Example: `festoon segments consents spring --segment vip`
    """

    async def go(connection: asyncpg.Connection) -> tuple[int, list[Reached]]:
        if bool(campaign) != bool(segment):
            raise Invalid(BOTH_OR_NONE)
        keys = None if not campaign else _keys(await _campaign(connection, campaign), segment)
        return await reached(connection, keys)

    members, found = on_connection(go, as_json=as_json)
    if as_json:
        say_json({"members": members, "channels": found})
        return
    table = Table("channel", "agreed", "refused", "never asked", title=f"{members:,} members")
    for each in found:
        table.add_row(each.channel, f"{each.agreed:,}", f"{each.refused:,}", f"{each.never_asked:,}")
    out.print(table)


def _keys(compiled: CompiledCampaign, segment: str) -> list[str]:
    """How profiles name a segment of a plan, or the parts that it is cut into."""
    found = one_of(compiled, segment)
    return [compiled.segment_keys[name] for name in found.names if segment in (name, found.name)]


async def _prepared(
    dsn: str,
    plan: str | CompiledCampaign,
    names: list[str] | None,
    at: str,
    facts: Path | None,
    go: Callable[[Place, Due], Awaitable[_Result]],
) -> _Result:
    """Find the campaign, its segments and the instant, and do something with them."""
    connection = await connect(dsn)
    try:
        compiled = await _campaign(connection, plan) if isinstance(plan, str) else plan
        rehearsal = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
        if at and not rehearsal:
            raise Conflict(WALL_RULES)
        now = wall()
        if rehearsal:
            last: datetime | None = await connection.fetchval("SELECT max(now) FROM event")
            now = last + _JUST_AFTER if last else now  # what happens at an instant is not before it
            now = local_instant(at, compiled.zone, "at") if at else now
    finally:
        await connection.close()
    segments = tuple(one_of(compiled, name) for name in names) if names else compiled.segments
    place = Place(dsn, facts or data_home() / "facts", wall, rehearsal)
    return await go(place, Due(compiled, segments, now, now))


async def _campaign(connection: asyncpg.Connection, name: str) -> CompiledCampaign:
    """A published campaign. Raises NotFound."""
    program = await load_program(connection)
    if name not in program.campaigns:
        raise NotFound(NO_CAMPAIGN, campaign=name)
    return program.campaigns[name]


def _drafted(name: str) -> CompiledCampaign | None:
    """The campaign of a plan file. Raises PlanInvalid for one with mistakes."""
    file = Path(name)
    return compile_plan(read_plan(_text(file))) if file.is_file() else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(lists.UNREADABLE, file=file.name, reason=str(error)) from None


def _show(found: list[tuple[str, Sizes]], as_json: bool) -> None:
    if as_json:
        say_json({"segments": [{"segment": name} | asdict(sizes) for name, sizes in found]})
        return
    table = Table("segment", "members", "enter", "leave", "looked at", "left out")
    for name, sizes in found:
        left_out = [f"{many:,} {_REASONS[reason]}" for reason, many in sizes.left_out.items()]
        left_out += [f"{sizes.unknown:,} ids that nobody has"] if sizes.unknown else []
        table.add_row(
            name,
            _sizes(sizes.members),
            _sizes(sizes.entered),
            _sizes(sizes.left),
            f"{sizes.counted:,}",
            "\n".join(left_out) or "–",
        )
    out.print(table)
    if behind := max((sizes.behind for _, sizes in found), default=0):
        err.print(f"the facts are {behind:,.0f} seconds behind; the next refresh corrects it", style="yellow")


def _sizes(members: dict[str, int]) -> str:
    if len(members) == 1:
        return f"{next(iter(members.values())):,}"
    return "\n".join(f"{name} {many:,}" for name, many in members.items()) or "–"


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at is not None else "–"
