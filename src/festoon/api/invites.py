"""A member's invite code, and where the running referrals' links lead."""

from collections.abc import Iterator
from urllib.parse import quote

import asyncpg
from starlette.requests import Request

from festoon.api.answers import InviteAnswer, InviteLink
from festoon.api.members import ID, TAG
from festoon.api.operation import Operation
from festoon.engine.engine import Engine
from festoon.engine.invite_codes import invite_code
from festoon.engine.member_acts import number_of
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.mechanics.referral_params import ReferralParams
from festoon.store.pool import lent


class Invites:
    """The endpoint, with what it needs of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def get(self, request: Request) -> InviteAnswer:
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
        code = invite_code(self._engine.program.secret, number)
        return InviteAnswer(code, list(self._links(code)))

    def _links(self, code: str) -> Iterator[InviteLink]:
        now = self._engine.now()
        program = self._engine.program
        for listener in program.by_key.values():
            params = listener.mechanic.params
            runs = not listener.paused and (program.rehearsal or listener.start <= now < listener.end)
            if isinstance(params, ReferralParams) and params.link and runs:
                url = params.link.replace("{code}", quote(code))
                yield InviteLink(listener.campaign.campaign, listener.plan.id, url)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation("GET", "/v1/members/{id:path}/invite",
                      "A member's invite code, and the links of the referrals that run.",
                      "members:read", self.get, InviteAnswer, parameters=(ID,), problems=(MEMBER_UNKNOWN,),
                      name="invite", tag=TAG),
        )  # fmt: skip
