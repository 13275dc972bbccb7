"""Campaigns over the API: what runs, in which phase, with what left of its budget and stock."""

from datetime import datetime

import asyncpg
import msgspec
from starlette.requests import Request

from festoon.api.answers import AccountAnswer, CampaignAnswer, CampaignDetail
from festoon.api.routes import Operation, Parameter
from festoon.base.errors import NotFound, define
from festoon.engine.engine import Engine
from festoon.plan.phases import phase
from festoon.store.pool import lent

CAMPAIGN_UNKNOWN = define(
    "campaign.unknown", 404, "there is no published campaign '{campaign}'", "不存在已发布的活动“{campaign}”"
)


class Campaigns:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def list(self, request: Request) -> dict[str, list[CampaignAnswer]]:
        now = self._engine.now()
        return {"campaigns": [self._answer(campaign, now) for campaign in self._engine.program.campaigns]}

    async def get(self, request: Request) -> CampaignDetail:
        id = request.path_params["id"]
        if id not in self._engine.program.campaigns:
            raise NotFound(CAMPAIGN_UNKNOWN, campaign=id)
        async with lent(self._pool) as connection:
            accounts = await connection.fetch(
                """SELECT holder, asset, balance FROM shared_account
                   WHERE starts_with(holder, $1 || '/') OR starts_with(asset, $1 || '/')
                   ORDER BY holder, asset""",
                id,
            )
            draws = await connection.fetch(
                """SELECT mechanic, name, opens, closes, commitment, public_name, public_value,
                          CASE WHEN revealed IS NOT NULL THEN encode(seed, 'hex') END AS seed
                   FROM draw_epoch WHERE campaign = $1 ORDER BY mechanic, opens""",
                id,
            )
        return CampaignDetail(
            **msgspec.structs.asdict(self._answer(id, self._engine.now())),
            accounts=[AccountAnswer(row["holder"], row["asset"], row["balance"]) for row in accounts],
            draws=[dict(row) for row in draws],
        )

    def _answer(self, id: str, now: datetime) -> CampaignAnswer:
        campaign = self._engine.program.campaigns[id]
        schedule = campaign.schedule
        return CampaignAnswer(
            id,
            campaign.version,
            dict(campaign.title),
            str(phase(schedule, now)),
            campaign.zone.key,
            schedule.start,
            schedule.end,
            schedule.settle,
            [each.id for each in (*campaign.mechanics, *campaign.modifiers)],
        )

    def operations(self) -> tuple[Operation, ...]:
        id = Parameter("id", "The campaign's id.", where="path", required=True)
        return (
            Operation(
                "GET",
                "/v1/campaigns",
                "The campaigns that run now.",
                "campaigns:read",
                self.list,
                dict[str, list[CampaignAnswer]],
            ),
            Operation(
                "GET",
                "/v1/campaigns/{id}",
                "A campaign with its budget lines, stock, and the commitments of its draws.",
                "campaigns:read",
                self.get,
                CampaignDetail,
                parameters=(id,),
                problems=(404,),
            ),
        )
