"""What operators do to one member: adjust a balance, block, let in again, compensate, ask for erasure.

Each is an event of the member, by an id made of the act's key: sent again it gets the outcome it got. Where one
signature is not enough, it becomes a request that another has to sign (`engine/requests.py`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Invalid, NotFound, Refused, define
from festoon.base.events import Event
from festoon.engine import compensations
from festoon.engine.adjusting import ALONE, ASSET_UNKNOWN
from festoon.engine.compensations import Preview
from festoon.engine.consenting import CONSENT
from festoon.engine.members import MEMBER_UNKNOWN, number_that_stays
from festoon.engine.outcome import Outcome, decode
from festoon.engine.program import Program
from festoon.engine.requests import ADJUST, ERASE, SOURCE, Request, Submit, ask, said
from festoon.plan.dump import written

NOT_CONFIRMED = define(
    "member.erase_not_confirmed",
    400,
    "to erase a member, give his id once more",
    "清除会员资料须再次输入该会员编号",
    todo="it cannot be undone: make sure that it is the right one",
    todo_zh="此操作不可恢复，请确认会员无误",
)
NOTHING = define("adjust.nothing", 400, "say by how much", "请填写调整数量")
LARGEST = 2**53


class Done(Struct, frozen=True):
    """What came of an act: it was done, or it waits for the second signature."""

    outcome: Outcome | None = None
    request: Request | None = None


class Said(Struct, frozen=True, omit_defaults=True):
    """What a member said of a channel: to which version of the text, and where."""

    channel: str
    agreed: bool
    wording: str | None = None
    where: str | None = None


async def number_of(connection: asyncpg.Connection, subject: str) -> int:
    """The number behind an external id. Raises NotFound."""
    number: int | None = None
    if "\0" not in subject:  # which the store could not even be asked for
        number = await connection.fetchval("SELECT member_id FROM identity WHERE subject = $1", subject)
    if number is None:
        raise NotFound(MEMBER_UNKNOWN, member=subject)
    return number


async def subject_of(connection: asyncpg.Connection, number: int) -> tuple[int, str]:
    """The number that somebody has now, and his external id. Raises NotFound for a number of nobody, and for who was
    erased."""
    row = await connection.fetchrow("SELECT merged_into, erased FROM member WHERE id = $1", number)
    if row is None or row["erased"]:
        raise NotFound(MEMBER_UNKNOWN, member=f"#{number}")
    stays = await number_that_stays(connection, number)
    return stays, str(await connection.fetchval("SELECT subject FROM member WHERE id = $1", stays))


async def adjust(
    connection: asyncpg.Connection, submit: Submit, program: Program, subject: str, asset: str, amount: int,
    reason: str, maker: str, now: datetime, key: str, expires: date | None = None,
) -> Done:  # fmt: skip
    """Add to a balance or take from it. At once within what the plan lets one person do in a day; otherwise it is asked
    for. Raises Refused with what the ledger says, such as a balance that is too short."""
    reason, number = said(reason), await number_of(connection, subject)
    if not 0 < abs(amount) <= LARGEST:
        raise Invalid(NOTHING, "amount")
    if asset not in program.assets:
        raise Refused(ASSET_UNKNOWN, asset=asset)
    data: dict[str, Any] = {"asset": asset, "amount": amount}
    if expires is not None:
        data["expires"] = expires.isoformat()
    if asset in program.alone or program.rehearsal:
        said_now = {**data, "reason": reason, "made_by": maker}
        try:
            return Done(await _taken(submit, Event(SOURCE, f"adjust/{key}", ADJUST, subject, now, said_now)))
        except Refused as no:
            if no.code != ALONE:
                raise
    return Done(request=await ask(connection, ADJUST, number, data, reason, maker, now, key))


async def bar(
    connection: asyncpg.Connection, submit: Submit, type_: str, subject: str, reason: str, maker: str,
    now: datetime, key: str,
) -> Outcome:  # fmt: skip
    """Block a member (`member.blocked`) or let him in again (`member.unblocked`). Raises Refused when he is already."""
    reason = said(reason)
    await number_of(connection, subject)
    data = {"reason": reason, "made_by": maker}
    return await _taken(submit, Event(SOURCE, f"bar/{key}", type_, subject, now, data))


async def consent(
    connection: asyncpg.Connection, submit: Submit, subject: str, said_of: Said, reason: str, maker: str, now: datetime,
    key: str,
) -> Outcome:  # fmt: skip
    """Note for a member that he agrees to be written to by a channel, or does no longer. Raises Refused for a channel
    that nobody knows."""
    reason = said(reason)
    await number_of(connection, subject)
    data = {**msgspec.to_builtins(said_of), "reason": reason, "made_by": maker}
    return await _taken(submit, Event(SOURCE, f"consent/{key}", CONSENT, subject, now, data))


async def ask_to_erase(
    connection: asyncpg.Connection, subject: str, confirmed: str, reason: str, maker: str, now: datetime
) -> Request:
    """Ask that a member be erased. `confirmed` is his id once more. One that waits already is that one."""
    if confirmed != subject:
        raise Invalid(NOT_CONFIRMED, "confirm")
    number = await number_of(connection, subject)
    return await ask(connection, ERASE, number, {}, reason, maker, now)


async def compensate(
    connection: asyncpg.Connection, campaign: str, subject: str, give: Sequence[dict[str, Any]], reason: str,
    maker: str, now: datetime, key: str,
) -> Preview:  # fmt: skip
    """Put up a compensation for one member, to be signed and run like any other. Raises what `submit` raises."""
    await number_of(connection, subject)
    file = {
        "compensation": f"one-{key}"[:60].lower(),
        "campaign": campaign,
        "reason": said(reason),
        "members": [subject],
        "give": [*give],
    }
    return await compensations.submit(connection, written(file), maker, now)


async def _taken(submit: Submit, event: Event) -> Outcome:
    """What the event came to. Raises what it was turned away or refused with."""
    answer = await submit(event)
    if answer.error is not None:
        raise answer.error
    outcome = decode(answer.outcome)
    if outcome.refused is not None:
        raise Refused(outcome.refused.code, **outcome.refused.data)
    return outcome
