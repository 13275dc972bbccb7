"""The epochs of draws that are played at once, as those who run them see them: what each waits for."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import NotFound
from festoon.engine.draws import EPOCH_UNKNOWN
from festoon.engine.program import Program
from festoon.mechanics.grand_draw import GrandDraw


class Epoch(Struct, frozen=True):
    """The published side of a draw's seed. `commitment` is the SHA-256 of it, known before the epoch opens;
    `public_name` names the public randomness it is mixed with, if any. `public_value` is None until it is recorded,
    `seed` (hexadecimal) until it is revealed."""

    mechanic: str
    name: str
    opens: datetime
    closes: datetime
    commitment: str
    public_name: str
    public_value: str | None
    seed: str | None


class EpochState(Epoch, frozen=True):
    """An epoch among those of every campaign, and what it waits for."""

    campaign: str

    def state(self, now: datetime) -> str:
        """`waiting` for its public value, `ahead`, `open`, `over` with its seed still secret, or `revealed`."""
        if self.seed is not None:
            return "revealed"
        if now >= self.closes:
            return "over"
        if self.public_name and self.public_value is None:
            return "waiting"
        return "ahead" if now < self.opens else "open"


PUBLISHED = """mechanic, name, opens, closes, commitment, public_name, public_value,
               CASE WHEN revealed IS NOT NULL THEN encode(seed, 'hex') END AS seed"""
"""The columns of an Epoch, by its names."""
Key = tuple[str, str, str]


async def epochs(
    connection: asyncpg.Connection, program: Program, after: Key, limit: int
) -> Sequence[EpochState]:
    """Epochs in order of campaign, draw and name, from behind a key on. Grand draws are looked at elsewhere."""
    grand = [key for key, listener in program.by_key.items() if isinstance(listener.mechanic, GrandDraw)]
    rows = await connection.fetch(
        f"""SELECT {PUBLISHED}, campaign FROM draw_epoch
            WHERE (campaign, mechanic, name) > ($1, $2, $3) AND campaign || '/' || mechanic <> ALL($4)
            ORDER BY campaign, mechanic, name LIMIT $5""",
        *after, grand, limit,
    )  # fmt: skip
    return [EpochState(*row) for row in rows]


async def epoch(connection: asyncpg.Connection, key: Key) -> EpochState:
    """One of them. Raises NotFound."""
    row = await connection.fetchrow(
        f"SELECT {PUBLISHED}, campaign FROM draw_epoch WHERE campaign = $1 AND mechanic = $2 AND name = $3",
        *key,
    )
    if row is None:
        raise NotFound(EPOCH_UNKNOWN, draw="/".join(key[:2]), epoch=key[2])
    return EpochState(*row)
