"""Large amounts in pieces: nothing is lost or turned round, and others have their turn in between."""

import asyncio
from collections.abc import Iterator

import pytest

from festoon.store.pieces import PIECE, copy_in, pieces
from festoon.store.pool import connect


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (4, [4]), (5, [4, 1]), (8, [4, 4])])
def test_pieces_are_everything_in_order_and_none_is_empty(count: int, sizes: list[int]) -> None:
    found = list(pieces(range(count), 4))
    assert [len(piece) for piece in found] == sizes
    assert [each for piece in found for each in piece] == list(range(count))


async def test_rows_are_copied_piece_by_piece_and_the_loop_turns_in_between(database: str) -> None:
    connection = await connect(database)
    await connection.execute("CREATE TEMP TABLE numbers (n bigint)")
    given = 0

    def rows() -> Iterator[tuple[int]]:
        nonlocal given
        for given in range(1, 3 * PIECE + 2):
            yield (given,)

    seen = set[int]()

    async def others() -> None:
        while given < 3 * PIECE + 1:
            seen.add(given)
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    assert await copy_in(connection, "numbers", ("n",), rows()) == 3 * PIECE + 1
    await beside
    assert {PIECE, 2 * PIECE, 3 * PIECE} <= seen, "others had a turn after every piece"
    stored = await connection.fetch("SELECT n FROM numbers")
    assert [row["n"] for row in stored] == list(range(1, 3 * PIECE + 2))
    await connection.close()
