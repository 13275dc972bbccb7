"""Accepting an invitation on the members' pages: the links that somebody followed before he signed in, told once.

A member's token cannot say `invite.accepted` itself: it could name an inviter by his id, and a device that is not his.
By this it names codes, and the event is ours. Whose link counts, and whether any does, the plan's referrals decide.
"""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.access.tokens import MEMBER
from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN
from festoon.api.filters import body_of
from festoon.api.me import TAG
from festoon.api.operation import Operation
from festoon.api.routes import spoken
from festoon.base.errors import Conflict, NotFound, define, text_of
from festoon.base.events import Event
from festoon.engine.engine import Engine
from festoon.engine.load import Locked
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.outcome import Outcome, Refusal, decode
from festoon.engine.own_rows import himself
from festoon.intake.batcher import Batcher
from festoon.intake.own import OTHER_CAMPAIGN, SOURCE, TOO_OFTEN, Own, Pace
from festoon.mechanics.referral import Referral
from festoon.mechanics.referral_refusals import NOT_NEW
from festoon.plan.compiled import CompiledCampaign
from festoon.store.pool import lent

ACCEPTED = "invite.accepted"
COST = 6
NEW_DAYS = 30
"""How many times 24 hours after registering somebody may still say so himself, whatever a plan leaves open."""
NOT_WANTED = define(
    "referral.not_by_page",
    409,
    "no invitation to {campaign} is accepted on its pages",
    "“{campaign}”不在页面上接受邀请",
    todo="give the code to the platform when the member registers",
    todo_zh="请在会员注册时将邀请码交给平台",
)


class MyInvitation(Struct, frozen=True, forbid_unknown_fields=True):
    """The codes of the invitations that he followed, the first one first."""

    codes: Annotated[
        list[Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{4,24}$")]], Meta(min_length=1, max_length=5)
    ]


class MyInvited(Struct, frozen=True):
    """Whether he counts as invited; when not, `code` and `text` say why."""

    accepted: bool
    code: str = ""
    text: str = ""


class Invitations:
    """The endpoint, with what it needs of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, batcher: Batcher, pace: Pace) -> None:
        self._pool = pool
        self._engine = engine
        self._batcher = batcher
        self._pace = pace

    async def accept(self, request: Request) -> MyInvited:
        key: Key = request.state.key
        self._pace.charge(key.member, COST)
        id = request.path_params["campaign"]
        Own(key.member, key.campaign).check_campaign(id)
        campaign = self._engine.program.campaigns.get(id)
        if campaign is None:
            raise NotFound(CAMPAIGN_UNKNOWN, campaign=id)
        known = _referrals(campaign)
        if not known:
            raise Conflict(NOT_WANTED, campaign=id)
        codes = (await body_of(request, MyInvitation)).codes
        async with lent(self._pool) as connection:
            row = await himself(connection, key.member)
        refused = _old(row, self._engine.now())
        if refused is None:
            refused = await self._told(row.subject, id, known, codes)
        if refused is None:
            return MyInvited(accepted=True)
        return MyInvited(False, refused.code, text_of(refused.code, refused.data, spoken(request)))

    async def _told(
        self, member: str, campaign: str, known: dict[str, Referral], codes: list[str]
    ) -> Refusal | None:
        """Say which links were followed, and that he accepts; why no referral takes it, when none does."""
        name = f"invitation/{campaign}/{_digest(codes)}"
        touches = {each.touch for each in known.values() if each.touch is not None}
        for touch in sorted(touches):
            for place, code in enumerate(codes):
                await self._send(f"{name}/{touch}/{place}", touch, member, {"code": code})
        said = {} if all(each.touch for each in known.values()) else {"code": codes[0]}
        outcome = await self._send(name, ACCEPTED, member, said)
        made = [each for each in outcome.mechanics if each.mechanic in known]
        if any(each.refused is None for each in made):
            return None
        return next((each.refused for each in made), None) or Refusal(NOT_WANTED, {"campaign": campaign})

    async def _send(self, id: str, type_: str, member: str, data: dict[str, str]) -> Outcome:
        event = Event(SOURCE, id, type_, member, self._engine.now(), data)
        answer = await self._batcher.submit(event)
        if answer.error is not None:
            raise answer.error
        return decode(answer.outcome)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation("POST", "/v1/me/campaigns/{campaign}/invitation",
                      "Accept an invitation: by the codes of the links that the member followed.",
                      MEMBER, self.accept, MyInvited, MyInvitation, (CAMPAIGN,),
                      (CAMPAIGN_UNKNOWN, OTHER_CAMPAIGN, MEMBER_UNKNOWN, TOO_OFTEN, NOT_WANTED),
                      name="accept_invitation", tag=TAG, repeatable=True,
                      tells="The same codes again get the answer that they got."),
        )  # fmt: skip


def _referrals(campaign: CompiledCampaign) -> dict[str, Referral]:
    """The referrals that an accepted invitation is for, by name."""
    return {
        each.key: each.mechanic
        for each in campaign.mechanics
        if isinstance(each.mechanic, Referral) and ACCEPTED in each.mechanic.accepts
    }


def _old(row: Locked, now: datetime) -> Refusal | None:
    """Why somebody is a member too long to say so himself, or None."""
    if row.registered is not None and now - row.registered > timedelta(days=NEW_DAYS):
        return Refusal(NOT_NEW, {"days": NEW_DAYS})
    return None


def _digest(codes: list[str]) -> str:
    return blake2b(" ".join(codes).upper().encode(), digest_size=12).hexdigest()
