"""A member's odds in a draw, before he plays: with what raises his weights, and without what cannot be had."""

import asyncpg
from starlette.requests import Request

from festoon.api.answers import Odds, OddsAnswer
from festoon.api.filters import needed
from festoon.api.members import ID, NAME, TAG
from festoon.api.operation import Operation, Parameter
from festoon.base.errors import NotFound, define
from festoon.engine.asking import ask
from festoon.engine.engine import Engine
from festoon.engine.listener import Listener
from festoon.engine.member_acts import number_of
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.program import Program
from festoon.mechanics.draw import Draw
from festoon.store.pool import lent

NO_DRAW = define("draw.unknown", 404, "no draw called '{draw}' runs now", "当前没有正在运行的抽奖“{draw}”")


class MemberOdds:
    """The endpoint, with what it needs of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def get(self, request: Request) -> OddsAnswer:
        program, now = self._engine.program, self._engine.now()
        listener, draw = _draw(program, f"{needed(request, 'campaign')}/{needed(request, 'mechanic')}")
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            rows = await ask(connection, program, number, listener, draw.odds_now, now)
        return OddsAnswer(listener.key, now, [Odds(*row) for row in rows])

    def operations(self) -> tuple[Operation, ...]:
        asked = (
            Parameter("campaign", "The campaign's id.", NAME, required=True, example="spring-tea"),
            Parameter("mechanic", "The draw's name in the plan.", NAME, required=True, example="tea-draw"),
        )
        return (
            Operation("GET", "/v1/members/{id:path}/odds", "A member's odds in a draw, before he plays.",
                      "members:read", self.get, OddsAnswer, parameters=(ID, *asked), problems=(MEMBER_UNKNOWN, NO_DRAW),
                      name="odds", tag=TAG),
        )  # fmt: skip


def _draw(program: Program, key: str) -> tuple[Listener, Draw]:
    listener = program.by_key.get(key)
    if listener is None or not isinstance(listener.mechanic, Draw):
        raise NotFound(NO_DRAW, draw=key)
    return listener, listener.mechanic
