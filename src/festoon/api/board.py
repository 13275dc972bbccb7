"""The live board of a campaign, as JSON; the console shows it."""

import asyncpg
from starlette.requests import Request

from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN, TAG, campaign_of
from festoon.api.operation import Operation
from festoon.engine.engine import Engine
from festoon.insight.board.board import Board as Now
from festoon.insight.board.board import board
from festoon.store.pool import lent


class Board:
    """The endpoint, with what it needs of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def now(self, request: Request) -> Now:
        campaign = campaign_of(request, self._engine.program)
        async with lent(self._pool) as connection:
            return await board(connection, campaign, self._engine.now())

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                "GET", "/v1/campaigns/{campaign}/board",
                "What a campaign is doing: this hour against the same one yesterday, today and altogether.",
                "campaigns:read", self.now, Now, parameters=(CAMPAIGN,), problems=(CAMPAIGN_UNKNOWN,),
                name="board", tag=TAG,
            ),
        )  # fmt: skip
