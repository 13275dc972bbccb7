"""`festoon plan review`: a version is read by somebody, and signed as read."""

from typing import Annotated

import asyncpg
import typer

from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.signing import AsJson, CampaignId, KeyOption, signer
from festoon.cli.terminal import err, out, say_json
from festoon.engine.remarks import review


def review_command(
    campaign: CampaignId,
    version: Annotated[int, typer.Option(help="the version to sign as reviewed")],
    comment: Annotated[str, typer.Option(help="what there is to say, for who approves it")] = "",
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Sign a version that somebody else made as reviewed; a third person approves it.

    Example: `FESTOON_KEY=fst_… festoon plan review spring --version 2 --comment "stock is enough"`
    """

    async def go(connection: asyncpg.Connection) -> None:
        reviewer = await signer(connection, key, "plan:review")
        await review(connection, campaign, version, reviewer, wall(), comment)
        if as_json:
            said = {"campaign": campaign, "version": version, "status": "in_review", "reviewer": reviewer}
            say_json(said)
            return
        out.print(f"version {version} of {campaign} is reviewed by {reviewer}")
        err.print(f"next: festoon plan approve {campaign} --version {version}", style="dim")

    on_connection(go, as_json=as_json)
