"""What is set aside, in the store: amounts that were put on hold, and rewards. All rewards of a member's are read
together, under his lock, and written with the batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from festoon.engine.world import Aside, Grant, Hold, Member

_json = msgspec.json.Encoder()
_aside = msgspec.json.Decoder(Aside)
_lots = msgspec.json.Decoder(tuple[tuple[datetime, int], ...])
_data = msgspec.json.Decoder(dict[str, Any])


async def grants_of(connection: asyncpg.Connection, members: Sequence[int]) -> dict[int, dict[str, Grant]]:
    """What is set aside for members, by id."""
    found: dict[int, dict[str, Grant]] = {number: {} for number in members}
    for row in await connection.fetch(
        """SELECT wanted.member_id, g.* FROM unnest($1::bigint[]) AS wanted (member_id) CROSS JOIN LATERAL (
               SELECT id, owner, why, name, since, lapses, aside, data FROM held_grant g
               WHERE g.member_id = wanted.member_id OFFSET 0) AS g""",
        members,
    ):
        number, id, owner, why, name, since, lapses, aside, data = row
        found[number][id] = Grant(
            id, owner, why, name, since, lapses, _aside.decode(aside), _data.decode(data)
        )
    return found


async def holds_of(
    connection: asyncpg.Connection, wanted: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], Hold | None]:
    """Open holds by member and id; None for what there is not."""
    found: dict[tuple[int, str], Hold | None] = dict.fromkeys(wanted)
    for row in await connection.fetch(
        """SELECT wanted.member_id, wanted.id, h.asset, h.amount, h.lots, h.lapses, h.why
           FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, id) CROSS JOIN LATERAL (
               SELECT asset, amount, lots, lapses, why FROM hold h
               WHERE h.member_id = wanted.member_id AND h.id = wanted.id OFFSET 0) AS h""",
        *zip(*wanted, strict=True),
    ):
        found[row[0], row[1]] = Hold(row[1], row[2], row[3], _lots.decode(row[4]), row[5], row[6])
    return found


async def write_grants(connection: asyncpg.Connection, members: Iterable[Member]) -> None:
    """Keep what is set aside, and forget what was decided on."""
    touched = [(member, id) for member in members for id in member.touched_grants]
    if not touched:
        return
    rows, gone = [], []
    for member, id in touched:
        grant = member.open_grants().get(id)
        if grant is None:
            gone.append((member.number, id))
        else:
            aside, data = (_json.encode(part).decode() for part in (grant.aside, grant.data))
            rows.append(
                (
                    member.number,
                    id,
                    grant.owner,
                    grant.why,
                    grant.name,
                    grant.since,
                    grant.lapses,
                    aside,
                    data,
                )
            )
    if gone:
        await connection.execute(
            """DELETE FROM held_grant g USING unnest($1::bigint[], $2::text[]) AS gone (member_id, id)
               WHERE g.member_id = gone.member_id AND g.id = gone.id""",
            *zip(*gone, strict=True),
        )
    if rows:
        await connection.execute(
            """INSERT INTO held_grant (member_id, id, owner, why, name, since, lapses, aside, data)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[],
                                    $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[])
               ON CONFLICT (member_id, id) DO UPDATE SET since = EXCLUDED.since, lapses = EXCLUDED.lapses,
                   aside = EXCLUDED.aside, data = EXCLUDED.data""",
            *zip(*rows, strict=True),
        )
