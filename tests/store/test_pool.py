"""The pool: every connection has the same session settings, whatever it was used for."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from festoon.engine.selects import Wanted, read
from festoon.store.embedded import EmbeddedServer
from festoon.store.pool import SESSION, connect, connect_hot, open_pool


async def test_every_connection_has_the_settings_of_the_hot_path(database: str) -> None:
    pool = await open_pool(database, min_size=2, max_size=2)
    async with pool, pool.acquire() as first, pool.acquire() as second:
        for connection in (first, second):
            shown = {name: await connection.fetchval(f"SHOW {name}") for name in SESSION}
            assert shown["timezone"] == "UTC"
            assert shown["plan_cache_mode"] == "force_custom_plan"
            assert shown["statement_timeout"] == "1min"
            assert shown["application_name"] == "festoon"


async def test_a_setting_changed_in_a_session_is_back_after_release(database: str) -> None:
    async with await open_pool(database, max_size=1) as pool:
        await pool.execute("SET timezone = 'Asia/Shanghai'")
        assert await pool.fetchval("SHOW timezone") == "UTC"


async def test_a_statement_planned_on_an_empty_table_uses_the_index_once_it_is_full(database: str) -> None:
    async with await open_pool(database, max_size=1) as pool, pool.acquire() as connection:
        find = "SELECT subject FROM member WHERE id = ANY($1::bigint[])"
        for _ in range(10):
            await connection.fetch(find, [1])
        await connection.execute(
            "INSERT INTO member (subject) SELECT 'm' || n FROM generate_series(1, 20000) n; ANALYZE member"
        )
        await connection.execute(f"PREPARE kept(bigint[]) AS {find}")
        plan = await connection.fetch("EXPLAIN EXECUTE kept('{5,6}')")
        assert "member_pkey" in "".join(line[0] for line in plan)


async def test_a_lane_plans_once_on_empty_tables_and_still_goes_by_the_index(database: str) -> None:
    connection = await connect_hot(database)
    await connection.execute(
        """PREPARE kept(bigint[], text[]) AS
           SELECT balance FROM unnest($1, $2) AS wanted (member, asset)
           JOIN account ON (member_id, account.asset, part) = (wanted.member, wanted.asset, '@')"""
    )
    await connection.execute("EXECUTE kept('{1,2}', '{points,points}')")
    await connection.execute(
        """INSERT INTO account (member_id, asset, balance)
           SELECT n, 'points', n FROM generate_series(1, 20000) n"""
    )
    plan = "\n".join(
        line[0] for line in await connection.fetch("EXPLAIN EXECUTE kept('{1,2}', '{points,points}')")
    )
    assert "account_pkey" in plan
    assert "Nested Loop" in plan
    await connection.close()


@pytest.mark.parametrize("opened", [connect, connect_hot])
async def test_what_a_batch_reads_is_planned_on_empty_tables_and_still_goes_by_the_index(
    database: str, opened: Callable[[str], Awaitable[asyncpg.Connection]]
) -> None:
    connection = await opened(database)
    wanted = Wanted([(5, bytes(16))], [(5, "points")], [(5, "points")], [(5, "spring")], [1])
    for _ in range(3):
        assert await read(connection, wanted) == []
    await connection.execute(
        """INSERT INTO account (member_id, asset, balance) SELECT n, 'points', n FROM generate_series(1, 20000) n;
           INSERT INTO progress (member_id, campaign, state)
           SELECT n, 'spring', '{}' FROM generate_series(1, 20000) n"""
    )
    async with connection.transaction():
        found = await read(connection, wanted)
        scans = await connection.fetch(
            "SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0 AND relname NOT LIKE 'pg_%'"
        )
    assert [row[:4] for row in found] == [("account", 5, "points", "@"), ("progress", 5, "spring", "")]
    assert scans == []
    await connection.close()


SCANS = """SELECT relname, seq_scan, idx_scan FROM pg_stat_xact_user_tables
           WHERE relname IN ('account', 'progress') ORDER BY relname"""


@pytest.mark.parametrize("opened", [connect, connect_hot])
async def test_what_a_batch_changes_is_planned_on_empty_tables_and_still_goes_by_the_place(
    database: str, opened: Callable[[str], Awaitable[asyncpg.Connection]]
) -> None:
    connection = await opened(database)
    await connection.execute("VACUUM ANALYZE account, progress")
    for _ in range(3):
        await connection.execute("SELECT change_accounts('{}', '{}', '{}'), change_progress('{}', '{}', '')")
    await connection.execute(
        """INSERT INTO account (member_id, asset, balance) SELECT n, 'points', n FROM generate_series(1, 20000) n;
           INSERT INTO progress (member_id, campaign, state)
           SELECT n, 'spring', '{}' FROM generate_series(1, 20000) n"""
    )
    places = [
        await connection.fetchval(f"SELECT ctid::text FROM {table} WHERE member_id = 7")
        for table in ("account", "progress")
    ]
    async with connection.transaction():
        before = await connection.fetch(SCANS)
        await connection.execute(
            f"""SELECT change_accounts('{{"{places[0]}"}}', '{{7}}', '{{70}}'),
                       change_progress('{{"{places[1]}"}}', '{{7}}', '{{"given":1}}')"""
        )
        assert await connection.fetch(SCANS) == before
    assert await connection.fetchval("SELECT balance FROM account WHERE member_id = 7") == 70
    assert await connection.fetchval("SELECT state FROM progress WHERE member_id = 7") == '{"given":1}'
    await connection.close()


async def test_a_server_that_is_not_there_is_an_error_at_once(server: EmbeddedServer) -> None:
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await open_pool(server.dsn("never made"))
    with pytest.raises(OSError, match="No such file"):
        await open_pool("postgresql://festoon@/festoon?host=/nowhere/at/all")
