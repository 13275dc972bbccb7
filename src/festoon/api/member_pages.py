"""Looking at members over the API: search, the sheet, events with what came of them, and why he was not given it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
from msgspec import Struct
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.api.routes import PARAMETER_INVALID, PARAMETER_MISSING, Operation, Parameter, spoken, text, whole
from festoon.base.errors import Invalid
from festoon.engine import member_search
from festoon.engine.engine import Engine
from festoon.engine.member_acts import number_of
from festoon.engine.member_search import Page
from festoon.engine.outcome import Outcome
from festoon.insight.member.events import events
from festoon.insight.member.sheet import Sheet, sheet
from festoon.insight.member.why import Asked, Why, why
from festoon.members.masking import masked
from festoon.store.pool import lent

PERSONAL = "members:personal"


class MemberEvent(Struct, frozen=True):
    """An event as the journal keeps it, without what is personal, and what it came to."""

    seq: int
    source: str
    id: str
    type: str
    time: datetime
    received: datetime
    data: dict[str, Any]
    outcome: Outcome


class MemberEvents(Struct, frozen=True):
    """A page of events, newest first. `next` is what to pass as `before`, or null at the end."""

    events: list[MemberEvent]
    next: int | None


class MemberPages:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def search(self, request: Request) -> Page:
        said = text(request, "q")
        if said is None:
            raise Invalid(PARAMETER_MISSING, "q", name="q")
        limit = whole(request, "limit", 20, 1, 100) or 20
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
        limit = whole(request, "limit", 20, 1, 100) or 20
        before = whole(request, "before", None, 1, 2**62)
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            found = await events(connection, number, before=before, limit=limit)
        shown = [
            MemberEvent(
                each.seq, each.source, each.id, each.type, each.time, each.received, each.data, each.outcome
            )
            for each in found
        ]
        return MemberEvents(shown, found[-1].seq if len(found) == limit else None)

    async def why(self, request: Request) -> Why:
        named = text(request, "mechanic")
        if named is None:
            raise Invalid(PARAMETER_MISSING, "mechanic", name="mechanic")
        campaign, _, mechanic = named.partition("/")
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            asked = Asked(
                number, campaign, mechanic, self._engine.now(), spoken(request), text(request, "event"),
                _instant(request),
            )  # fmt: skip
            return await why(connection, self._engine.program, asked)

    def operations(self) -> tuple[Operation, ...]:
        id = Parameter("id", "The member's external id.", where="path", required=True)
        return (
            Operation(
                "GET", "/v1/members", "Members by number (#17), the beginning of an id or a name, the end of a phone.",
                "members:read", self.search, Page,
                parameters=(
                    Parameter("q", "What to look for.", required=True),
                    Parameter("limit", "Members a page, 1 to 100.", {"type": "integer", "default": 20}),
                    Parameter("after", "The `next` of the page before."),
                ),
                problems=(400,),
            ),
            Operation(
                "GET", "/v1/members/{id:path}/sheet", "Everything about a member on one sheet; personal fields masked.",
                "members:read", self.sheet, Sheet, parameters=(id,), problems=(404,),
            ),
            Operation(
                "GET", "/v1/members/{id:path}/events", "A member's events with what each came to, newest first.",
                "members:read", self.events, MemberEvents,
                parameters=(
                    id,
                    Parameter("limit", "Events a page, 1 to 100.", {"type": "integer", "default": 20}),
                    Parameter("before", "The `next` of the page before.", {"type": "integer"}),
                ),
                problems=(400, 404),
            ),
            Operation(
                "GET", "/v1/members/{id:path}/why", "Why a mechanic gave a member something, or did not.",
                "members:read", self.why, Why,
                parameters=(
                    id,
                    Parameter("mechanic", "`campaign/mechanic`.", required=True),
                    Parameter("event", "The id of one event; the latest that fits without."),
                    Parameter("at", "Only what happened up to then.", {"type": "string", "format": "date-time"}),
                ),
                problems=(400, 404),
            ),
        )  # fmt: skip


def shown_to(request: Request) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Personal fields whole for a key that may read them, masked for any other."""
    key: Key = request.state.key
    return member_search.whole if PERSONAL in key.scopes else masked


def _instant(request: Request) -> datetime | None:
    said = text(request, "at")
    if said is None:
        return None
    try:
        at = datetime.fromisoformat(said.replace(" ", "+"))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Invalid(PARAMETER_INVALID, "at", name="at", reason="RFC 3339") from None
