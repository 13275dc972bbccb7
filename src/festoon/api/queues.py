"""What waits for people, over the API: proofs and parcels. What is decided on them are events."""

from datetime import datetime

import asyncpg
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from festoon.api.filters import choice, text
from festoon.api.held import FIRST_ONLY
from festoon.api.members import ID, NAME
from festoon.api.my_proofs import GONE, SHOWN
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.base.errors import NotFound
from festoon.engine import parcels, reviews
from festoon.engine.engine import Engine
from festoon.engine.handed_in import WORDS, Words, photo_of, words_of
from festoon.engine.member_acts import number_of
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.parcels import STATES, Parcel, Sought
from festoon.engine.priority import first_served
from festoon.engine.reviews import OpenProof
from festoon.store.pool import lent

TAG = "Proofs and parcels"
_CAMPAIGN = Parameter("campaign", "Only of this campaign.", NAME, example="spring-tea")

_PHOTO = Parameter("photo", "Its name, as the list of proofs says it.", where="path", required=True,
                   example="photo:3f0c8a52b1d94e07a6c2f1b08d5e7a90")  # fmt: skip


class Proof(Struct, frozen=True):
    """Something a member handed in that waits for a verdict. `photo` is where he says the picture is, or the
    name of one that is kept here; `words` are what he said; `due` is when it decides itself, null for never; `priority`
    says that his level brings priority support."""

    member: str
    campaign: str
    mechanic: str
    proof: str
    day: str
    photo: str
    due: datetime | None
    words: str = ""
    priority: bool = False


class ProofsAnswer(Struct, frozen=True):
    """A page of proofs that wait, those that have to be decided first before the others."""

    proofs: list[Proof]
    next: str | None


class ParcelsAnswer(Struct, frozen=True):
    """A page of parcels, in the order in which the gifts were given."""

    parcels: list[Parcel]
    next: str | None


class Queues:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def proofs(self, request: Request) -> ProofsAnswer:
        limit, (due, name, number) = limit_of(request), after(request, datetime, str, int)
        place = None if due is None else reviews.After(due, name, number)
        owners = reviews.reviewing(self._engine.program, text(request, "campaign"))
        first = first_served(self._engine.program)
        only = first if choice(request, "priority", ("true",)) else None
        async with lent(self._pool) as connection:
            found = await reviews.open_proofs(
                connection, owners, after=place, limit=limit + 1, first=first, only=only
            )
            page, last = cut(found, limit)
            asked = [(each.number, each.proof) for each in page if each.proof.startswith(WORDS)]
            said = await words_of(connection, asked) if asked else {}
        rows = [_proof(each, said.get((each.number, each.proof))) for each in page]
        return ProofsAnswer(rows, cursor(*last.key()) if last else None)

    async def photo(self, request: Request) -> Response:
        name = request.path_params["photo"]
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            found = None if "\0" in name else await photo_of(connection, number, name, "photo")
        if found is None:
            raise NotFound(GONE)
        return Response(found, headers=SHOWN, media_type="image/jpeg")

    async def parcels(self, request: Request) -> ParcelsAnswer:
        limit, (given, item) = limit_of(request), after(request, datetime, str)
        place = None if given is None else parcels.After(given, item)
        state = choice(request, "state", STATES)
        sought = Sought(text(request, "campaign"), state, text(request, "member"), text(request, "number"))
        async with lent(self._pool) as connection:
            found = await parcels.parcels(connection, sought, after=place, limit=limit + 1)
        page, last = cut(found, limit)
        return ParcelsAnswer(list(page), cursor(last.given, last.item) if last else None)

    def operations(self) -> tuple[Operation, ...]:
        sought = (
            _CAMPAIGN,
            Parameter("state", "Only in this state.", {"type": "string", "enum": list(STATES)}),
            Parameter("member", "Only of this member.", NAME, example="li-hua"),
            Parameter("number", "Only under this number.", NAME, example="SF-1042"),
        )
        return (
            Operation("GET", "/v1/proofs", "What members handed in and waits for a verdict.", "members:read",
                      self.proofs, ProofsAnswer, parameters=(_CAMPAIGN, FIRST_ONLY, *PAGED), name="proofs", tag=TAG,
                      pages="proofs", tells="The verdict is an event: `proof.approved` or `proof.rejected`."),
            Operation("GET", "/v1/members/{id:path}/photos/{photo}", "A photo that a member handed in here.",
                      "members:personal", self.photo, bytes, parameters=(ID, _PHOTO), media="image/jpeg", name="photo",
                      problems=(MEMBER_UNKNOWN, GONE), tag=TAG),
            Operation("GET", "/v1/parcels", "Gifts that are to be sent, without their addresses.", "members:read",
                      self.parcels, ParcelsAnswer, parameters=(*sought, *PAGED), name="parcels", tag=TAG,
                      pages="parcels",
                      tells="What becomes of them are events: `gift.shipped`, `gift.returned`, `gift.delivered`."),
        )  # fmt: skip


def _proof(each: OpenProof, said: Words | None) -> Proof:
    return Proof(
        each.member, each.campaign, each.mechanic, each.proof, each.day.isoformat(),
        each.photo if said is None else said.beside, each.due, "" if said is None else said.words, each.priority,
    )  # fmt: skip
