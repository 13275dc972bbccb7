"""What a member hands in himself: a photo, or words, kept by us and named for the event that says so.

A photo is drawn anew before it is kept. It is only ever handed out as a JPEG that nothing may be done with.
"""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

import asyncpg
import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from festoon.access.keys import Key
from festoon.access.tokens import MEMBER
from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN, MECHANIC
from festoon.api.filters import body_of, choice, raw_body
from festoon.api.me import TAG
from festoon.api.operation import Operation, Parameter
from festoon.api.redrawing import redrawn
from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.engine import Engine
from festoon.engine.handed_in import (
    LONGEST_WORDS,
    PHOTO,
    TOO_MANY,
    WORDS,
    HandedIn,
    check_day,
    keep,
    known,
    named,
    photo_of,
)
from festoon.engine.listener import Listener
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.mine import acts_of
from festoon.engine.own_rows import himself
from festoon.intake.own import OTHER_CAMPAIGN, TOO_OFTEN, Own, Pace
from festoon.mechanics.proof import PHOTO_WANTED, WORDS_WANTED, Reviewing
from festoon.members.picture import LARGEST, NO_PICTURE, WRONG_SIZE, looked_at
from festoon.plan.phases import phase
from festoon.store.pool import lent

MADE, SUBMITTED = "check_in.made", "proof.submitted"
KINDS = ("image/jpeg", "image/png", "image/webp")
COST = 3
"""What a photo costs of a member's pace: drawing it is work."""
SIZES: tuple[Literal["photo", "small"], ...] = ("photo", "small")
NOT_WANTED = define(
    "photo.not_wanted",
    409,
    "nothing is handed in for {mechanic} now",
    "“{mechanic}”目前不接受提交",
    todo="look at the campaign's page",
    todo_zh="请查看活动页面",
)
GONE = define("photo.gone", 404, "there is no such photo of yours", "没有该照片，或已删除")
SHOWN = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "content-disposition": 'attachment; filename="photo.jpg"',
    "cache-control": "private, max-age=3600",
    "cross-origin-resource-policy": "same-site",
}
"""Headers under which a photo is nothing but a photo."""


class MyProof(Struct, frozen=True):
    """What was handed in, by the name that an event says it by: `check_in.made` in `photo` (words in `proof`),
    `proof.submitted` in `proof`."""

    proof: str


class MyWords(Struct, frozen=True, forbid_unknown_fields=True):
    """A proof in words, and the name of the photo that belongs to it, or ""."""

    words: Annotated[str, Meta(min_length=1, max_length=LONGEST_WORDS)]
    photo: Annotated[str, Meta(max_length=64)] = ""


