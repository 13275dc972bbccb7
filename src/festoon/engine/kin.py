"""What is read only of members who have more than one account, or are about to: all that is kept, and all their ids."""

import asyncpg

from festoon.engine.keys import Keys
from festoon.engine.load import Loaded


async def name_all(connection: asyncpg.Connection, loaded: Loaded, keys: Keys) -> None:
    """Of the members in `keys.whole`, add the keys of everything that there is of their books, progress and holds."""
    for number, _ in keys.whole:
        rows = loaded.rows[number]
        keys.grants.add(number)
        for table, column, names in (
            ("account", "asset", keys.accounts),
            ("progress", "campaign", keys.progress),
            ("hold", "id", keys.holds),
        ):
            found = await connection.fetch(
                f"SELECT DISTINCT {column} FROM {table} WHERE member_id = $1", number
            )
            names |= {(number, row[0]) for row in found}
        for row in await connection.fetch(
            "SELECT asset, expires, amount FROM lot WHERE member_id = $1 ORDER BY asset, expires", number
        ):
            if row[0] not in loaded.program.expiring and not rows.whole:
                rows.lots = {**rows.lots, row[0]: [*rows.lots.get(row[0], ()), (row[1], row[2])]}
        rows.whole = True


async def read_ids(connection: asyncpg.Connection, loaded: Loaded) -> None:
    """Every id that those members answer to who have more than one account."""
    for number, subject in await connection.fetch(
        "SELECT member_id, subject FROM identity WHERE member_id = ANY($1::bigint[])", [*loaded.kin.values()]
    ):
        loaded.ids.setdefault(number, []).append(subject)
