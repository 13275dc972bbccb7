"""Finding a member: by number, id, phone or name; a page at a time, over indexes only, masked."""

import asyncpg
import pytest

from festoon.base.errors import Invalid
from festoon.engine.member_search import LAST, QUERIES, Page, search, whole
from festoon.members.masking import masked
from festoon.store.pool import connect

MEMBERS = 3_000


async def filled(database: str) -> asyncpg.Connection:
    """Many members with names and phones; some of them stand out."""
    connection = await connect(database)
    await connection.execute(
        f"""INSERT INTO member (subject, registered) SELECT 'm-' || lpad(n::text, 7, '0'), now()
            FROM generate_series(1, {MEMBERS}) n;
            INSERT INTO identity SELECT subject, id FROM member;
            INSERT INTO member_personal (member_id, fields)
            SELECT id, json_build_object('name', chr(19968 + (id % 3000)::int) || '伟', 'phone',
                   '+86' || (13000000000 + id)) FROM member"""
    )
    for number, subject, name, phone in (
        (1, "vip/Anna", "Anna Karenina", "+4915112345678"),
        (2, "vip/annb", "anna-lena", "13912345678"),
    ):
        await connection.execute("UPDATE member SET subject = $2 WHERE id = $1", number, subject)
        await connection.execute("UPDATE identity SET subject = $2 WHERE member_id = $1", number, subject)
        await connection.execute(
            """UPDATE member_personal SET fields = json_build_object('name', $2::text, 'phone', $3::text)
               WHERE member_id = $1""",
            number, name, phone,
        )  # fmt: skip
    await connection.execute("ANALYZE")
    return connection


def found(page: Page) -> list[tuple[int, str]]:
    return [(each.number, each.by) for each in page.members]


async def test_a_member_is_found_by_every_way_and_shown_masked(database: str) -> None:
    connection = await filled(database)
    assert found(await search(connection, "#2")) == [(2, "number")]
    assert found(await search(connection, "vip/A")) == [(1, "id")]
    assert found(await search(connection, "m-0000077")) == [(77, "id")]
    assert found(await search(connection, "ANNA")) == [(1, "name"), (2, "name")]
    assert found(await search(connection, "12345678")) == [(1, "phone"), (2, "phone")]
    assert found(await search(connection, "+86 139-1234-5678")) == [(2, "phone")]
    assert found(await search(connection, "00077")) == [(77, "phone")]
    (shown,) = (await search(connection, "#2")).members
    assert shown.personal == {"name": "a••", "phone": "•••••••5678"}
    (shown,) = (await search(connection, "#2", show=whole)).members
    assert shown.personal == {"name": "anna-lena", "phone": "13912345678"}
    for nothing in ("nobody", "%", "m_", "'; --", "#0", "\0x", "🦊"):
        assert found(await search(connection, nothing)) == []
    for empty in ("", "  ", "\0"):
        with pytest.raises(Invalid):
            await search(connection, empty)
    await connection.close()


async def test_pages_go_on_by_key_and_name_everybody_once(database: str) -> None:
    connection = await filled(database)
    seen: list[int] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = await search(connection, "m-00001", after=after, limit=30)
        seen += [each.number for each in page.members]
        after, pages = page.next, pages + 1
    assert seen == list(range(100, 200))
    assert pages == 4
    for wrong in ("x", "e30=", "WzAsICIiXQ=="):
        with pytest.raises(Invalid) as no:
            await search(connection, "m-", after=wrong)
        assert no.value.code == "search.page_invalid"
    await connection.close()


async def test_a_page_can_begin_in_one_way_and_end_in_another(database: str) -> None:
    connection = await filled(database)
    await connection.execute("INSERT INTO identity VALUES ('anna', 3)")
    first = await search(connection, "anna", limit=2)
    assert [each.by for each in first.members] == ["id", "name"]
    second = await search(connection, "anna", limit=2, after=first.next)
    assert [each.by for each in second.members] == ["name"]
    assert second.next is None
    assert {each.number for each in (*first.members, *second.members)} == {1, 2, 3}
    await connection.close()


async def test_who_was_erased_or_is_part_of_another_is_not_found(database: str) -> None:
    connection = await filled(database)
    await connection.execute("UPDATE member SET erased = true WHERE id = 1")
    await connection.execute("UPDATE member SET merged_into = 3 WHERE id = 2")
    assert found(await search(connection, "anna")) == []
    await connection.close()


async def test_no_way_reads_a_table_from_end_to_end(database: str) -> None:
    connection = await filled(database)
    for by, low in (("id", "m-"), ("phone", "1"), ("name", "一")):
        values = [low, low + LAST, "", 21] if by == "id" else [low, low + LAST, "", 21, 0]
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {QUERIES[by]}", *values))
        assert "Index" in plan, plan
        assert "Seq Scan" not in plan, plan
        assert "Sort" not in plan, plan
    await connection.close()


def test_masking_keeps_little() -> None:
    fields = {
        "name": "李雷", "phone": "+86 138 0000 1234", "email": "li.lei@example.com", "birthday": "1990-01-01",
        "external_ids": {"wechat": "o-1"}, "address": "1 West Lake",
    }  # fmt: skip
    assert masked(fields) == {
        "name": "李••", "phone": "•••••••••1234", "email": "l••@example.com", "birthday": "•••",
        "external_ids": "•••", "address": "•••",
    }  # fmt: skip
    assert masked({"name": "", "phone": "12345", "email": "x"}) == {
        "name": "",
        "phone": "•••",
        "email": "•••",
    }
