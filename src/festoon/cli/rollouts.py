"""`festoon plan rollout`: how far a campaign is open, and opening it further."""

import re
from decimal import Decimal
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.counting import counted
from festoon.base.errors import Invalid, define
from festoon.cli.database import on_connection
from festoon.cli.signing import AsJson, CampaignId, KeyOption, signer
from festoon.cli.terminal import failures, out, say_json
from festoon.engine.rollout import Opened, opened, roll_out
from festoon.plan.rollout import PARTS

NO_SHARE = define(
    "rollout.no_share",
    400,
    "'{given}' is no share from 0% to 100% in steps of 0.01%",
    "“{given}”不是 0% 至 100%、以 0.01% 为步长的比例",
    todo="write it as 1%, 12.5% or 100%",
    todo_zh="请写成 1%、12.5% 或 100%",
)
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%")
ShareOption = Annotated[
    str, typer.Option(help="let this share of everybody take part from now on; without it, say how far it is")
]


def rollout_command(
    campaign: CampaignId, share: ShareOption = "", key: KeyOption = "", as_json: AsJson = False
) -> None:
    """Say how far a campaign is open, or open it further; who is in stays in while the share grows.

    Example: `festoon plan rollout spring --share 10%`
    """
    with failures(as_json=as_json):
        wanted = _share(share) if share else None

    async def go(connection: asyncpg.Connection) -> None:
        if wanted is None:
            found = await opened(connection, campaign, wall())
        else:
            actor = await signer(connection, key, "plan:publish")
            found = await roll_out(connection, campaign, wanted, actor, wall())
        _show(found, as_json=as_json)

    on_connection(go, as_json=as_json)


def _share(text: str) -> int:
    """A share as members in ten thousand. Raises Invalid."""
    found = _PERCENT.fullmatch(text)
    parts = int(Decimal(found[1]) * (PARTS // 100)) if found else PARTS + 1
    if parts > PARTS:
        raise Invalid(NO_SHARE, given=text)
    return parts


def _show(found: Opened, *, as_json: bool) -> None:
    if as_json:
        steps = [
            {"from": since.isoformat(), "percent": share * 100 / PARTS} for since, share in found.to_come
        ]
        told = {"campaign": found.campaign, "percent": found.percent, "testers": found.testers}
        say_json(told | {"to_come": steps})
        return
    table = Table(show_header=False, box=None)
    table.add_row("campaign", found.campaign)
    table.add_row("open to", counted(f"{found.percent:g}% of members, and {found.testers} tester(s)"))
    for since, share in found.to_come:
        table.add_row("then", f"{share * 100 / PARTS:g}% from {since:%Y-%m-%d %H:%M} UTC")
    out.print(table)
