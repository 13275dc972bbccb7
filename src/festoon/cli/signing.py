"""Who signs what is done to a plan, and how such a command runs."""

from typing import Annotated

import asyncpg
import typer

from festoon.access.keys import Key, find
from festoon.base.errors import Forbidden, define

AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON for another program")]
KeyOption = Annotated[
    str,
    typer.Option(
        "--key", envvar="FESTOON_KEY", help="your API key; who you are is who signs", show_default=False
    ),
]
CampaignId = Annotated[str, typer.Argument(help="the campaign's id")]
WHO = define(
    "plan.who_signs",
    403,
    "say who you are: in a live database plans are signed with an API key",
    "请表明身份：正式库中的方案须使用 API 密钥签署",
    todo="give --key or set FESTOON_KEY; keys are made with: festoon keys create",
    todo_zh="请使用 --key 或设置 FESTOON_KEY；密钥由 festoon keys create 创建",
)


async def signer(connection: asyncpg.Connection, key: str, scope: str) -> str:
    """Who signs: the key's actor; in a rehearsal database nobody has to be anybody."""
    if key:
        found: Key = await find(connection, key)
        found.need(scope)
        return found.actor
    if await connection.fetchval("SELECT mode = 'rehearsal' FROM installation"):
        return "rehearsal"
    raise Forbidden(WHO)
