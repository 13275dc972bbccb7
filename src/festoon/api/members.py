"""Members over the API: one whole, his statement, and making one known."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from festoon.access.tokens import LONGEST_SUBJECT, SCOPE, minted, signing_secret
from festoon.api.answers import EventAnswer, Item, MechanicProgress, MemberAnswer, NewMember, StatementAnswer
from festoon.api.filters import LONGEST_NAME, PARAMETER_INVALID, body_of, text
from festoon.api.my_answers import NewToken, TokenAnswer
from festoon.api.operating import SENDING
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, limit_of
from festoon.api.routes import spoken
from festoon.base.clock import wall
from festoon.base.errors import Invalid
from festoon.engine.arms import ARMS
from festoon.engine.held_list import held
from festoon.engine.member_acts import number_of
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.priority import first_served
from festoon.engine.progress import states_of
from festoon.engine.statement import balances, statement
from festoon.engine.wearing import worn_among
from festoon.intake.asgi import JSON
from festoon.intake.batcher import Batcher
from festoon.intake.cloudevents import CloudEvent
from festoon.intake.door import Door
from festoon.intake.http import present
from festoon.intake.measures import EVENTS
from festoon.members.consents import SAID, answers_of
from festoon.store.pool import lent

TAG = "Members"
ID = Parameter("id", "The member's external id.", where="path", required=True, example="li-hua")
NAME = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
"""The schema of a parameter that names something."""


class Members:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, batcher: Batcher, door: Door) -> None:
        self._pool = pool
        self._batcher = batcher
        self._door = door

    async def get(self, request: Request) -> MemberAnswer:
        engine = self._batcher.engine
        now = None if engine.program.rehearsal else engine.now()  # a rehearsal's clock is that of its events
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            (member,) = await connection.fetch(
                "SELECT subject, registered, profile FROM member WHERE id = $1", number
            )
            ids = await connection.fetch(
                "SELECT subject FROM identity WHERE member_id = $1 ORDER BY 1", number
            )
            items = await connection.fetch(
                """SELECT id, kind, ref, state, given, campaign, mechanic, expires, code, serial
                   FROM item WHERE member_id = $1 ORDER BY given DESC, id LIMIT 200""",
                number,
            )
            progress = await connection.fetch(
                """SELECT campaign, mechanic, state FROM progress
                   WHERE member_id = $1 ORDER BY campaign, mechanic LIMIT 500""",
                number,
            )
            profile = msgspec.json.decode(member["profile"])
            worn = await worn_among(connection, number, items, now)
            return MemberAnswer(
                member["subject"],
                number,
                [each["subject"] for each in ids],
                member["registered"],
                {name: value for name, value in profile.items() if name != SAID},
                await balances(connection, number, now),
                [shown_item(each, now, worn) for each in items],
                list(_progress(progress)),
                await held(connection, member=member["subject"]),
                answers_of(profile),
                first_served(engine.program).holds(profile),
            )

    async def statement(self, request: Request) -> StatementAnswer:
        limit = limit_of(request)
        (before,) = after(request, int)
        asset = text(request, "asset")
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            lines = await statement(connection, number, asset=asset, before=before, limit=limit)
        seqs = {int(line.id.partition("-")[0]) for line in lines}
        return StatementAnswer(lines, cursor(min(seqs)) if len(seqs) == limit else None)

    async def post(self, request: Request) -> Response:
        new = await body_of(request, NewMember)
        type_ = "member.imported" if new.imported else "member.registered"
        given = CloudEvent(new.event_id, new.source, type_, new.id, "1.0", new.time, new.data)
        event = self._door.admit(given, self._batcher.engine.now(), request.state.key.scopes)
        answer = await self._batcher.submit(event)
        EVENTS.count(answer.kind)
        if answer.error is not None:
            raise answer.error
        return Response(
            present(event, answer, spoken(request), self._batcher.engine.program), media_type=JSON.decode()
        )

    async def token(self, request: Request) -> TokenAnswer:
        """Nobody has to be a member yet: who is not becomes one by his first event."""
        wanted = await body_of(request, NewToken)
        member, key = request.path_params["id"], request.state.key.id
        if not 0 < len(member) <= LONGEST_SUBJECT or "\0" in member:
            raise Invalid(PARAMETER_INVALID, "id", name="id", reason=f"1–{LONGEST_SUBJECT}")
        async with lent(self._pool) as connection:
            secret = await signing_secret(connection, key)
        now = wall()
        made = minted(secret, key, member, now, wanted.seconds, wanted.campaign)
        return TokenAnswer(made, member, now + timedelta(seconds=wanted.seconds))

    def operations(self) -> tuple[Operation, ...]:
        asset = Parameter("asset", "Only this asset.", NAME)
        return (
            Operation("GET", "/v1/members/{id:path}/statement",
                      "Every change of a member's balances with its reason, newest first.",
                      "members:read", self.statement, StatementAnswer, parameters=(ID, asset, *PAGED),
                      problems=(MEMBER_UNKNOWN,), name="statement", tag=TAG, pages="lines"),
            Operation("GET", "/v1/members/{id:path}", "A member's profile, balances, items and progress.",
                      "members:read", self.get, MemberAnswer, parameters=(ID,), problems=(MEMBER_UNKNOWN,),
                      name="member", tag=TAG),
            Operation("POST", "/v1/members/{id:path}/token",
                      "Mint a member's token, by which his browser acts for him, for an hour at the most.",
                      SCOPE, self.token, TokenAnswer, NewToken, (ID,), problems=(PARAMETER_INVALID,), name="mint_token",
                      tag=TAG, repeatable=True, tells="Nobody has to be a member yet."),
            Operation("POST", "/v1/members",
                      "Make a member known: a registration or an import, an event like any other.",
                      "members:write", self.post, EventAnswer, NewMember, problems=SENDING,
                      name="register", tag=TAG, repeatable=True,
                      tells="It may be sent again as it is: it acts once, by its `event_id`."),
        )  # fmt: skip


def shown_item(row: asyncpg.Record, now: datetime | None, worn: frozenset[str]) -> Item:
    """An item as it is now, also in the moment before its timer has noted that it lapsed."""
    expires = row["expires"] if row["expires"].year < 9999 else None
    lapsed = (
        now is not None and expires is not None and expires <= now and row["state"] in ("owned", "awaiting")
    )
    return Item(
        row["id"],
        row["kind"],
        row["ref"],
        "expired" if lapsed else row["state"],
        row["given"],
        row["campaign"],
        row["mechanic"],
        expires,
        row["code"],
        row["serial"],
        row["id"] in worn,
    )


def _progress(rows: Sequence[asyncpg.Record]) -> Iterator[MechanicProgress]:
    for campaign, found in groupby(rows, lambda row: str(row["campaign"])):
        states = states_of((row["mechanic"], row["state"]) for row in found)
        for mechanic, state in sorted(states.items()):
            if mechanic == ARMS:
                continue
            body = msgspec.json.decode(state)
            yield MechanicProgress(f"{campaign}/{mechanic}", body.get("given", 0), body.get("state"))
