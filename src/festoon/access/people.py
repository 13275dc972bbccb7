"""People of the console: who there is, and what is changed about them, each with an entry in the audit trail."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.access.roles import ADMINISTRATOR, ROLES
from festoon.base.errors import Conflict, Invalid, NotFound, define
from festoon.store.trail import record

PERSON_UNKNOWN = define(
    "access.person_unknown", 404, "there is nobody called {username}", "没有用户 {username}"
)
ROLE_UNKNOWN = define("access.role_unknown", 400, "there is no role '{role}'", "不存在角色“{role}”")
LAST_ADMINISTRATOR = define(
    "access.last_administrator",
    409,
    "{username} is the last administrator",
    "{username} 是最后一位管理员",
    todo="make somebody else an administrator first",
    todo_zh="请先将其他人设为管理员",
)
ADMINISTRATORS_LOCK = 0x61646D696E


class Person(Struct, frozen=True):
    """Somebody, as the list of people has him. `factors` are the kinds of his second factors."""

    username: str
    name: str
    roles: list[str]
    active: bool
    created: datetime
    signed_in: datetime | None
    factors: list[str]


_PERSON = """
    SELECT p.username, p.name, p.roles, p.is_active AS active, p.created, p.last_login AS signed_in,
           ARRAY(SELECT DISTINCT a.type::text FROM mfa_authenticator a WHERE a.user_id = p.id ORDER BY 1) AS factors
    FROM person p
"""


async def people(connection: asyncpg.Connection, after: str = "", limit: int = 50) -> list[Person]:
    """Everybody by user name, from behind `after`."""
    rows = await connection.fetch(
        f"{_PERSON} WHERE p.username > $1 ORDER BY p.username LIMIT $2", after, limit
    )
    return [Person(**row) for row in rows]


async def person(connection: asyncpg.Connection, username: str) -> Person:
    """One of them. Raises NotFound (`access.person_unknown`)."""
    row = await connection.fetchrow(f"{_PERSON} WHERE p.username = $1", username)
    if row is None:
        raise NotFound(PERSON_UNKNOWN, username=username)
    return Person(**row)


async def change_roles(
    connection: asyncpg.Connection, username: str, roles: Sequence[str], by: str, now: datetime
) -> None:
    """Give somebody these roles and no others, from his next page on. Raises Invalid (`access.role_unknown`),
    NotFound, Conflict (`access.last_administrator`)."""
    for role in roles:
        if role not in ROLES:
            raise Invalid(ROLE_UNKNOWN, role=role)
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", ADMINISTRATORS_LOCK)
        before = await person(connection, username)
        if ADMINISTRATOR not in roles:
            await _spare_the_last(connection, before)
        await connection.execute(
            "UPDATE person SET roles = $2 WHERE username = $1", username, list(dict.fromkeys(roles))
        )
        await record(
            connection, at=now, actor=by, act="person.roles", object=username,
            before={"roles": before.roles}, after={"roles": list(roles)},
        )  # fmt: skip


async def deactivate(connection: asyncpg.Connection, username: str, by: str, now: datetime) -> None:
    """Let somebody in no more: his sessions and his keys stop working. Raises NotFound, Conflict
    (`access.last_administrator`)."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", ADMINISTRATORS_LOCK)
        await _spare_the_last(connection, await person(connection, username))
        await connection.execute("UPDATE person SET is_active = false WHERE username = $1", username)
        await record(connection, at=now, actor=by, act="person.deactivate", object=username)


async def activate(connection: asyncpg.Connection, username: str, by: str, now: datetime) -> None:
    """Let somebody in again. Raises NotFound."""
    async with connection.transaction():
        await person(connection, username)
        await connection.execute("UPDATE person SET is_active = true WHERE username = $1", username)
        await record(connection, at=now, actor=by, act="person.activate", object=username)


async def reset_second_factor(connection: asyncpg.Connection, username: str, by: str, now: datetime) -> None:
    """Forget somebody's second factors; where his role wants one, he sets it up anew before anything else. Raises
    NotFound."""
    async with connection.transaction():
        had = (await person(connection, username)).factors
        await connection.execute(
            "DELETE FROM mfa_authenticator USING person p WHERE user_id = p.id AND p.username = $1", username
        )
        await record(
            connection, at=now, actor=by, act="person.second_factor_reset", object=username,
            before={"factors": had}, after={"factors": []},
        )  # fmt: skip


async def speak(connection: asyncpg.Connection, username: str, language: str) -> None:
    """Remember the language a person reads, as Django names it."""
    await connection.execute("UPDATE person SET language = $2 WHERE username = $1", username, language)


async def _spare_the_last(connection: asyncpg.Connection, someone: Person) -> None:
    if ADMINISTRATOR not in someone.roles or not someone.active:
        return
    others = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM person WHERE is_active AND $1 = ANY(roles) AND username <> $2)",
        ADMINISTRATOR, someone.username,
    )  # fmt: skip
    if not others:
        raise Conflict(LAST_ADMINISTRATOR, username=someone.username)
