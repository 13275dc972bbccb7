"""The live board of a campaign: its figures as JSON, and the page that shows them and keeps them fresh."""

import asyncpg
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN, TAG
from festoon.api.operation import Operation
from festoon.api.routes import problem_response, spoken
from festoon.base.errors import NotFound
from festoon.engine.engine import Engine
from festoon.insight.board.board import Board as Now
from festoon.insight.board.board import board
from festoon.insight.live import LiveBoard, live_board, live_page
from festoon.plan.compiled import CompiledCampaign


class Board:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def live(self, request: Request) -> LiveBoard:
        async with self._pool.acquire() as connection:  # a proxy with all of a connection's methods
            return await live_board(connection, self._campaign(request), self._engine.now())  # type: ignore[arg-type]

    async def now(self, request: Request) -> Now:
        async with self._pool.acquire() as connection:
            return await board(connection, self._campaign(request), self._engine.now())  # type: ignore[arg-type]

    async def page(self, request: Request) -> Response:
        language = spoken(request)
        try:
            campaign = self._campaign(request)
        except NotFound as unknown:
            return problem_response(unknown, language)
        return HTMLResponse(live_page(campaign, language), headers={"content-language": language})

    def _campaign(self, request: Request) -> CompiledCampaign:
        id = request.path_params["campaign"]
        found = self._engine.program.campaigns.get(id)
        if found is None:
            raise NotFound(CAMPAIGN_UNKNOWN, campaign=id)
        return found

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                "GET", "/v1/campaigns/{campaign}/board",
                "What a campaign is doing: this hour against the same one yesterday, today and altogether.",
                "campaigns:read", self.now, Now, parameters=(CAMPAIGN,), problems=(CAMPAIGN_UNKNOWN,),
                name="board", tag=TAG,
            ),
            Operation(
                "GET", "/v1/campaigns/{campaign}/live",
                "The live board: what the last hour brought, what is left of every budget line and stock.",
                "campaigns:read", self.live, LiveBoard, parameters=(CAMPAIGN,), problems=(CAMPAIGN_UNKNOWN,),
                name="live", tag=TAG,
            ),
        )  # fmt: skip

    def pages(self) -> list[BaseRoute]:
        """Pages for people. The page itself holds nothing; what it shows it asks for with the reader's key."""
        return [Route("/live/{campaign}", self.page)]
