"""`festoon plan withdraw` and `festoon plan send-back`: a version that shall not run goes back to its maker."""

from typing import Annotated

import asyncpg
import typer

from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.signing import AsJson, CampaignId, KeyOption, signer
from festoon.cli.terminal import out, say_json
from festoon.engine.publish import send_back, withdraw


def withdraw_command(
    campaign: CampaignId,
    version: Annotated[int, typer.Option(help="the version to take back")],
    reason: Annotated[str, typer.Option(help="why, for the trail")] = "",
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Take back a version that you made, before it runs.

    Example: `FESTOON_KEY=fst_… festoon plan withdraw spring --version 2`
    """

    async def go(connection: asyncpg.Connection) -> None:
        maker = await signer(connection, key, "plan:make")
        await withdraw(connection, campaign, version, maker, wall(), reason)
        _say(campaign, version, as_json=as_json)

    on_connection(go, as_json=as_json)


def send_back_command(
    campaign: CampaignId,
    version: Annotated[int, typer.Option(help="the version to send back")],
    reason: Annotated[str, typer.Option(help="what its maker has to change")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Send a version back to its maker instead of signing it.

    Example: `FESTOON_KEY=fst_… festoon plan send-back spring --version 2 --reason "too many teapots"`
    """

    async def go(connection: asyncpg.Connection) -> None:
        checker = await signer(connection, key, "plan:check")
        await send_back(connection, campaign, version, checker, wall(), reason)
        _say(campaign, version, as_json=as_json)

    on_connection(go, as_json=as_json)


def _say(campaign: str, version: int, *, as_json: bool) -> None:
    if as_json:
        say_json({"campaign": campaign, "version": version, "status": "withdrawn"})
    else:
        out.print(f"version {version} of {campaign} will not run; its maker can submit another")
