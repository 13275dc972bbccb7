"""Campaigns over the API: what runs, in which phase, with what left of its budget and stock."""

from collections.abc import Collection
from datetime import datetime

import asyncpg
import msgspec
from starlette.requests import Request

from festoon.api.answers import AccountAnswer, CampaignAnswer, CampaignDetail, CampaignPage
from festoon.api.filters import choice
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.base.errors import NotFound, define
from festoon.engine.archiving import archived, phase_now
from festoon.engine.engine import Engine
from festoon.engine.epochs import PUBLISHED, Epoch
from festoon.engine.program import Program
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.phases import PHASES
from festoon.store.pool import lent

CAMPAIGN_UNKNOWN = define(
    "campaign.unknown", 404, "there is no published campaign '{campaign}'", "不存在已发布的活动“{campaign}”"
)

TAG = "Campaigns"
CAMPAIGN = Parameter("campaign", "The campaign's id.", where="path", required=True, example="spring-tea")
MECHANIC = Parameter("mechanic", "Its name in the plan.", where="path", required=True, example="tea-draw")


def campaign_of(request: Request, program: Program) -> CompiledCampaign:
    """The campaign that a path names, of those that are published. Raises NotFound."""
    id = request.path_params["campaign"]
    found = program.campaigns.get(id)
    if found is None:
        raise NotFound(CAMPAIGN_UNKNOWN, campaign=id)
    return found


class Campaigns:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def list(self, request: Request) -> CampaignPage:
        now, limit = self._engine.now(), limit_of(request)
        wanted = choice(request, "phase", PHASES)
        (last,) = after(request, str)
        known = self._engine.program.campaigns
        async with lent(self._pool) as connection:
            away = await archived(connection)
        every = (self._answer(id, now, away) for id in sorted(known) if last is None or id > last)
        rows = [each for each in every if each.phase == wanted or (not wanted and each.phase != "archived")]
        page, ended = cut(rows, limit)
        return CampaignPage([*page], None if ended is None else cursor(ended.id))

    async def get(self, request: Request) -> CampaignDetail:
        id = campaign_of(request, self._engine.program).campaign
        async with lent(self._pool) as connection:
            away = await archived(connection)
            accounts = await connection.fetch(
                """SELECT holder, asset, balance FROM shared_account
                   WHERE starts_with(holder, $1 || '/') OR starts_with(asset, $1 || '/')
                   ORDER BY holder, asset""",
                id,
            )
            draws = await connection.fetch(
                f"SELECT {PUBLISHED} FROM draw_epoch WHERE campaign = $1 ORDER BY mechanic, opens", id
            )
        return CampaignDetail(
            **msgspec.structs.asdict(self._answer(id, self._engine.now(), away)),
            accounts=[AccountAnswer(row["holder"], row["asset"], row["balance"]) for row in accounts],
            draws=[Epoch(**row) for row in draws],
        )

    def _answer(self, id: str, now: datetime, away: Collection[str]) -> CampaignAnswer:
        campaign = self._engine.program.campaigns[id]
        schedule = campaign.schedule
        return CampaignAnswer(
            id,
            campaign.version,
            dict(campaign.title),
            phase_now(campaign, now, away),
            campaign.zone.key,
            schedule.start,
            schedule.end,
            schedule.settle,
            [each.id for each in (*campaign.mechanics, *campaign.modifiers)],
        )

    def operations(self) -> tuple[Operation, ...]:
        phase_ = Parameter("phase", "Only those in this phase.", {"type": "string", "enum": list(PHASES)})
        return (
            Operation("GET", "/v1/campaigns", "The campaigns that run now, by id.", "campaigns:read", self.list,
                      CampaignPage, parameters=(phase_, *PAGED), name="campaigns", tag=TAG, pages="campaigns"),
            Operation("GET", "/v1/campaigns/{campaign}",
                      "A campaign with its budget lines, stock, and the commitments of its draws.",
                      "campaigns:read", self.get, CampaignDetail, parameters=(CAMPAIGN,),
                      problems=(CAMPAIGN_UNKNOWN,), name="campaign", tag=TAG),
        )  # fmt: skip
