"""`festoon plan archive`: a campaign that is over leaves the lists."""

from typing import Annotated

import asyncpg
import typer

from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.signing import AsJson, CampaignId, KeyOption, signer
from festoon.cli.terminal import out, say_json
from festoon.engine.archiving import archive, bring_back


def archive_command(
    campaign: CampaignId,
    back: Annotated[bool, typer.Option("--back", help="bring it back into the lists instead")] = False,
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Put a campaign away that is settled or stopped: it leaves the lists, its books, statements and reports stay.

    Example: `festoon plan archive spring`
    """

    async def go(connection: asyncpg.Connection) -> None:
        actor = await signer(connection, key, "plan:publish")
        await (bring_back if back else archive)(connection, campaign, actor, wall())

    on_connection(go, as_json=as_json)
    if as_json:
        say_json({"campaign": campaign, "archived": not back})
    else:
        out.print(f"{campaign} is {'back in the lists' if back else 'put away'}")
