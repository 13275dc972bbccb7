"""What everybody may ask of a campaign: rules, odds, the published side of its draws, winners.

It is the same for everybody, so it is made once in some seconds for each language, whoever asks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN, campaign_of
from festoon.api.filters import text
from festoon.api.members import NAME
from festoon.api.naming import Names
from festoon.api.operation import Operation, Parameter
from festoon.api.public_answers import (
    PublicAsset,
    PublicCampaign,
    PublicEpoch,
    PublicWinner,
    PublicWinners,
)
from festoon.api.public_mechanics import mechanics_told
from festoon.api.routes import spoken
from festoon.engine.archiving import archived, phase_now
from festoon.engine.engine import Engine
from festoon.engine.won import Won, gifts_won, grand_winners
from festoon.intake.asgi import JSON
from festoon.intake.batcher import STORE_GONE
from festoon.mechanics.draw import Draw
from festoon.mechanics.grand_draw import GrandDraw
from festoon.mechanics.red_packet import RedPacket
from festoon.plan.compiled import CompiledCampaign
from festoon.store.pool import lent

SECONDS = 5.0
"""How long an answer is given again."""
MOST = 1_000
LATEST = 30
"""Winners that are shown."""


class Public:
    """The endpoints, with what they need of the process. `seconds` is a clock that only goes forward."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, seconds: Callable[[], float]) -> None:
        self._pool = pool
        self._engine = engine
        self._seconds = seconds
        self._made: dict[tuple[str, ...], tuple[float, bytes]] = {}
        self._making = asyncio.Lock()

    async def campaign(self, request: Request) -> Response:
        campaign, language = campaign_of(request, self._engine.program), spoken(request)
        return await self._once(("campaign", campaign.campaign, language), language,
                                lambda: self._campaign(campaign, language))  # fmt: skip

    async def winners(self, request: Request) -> Response:
        campaign, language = campaign_of(request, self._engine.program), spoken(request)
        only = text(request, "mechanic") or ""
        named = only if any(each.id == only for each in campaign.mechanics) else ""
        return await self._once(("winners", campaign.campaign, named, language), language,
                                lambda: self._winners(campaign, named, language))  # fmt: skip

    async def _once(
        self, name: tuple[str, ...], language: str, make: Callable[[], Awaitable[Any]]
    ) -> Response:
        """The answer of some seconds ago, or a new one. However many ask at once, it is made once."""
        async with self._making:
            known = self._made.get(name)
            if known is None or known[0] <= self._seconds():
                if len(self._made) >= MOST:
                    self._made.clear()
                body = msgspec.json.encode(await make())
                self._made[name] = known = self._seconds() + SECONDS, body
        headers = {
            "cache-control": f"public, max-age={int(SECONDS)}",
            "vary": "accept-language",
            "access-control-allow-origin": "*",
            "content-language": language,
        }
        return Response(known[1], headers=headers, media_type=JSON.decode())

    async def _campaign(self, campaign: CompiledCampaign, language: str) -> PublicCampaign:
        program, now, schedule = self._engine.program, self._engine.now(), campaign.schedule
        async with lent(self._pool) as connection:
            epochs = await _epochs(connection, campaign.campaign)
            away = await archived(connection)
        names = Names(program, language)
        return PublicCampaign(
            campaign.campaign,
            names.said(campaign.title),
            phase_now(campaign, now, away),
            now,
            campaign.zone.key,
            schedule.warm_up,
            schedule.start,
            schedule.end,
            schedule.settle,
            mechanics_told(program, campaign, language, epochs),
            {code: PublicAsset(*names.asset(code)) for code in campaign.assets},
            {key: names.said(thing.title) for key, thing in campaign.things.items()},
        )

    async def _winners(self, campaign: CompiledCampaign, only: str, language: str) -> PublicWinners:
        wanted = [each for each in campaign.mechanics if only in ("", each.id)]
        drawn = [each.id for each in wanted if isinstance(each.mechanic, Draw | RedPacket)]
        async with lent(self._pool) as connection:
            found = await gifts_won(connection, campaign.campaign, drawn, LATEST)
            grand = [
                won
                for each in wanted
                if isinstance(each.mechanic, GrandDraw)
                for won in await grand_winners(connection, campaign.campaign, each.id)
            ]
        names = Names(self._engine.program, language)
        shown = [_winner(won, names.thing(campaign.campaign, "gift", won.prize)) for won in found]
        titles = {
            (each.id, prize.id): prize.title
            for each in wanted
            if isinstance(each.mechanic, GrandDraw)
            for prize in each.mechanic.params.prizes
        }
        for won in grand:
            title = titles.get((won.mechanic, won.prize), "")
            shown.append(_winner(won, names.said(title) if isinstance(title, dict) else title))
        return PublicWinners(shown)

    def operations(self) -> tuple[Operation, ...]:
        at, tag = "/v1/public/campaigns/{campaign}", "For everybody"
        only = Parameter("mechanic", "Only those of one draw.", NAME, example="tea-draw")
        unknown = (CAMPAIGN_UNKNOWN, STORE_GONE)
        return (
            Operation("GET", at, "A campaign for everybody: its times, the rules in words, odds, seeds' fingerprints.",
                      "", self.campaign, PublicCampaign, parameters=(CAMPAIGN,), problems=unknown,
                      name="public_campaign", tag=tag),
            Operation("GET", at + "/winners", "The latest winners, with masked names.",
                      "", self.winners, PublicWinners, parameters=(CAMPAIGN, only), problems=unknown,
                      name="public_winners", tag=tag),
        )  # fmt: skip


def _winner(won: Won, title: str) -> PublicWinner:
    return PublicWinner(won.mechanic, title or won.prize, won.winner, won.at)


async def _epochs(connection: asyncpg.Connection, campaign: str) -> dict[str, list[PublicEpoch]]:
    """The published sides of a campaign's seeds, by mechanic."""
    rows = await connection.fetch(
        """SELECT mechanic, name, opens, closes, commitment, public_name, public_value,
                  CASE WHEN revealed IS NOT NULL THEN encode(seed, 'hex') END AS seed
           FROM draw_epoch WHERE campaign = $1 ORDER BY mechanic, opens""",
        campaign,
    )
    found: dict[str, list[PublicEpoch]] = {}
    for row in rows:
        found.setdefault(row["mechanic"], []).append(
            PublicEpoch(row["name"], row["opens"], row["closes"], row["commitment"], row["public_name"] or "",
                        row["public_value"] or "", row["seed"] or "")
        )  # fmt: skip
    return found