class MyProofs:
    """The endpoints, with what they need of the process. One photo is drawn at a time; the others wait."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, pace: Pace) -> None:
        self._pool = pool
        self._engine = engine
        self._pace = pace
        self._drawing = asyncio.Semaphore(1)

    async def photo(self, request: Request) -> MyProof:
        member, listener, now = await self._asked(request, COST)
        _check_kind(listener, PHOTO, "")
        body = await raw_body(request)
        picture = looked_at(body)
        name = named(PHOTO, self._engine.program.secret, member, body)
        given = _given(member, name, listener, now)
        async with lent(self._pool) as connection:
            if await known(connection, member, name):
                return MyProof(name)
            await check_day(connection, member, given.day)
        async with self._drawing:
            large, small = await asyncio.to_thread(redrawn, body, picture)
        async with lent(self._pool) as connection:
            await keep(connection, msgspec.structs.replace(given, photo=large, small=small))
        return MyProof(name)

    async def words(self, request: Request) -> MyProof:
        member, listener, now = await self._asked(request, 1)
        said = await body_of(request, MyWords)
        _check_kind(listener, WORDS, said.photo)
        content = msgspec.json.encode([listener.key, said.words, said.photo])
        name = named(WORDS, self._engine.program.secret, member, content)
        given = _given(member, name, listener, now)
        async with lent(self._pool) as connection:
            await keep(connection, msgspec.structs.replace(given, words=said.words, beside=said.photo))
        return MyProof(name)

    async def picture(self, request: Request) -> Response:
        key: Key = request.state.key
        self._pace.charge(key.member)
        name, size = request.path_params["proof"], choice(request, "size", SIZES)
        found = None
        if "\0" not in name:
            async with lent(self._pool) as connection:
                row = await himself(connection, key.member)
                found = await photo_of(connection, row.number, name, "small" if size == "small" else "photo")
        if found is None:
            raise NotFound(GONE)
        return Response(found, headers=SHOWN, media_type="image/jpeg")

    async def _asked(self, request: Request, cost: int) -> tuple[int, Listener, datetime]:
        """Whose it is, for what, and when. Raises what the member may not, and Conflict where nothing is wanted."""
        key: Key = request.state.key
        self._pace.charge(key.member, cost)
        campaign, mechanic = request.path_params["campaign"], request.path_params["mechanic"]
        Own(key.member, key.campaign).check_campaign(campaign)
        program, now = self._engine.program, self._engine.now()
        if campaign not in program.campaigns:
            raise NotFound(CAMPAIGN_UNKNOWN, campaign=campaign)
        listener = program.by_key.get(f"{campaign}/{mechanic}")
        runs = phase(program.campaigns[campaign].schedule, now) == "running"
        if listener is None or listener.paused or not runs or not _wants(listener):
            raise Conflict(NOT_WANTED, mechanic=mechanic)
        async with lent(self._pool) as connection:
            row = await himself(connection, key.member)
        return row.number, listener, now

    def operations(self) -> tuple[Operation, ...]:
        at, two = "/v1/me/campaigns/{campaign}/proofs/{mechanic}", (CAMPAIGN, MECHANIC)
        problems = (CAMPAIGN_UNKNOWN, OTHER_CAMPAIGN, MEMBER_UNKNOWN, TOO_OFTEN, NOT_WANTED, TOO_MANY)
        proof = Parameter("proof", "What it was named.", where="path", required=True,
                          example="photo:3f0c8a52b1d94e07a6c2f1b08d5e7a90")  # fmt: skip
        return (
            Operation("POST", at + "/photo", "Hand in a photo: it is drawn anew, kept, and named.",
                      MEMBER, self.photo, MyProof, parameters=two,
                      problems=(*problems, WORDS_WANTED, NO_PICTURE, WRONG_SIZE),
                      name="hand_in_photo", tag=TAG, largest=LARGEST, bodies=KINDS, repeatable=True,
                      tells="The same photo again has the same name. What counts is the event that names it."),
            Operation("POST", at + "/words", "Hand in a proof in words, with a photo of before if there is one.",
                      MEMBER, self.words, MyProof, MyWords, two, (*problems, PHOTO_WANTED),
                      name="hand_in_words", tag=TAG, repeatable=True),
            Operation("GET", "/v1/me/proofs/{proof}", "A photo that the member handed in.",
                      MEMBER, self.picture, bytes, name="my_photo", tag=TAG, media="image/jpeg",
                      parameters=(proof, Parameter("size", "`small` for one of 320 pixels at the most.",
                                                   {"type": "string", "enum": [*SIZES]})),
                      problems=(GONE, MEMBER_UNKNOWN, TOO_OFTEN)),
        )  # fmt: skip


def _check_kind(listener: Listener, said: str, photo: str) -> None:
    """Raises Refused for what the plan does not want."""
    review: Reviewing | None = getattr(listener.mechanic, "review", None)
    if review is not None:
        review.check_kind(said, photo)


def _wants(listener: Listener) -> bool:
    """Whether members hand in something for a mechanic themselves."""
    acts, reviewed = set(acts_of(listener)), getattr(listener.mechanic.params, "review", None) is not None
    return SUBMITTED in acts or (reviewed and MADE in acts)


def _given(member: int, name: str, listener: Listener, now: datetime) -> HandedIn:
    campaign = listener.campaign
    return HandedIn(
        member, name, campaign.campaign, listener.plan.id, now.astimezone(campaign.zone).date(), now
    )
