"""Parcels of a batch: each gift that is to be sent has a row of its own, in the order in which it was given.

Who ships looks at these rows by state; items are keyed by their members and have no such order.
"""

from collections.abc import Iterable, Sequence

import asyncpg

from festoon.engine.world import Item, Sent

STATES = {
    "awaiting": "ordered",
    "shipped": "shipped",
    "delivered": "received",
    "expired": "cancelled",
    "revoked": "cancelled",
    "cancelled": "cancelled",
}
"""A gift's state to its parcel's, unless the event says another."""


async def write_parcels(
    connection: asyncpg.Connection, gifts: Sequence[tuple[int, Item]], said: Iterable[Sent]
) -> None:
    """Keep the parcels of gifts that were given or changed. Under their members' locks."""
    known = {(each.member, each.item): each for each in said}
    rows = []
    for number, item in gifts:
        sent = known.get((number, item.id)) or Sent(number, item.id, STATES[item.state])
        rows.append(
            (
                number, item.id, item.campaign, item.mechanic, item.ref, item.given, sent.state, sent.carrier,
                sent.number,
            )
        )  # fmt: skip
    await connection.execute(
        """INSERT INTO parcel AS p (member_id, item, campaign, mechanic, ref, given, state, carrier, number, changed)
           SELECT *, statement_timestamp() FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[],
                                                       $6::timestamptz[], $7::text[], $8::text[], $9::text[])
           ON CONFLICT (member_id, item) DO UPDATE SET state = EXCLUDED.state, changed = statement_timestamp(),
               carrier = coalesce(nullif(EXCLUDED.carrier, ''), p.carrier),
               number = coalesce(nullif(EXCLUDED.number, ''), p.number)""",
        *zip(*rows, strict=True),
    )
