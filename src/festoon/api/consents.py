"""Consents over the API: what holds and how it came about, an operator's note of one, and the member's own side."""

from datetime import datetime
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.access.tokens import MEMBER
from festoon.api.campaigns import CAMPAIGN_UNKNOWN
from festoon.api.filters import body_of, text
from festoon.api.me import TAG as OWN
from festoon.api.member_acts import ActAnswer, ActKey, Reason
from festoon.api.members import ID, NAME
from festoon.api.naming import Names
from festoon.api.once import act_key
from festoon.api.operating import OPERATING
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, limit_of
from festoon.api.routes import actor_of, spoken
from festoon.base.channels import ChannelName
from festoon.base.errors import NotFound
from festoon.engine.consenting import UNKNOWN_CHANNEL, asked
from festoon.engine.member_acts import Said, consent, number_of
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.own_rows import profile_of
from festoon.insight.member.consents import SaidOnce, history
from festoon.intake.batcher import Batcher
from festoon.intake.own import OTHER_CAMPAIGN, TOO_OFTEN, Own, Pace
from festoon.members.consents import Answer, answer_of, answers_of
from festoon.plan.compiled import Consent
from festoon.store.pool import lent

TAG = "Consents"
Version = Annotated[str, Meta(min_length=1, max_length=200)]


class MemberConsents(Struct, frozen=True):
    """Where a member may be written to, and what was said of it, newest first. Of channels that are not there he was
    never asked: that is no consent."""

    consents: list[Answer]
    history: list[SaidOnce]
    next: str | None


class Consenting(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member said of a channel, and how it is known (`reason`). `key` makes it safe to send again."""

    channel: ChannelName
    agreed: bool
    reason: Reason
    wording: Version | None = None
    where: Version | None = None
    key: ActKey = ""


class MyConsent(Struct, frozen=True, omit_defaults=True):
    """A channel he is asked about: what it is called, what he would agree to, and what he has said; `agreed` is null as
    long as he has said nothing."""

    channel: str
    title: str
    agreed: bool | None
    text: str = ""
    wording: str = ""
    since: datetime | None = None


class MyConsents(Struct, frozen=True):
    """The channels of the campaign, and any other that he has agreed to. He answers by `consent.changed`."""

    consents: list[MyConsent]


class Consents:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, batcher: Batcher, pace: Pace) -> None:
        self._pool = pool
        self._batcher = batcher
        self._pace = pace

    async def get(self, request: Request) -> MemberConsents:
        limit = limit_of(request)
        (before,) = after(request, int)
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            profile = await profile_of(connection, number)
            found = await history(connection, number, before=before, limit=limit)
        further = None if found.before is None else cursor(found.before)
        return MemberConsents(answers_of(profile), found.lines, further)

    async def post(self, request: Request) -> ActAnswer:
        said = await body_of(request, Consenting)
        async with lent(self._pool) as connection:
            outcome = await consent(
                connection, self._batcher.submit, request.path_params["id"],
                Said(said.channel, said.agreed, said.wording, said.where), said.reason, actor_of(request),
                self._batcher.engine.now(), said.key or act_key(request),
            )  # fmt: skip
        return ActAnswer(outcome)

    async def mine(self, request: Request) -> MyConsents:
        key: Key = request.state.key
        self._pace.charge(key.member)
        program = self._batcher.engine.program
        campaign = text(request, "campaign") or key.campaign
        Own(key.member, key.campaign).check_campaign(campaign)
        if campaign and campaign not in program.campaigns:
            raise NotFound(CAMPAIGN_UNKNOWN, campaign=campaign)
        names = Names(program, spoken(request))
        async with lent(self._pool) as connection:
            number = await connection.fetchval(
                "SELECT member_id FROM identity WHERE subject = $1", key.member
            )
            profile = {} if number is None else await profile_of(connection, number)
        everywhere = asked(program)
        channels = asked(program, campaign) if campaign else declared_in(everywhere)
        for each in answers_of(profile):
            named = Consent(each.channel, {"en": each.channel})
            channels.setdefault(each.channel, everywhere.get(each.channel, named))
        return MyConsents(
            [_mine(each, answer_of(profile, each.channel), names) for each in channels.values()]
        )

    def operations(self) -> tuple[Operation, ...]:
        campaign = Parameter("campaign", "Only the channels of a campaign, and what he has answered.", NAME)
        again = "With a `key`, which names it for good, or an `Idempotency-Key` it may be sent again: it acts once."
        at = "/v1/members/{id:path}/consents"
        return (
            Operation("GET", at, "Where a member may be written to, and what was said of it when, by whom, and where.",
                      "members:read", self.get, MemberConsents, parameters=(ID, *PAGED), problems=(MEMBER_UNKNOWN,),
                      name="consents", tag=TAG, pages="history"),
            Operation("POST", at, "Note that a member agrees to be written to by a channel, or does no longer.",
                      "events:operate", self.post, ActAnswer, Consenting, (ID,), (*OPERATING, UNKNOWN_CHANNEL),
                      name="consent", tag=TAG, tells=again, once=True),
            Operation("GET", "/v1/me/consents", "The channels that the member is asked about, and what he has said.",
                      MEMBER, self.mine, MyConsents, parameters=(campaign,),
                      problems=(CAMPAIGN_UNKNOWN, OTHER_CAMPAIGN, TOO_OFTEN), name="my_consents", tag=OWN),
        )  # fmt: skip


def declared_in(channels: dict[str, Consent]) -> dict[str, Consent]:
    """Those that some plan asks about."""
    return {name: each for name, each in channels.items() if each.wording}


def _mine(channel: Consent, answer: Answer | None, names: Names) -> MyConsent:
    return MyConsent(
        channel.channel,
        names.said(channel.title),
        None if answer is None else answer.agreed,
        names.said(channel.text) if channel.text else "",
        channel.wording,
        None if answer is None else answer.at,
    )
