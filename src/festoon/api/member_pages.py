"""Looking at members over the API: search, the sheet, events with what came of them, and why he was not given it."""

from collections.abc import Callable
from typing import Any

import asyncpg
from msgspec import Struct
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.api.filters import moment, needed, text
from festoon.api.members import ID, NAME, TAG
from festoon.api.naming import Names
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, limit_of
from festoon.api.routes import spoken
from festoon.engine import member_search
from festoon.engine.engine import Engine
from festoon.engine.member_acts import number_of
from festoon.engine.member_search import PAGE_INVALID, TOO_SHORT, Page
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.insight.member.events import MemberEvent, events
from festoon.insight.member.sheet import Sheet, sheet
from festoon.insight.member.why import Asked, Why, why
from festoon.members.masking import masked
from festoon.store.pool import lent

PERSONAL = "members:personal"


class MemberEvents(Struct, frozen=True):
    """A page of events, newest first."""

    events: list[MemberEvent]
    next: str | None


class MemberPages:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def search(self, request: Request) -> Page:
        said, limit = needed(request, "q"), limit_of(request)
        async with lent(self._pool) as connection:
            return await member_search.search(
                connection, said, after=text(request, "after"), limit=limit, show=shown_to(request)
            )

    async def sheet(self, request: Request) -> Sheet:
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            return await sheet(
                connection,
                self._engine.program,
                number,
                self._engine.now(),
                spoken(request),
                shown_to(request),
            )

    async def events(self, request: Request) -> MemberEvents:
        limit = limit_of(request)
        (before,) = after(request, int)
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            found = await events(connection, number, before=before, limit=limit)
        return MemberEvents(found, cursor(found[-1].seq) if len(found) == limit else None)

    async def why(self, request: Request) -> Why:
        campaign, _, mechanic = needed(request, "mechanic").partition("/")
        program = self._engine.program
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            asked = Asked(
                number, campaign, mechanic, self._engine.now(), spoken(request), text(request, "event"),
                moment(request, "at"), Names(program, spoken(request)),
            )  # fmt: skip
            return await why(connection, program, asked)

    def operations(self) -> tuple[Operation, ...]:
        asked = (
            Parameter("mechanic", "`campaign/mechanic`.", NAME, required=True, example="spring-tea/tea-draw"),
            Parameter("event", "The id of one event; the latest that fits without.", NAME, example="o-1"),
            Parameter("at", "Only what happened up to then.", {"type": "string", "format": "date-time"},
                      example="2027-04-02T02:00:00Z"),
        )  # fmt: skip
        wanted = Parameter("q", "What to look for.", NAME, required=True, example="li-")
        return (
            Operation("GET", "/v1/members",
                      "Members by number (#17), the beginning of an id or a name, the end of a phone number.",
                      "members:read", self.search, Page, parameters=(wanted, *PAGED),
                      problems=(PAGE_INVALID, TOO_SHORT),
                      name="search_members", tag=TAG, pages="members",
                      tells="Personal fields are masked, and whole for a key with the scope `members:personal`."),
            Operation("GET", "/v1/members/{id:path}/sheet", "Everything about a member on one sheet.",
                      "members:read", self.sheet, Sheet, parameters=(ID,), problems=(MEMBER_UNKNOWN,),
                      name="member_sheet", tag=TAG,
                      tells="Personal fields are masked, and whole for a key with the scope `members:personal`."),
            Operation("GET", "/v1/members/{id:path}/events", "A member's events with what each came to, newest first.",
                      "members:read", self.events, MemberEvents, parameters=(ID, *PAGED), problems=(MEMBER_UNKNOWN,),
                      name="member_events", tag=TAG, pages="events"),
            Operation("GET", "/v1/members/{id:path}/why", "Why a mechanic gave a member something, or did not.",
                      "members:read", self.why, Why, parameters=(ID, *asked), problems=(MEMBER_UNKNOWN,),
                      name="why", tag=TAG),
        )  # fmt: skip


def shown_to(request: Request) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Personal fields whole for a key that may read them, masked for any other."""
    key: Key = request.state.key
    return member_search.whole if PERSONAL in key.scopes else masked
