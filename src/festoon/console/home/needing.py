"""What waits for somebody: each kind with who can do something about it, and how many there are, up to a bound."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import asyncpg
from msgspec import Struct

from festoon.engine.amendments import waiting_for_more
from festoon.engine.appointments import NOBODY
from festoon.engine.campaign_list import PlanVersion, waiting
from festoon.engine.compensation_lists import listed
from festoon.engine.held_list import held
from festoon.engine.outside import figures
from festoon.engine.parcels import Sought, parcels
from festoon.engine.program import Program
from festoon.engine.requests import waiting as requests_waiting
from festoon.engine.reviews import open_proofs, reviewing

MOST = 20
SOON = timedelta(days=7)


class Need(Struct, frozen=True):
    """How many of something wait. `capability` is what it takes; `more` says that there are more than were counted."""

    kind: str
    capability: str
    count: int
    more: bool = False


Count = Callable[[asyncpg.Connection, Program, str, datetime], Awaitable[int]]


async def _held(connection: asyncpg.Connection, _program: Program, _actor: str, _now: datetime) -> int:
    return len(await held(connection, why="risk", limit=MOST + 1))


async def _proofs(connection: asyncpg.Connection, program: Program, _actor: str, _now: datetime) -> int:
    return len(await open_proofs(connection, reviewing(program), limit=MOST + 1))


async def _parcels(connection: asyncpg.Connection, _program: Program, _actor: str, _now: datetime) -> int:
    return len(await parcels(connection, Sought(state="ordered"), limit=MOST + 1))


async def _requests(connection: asyncpg.Connection, _program: Program, actor: str, _now: datetime) -> int:
    return sum(each.maker != actor for each in await requests_waiting(connection, limit=MOST + 1))


async def _more(connection: asyncpg.Connection, _program: Program, actor: str, _now: datetime) -> int:
    return sum(each.maker != actor for each in await waiting_for_more(connection))


async def _grants(connection: asyncpg.Connection, _program: Program, actor: str, _now: datetime) -> int:
    found = await listed(connection, None, "in_review", (None, None), MOST + 1)
    return sum(status.maker != actor for status, _ in found)


async def _figures(connection: asyncpg.Connection, _program: Program, actor: str, _now: datetime) -> int:
    return sum(each.maker != actor for each in await figures(connection, state="waiting", limit=MOST + 1))


async def _draws(connection: asyncpg.Connection, _program: Program, _actor: str, now: datetime) -> int:
    """Draws and other appointments of the next days."""
    found: int = await connection.fetchval(
        """SELECT count(*) FROM timer
           WHERE member_id = (SELECT id FROM member WHERE subject = $1) AND due < $2""",
        NOBODY, now + SOON,
    )  # fmt: skip
    return found


KINDS: tuple[tuple[str, str, Count], ...] = (
    ("held", "held:decide", _held),
    ("proofs", "proofs:judge", _proofs),
    ("parcels", "parcels:ship", _parcels),
    ("requests", "members:sign", _requests),
    ("more", "campaign:sign", _more),
    ("grants", "grants:sign", _grants),
    ("draws", "draws:run", _draws),
    ("figures", "figures:sign", _figures),
)


async def needs_of(
    connection: asyncpg.Connection, program: Program, capabilities: frozenset[str], actor: str, now: datetime
) -> list[Need]:
    """What somebody who may do this can do something about; what waits for nobody is left out."""
    found = []
    for kind, capability, count in KINDS:
        if capability in capabilities and (number := await count(connection, program, actor, now)):
            found.append(Need(kind, capability, min(number, MOST), number > MOST))
    return found


async def versions_for(
    connection: asyncpg.Connection, capabilities: frozenset[str], actor: str
) -> list[PlanVersion]:
    """Versions that this somebody can sign or publish: never his own for a signature, and none that he signed."""
    found = []
    for each in await waiting(connection, limit=MOST):
        signs = each.status == "in_review" and actor not in (each.maker, each.reviewer)
        if (signs and capabilities & {"plan:review", "plan:approve"}) or (
            each.status == "approved" and "plan:publish" in capabilities
        ):
            found.append(each)
    return found
