"""One-time links: the first administrator's, an invitation, a new password.

A token is 256 random bits; the store keeps its SHA-256, so who reads the database cannot come in with it.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg
from msgspec import Struct

from festoon.access.people import ROLE_UNKNOWN, person
from festoon.access.roles import FIRST_ROLES, ROLES, actor
from festoon.base.errors import Invalid, define
from festoon.store.trail import record

FIRST_LASTS = timedelta(hours=24)
LASTS = timedelta(days=3)
START = "start"
LINK_DEAD = define(
    "access.link_dead",
    410,
    "this link has been used, has expired or was never given",
    "该链接已使用、已过期或不存在",
    todo="ask an administrator for a new one; the first administrator's link is printed by: festoon serve",
    todo_zh="请联系管理员重新发送；首位管理员的链接由 festoon serve 启动时打印",
)
USERNAME_TAKEN = define(
    "access.username_taken", 409, "the user name {username} is taken", "用户名 {username} 已被使用"
)


class Invitation(Struct, frozen=True):
    """A link that is still good. `username` is "" for a new person."""

    roles: tuple[str, ...]
    by: str
    username: str = ""


class Waiting(Struct, frozen=True):
    """A link that was given and not used yet. `id` is the hash it is kept under."""

    id: str
    roles: list[str]
    made: datetime
    by: str
    expires: datetime
    username: str


class Newcomer(Struct, frozen=True):
    """What a new person says of himself. `password` is a hash as Django makes it."""

    username: str
    name: str
    password: str
    language: str = ""


async def first_link(connection: asyncpg.Connection, now: datetime) -> str | None:
    """A fresh token for the first administrator while there is nobody; the links given before it go dead."""
    async with connection.transaction():
        if await connection.fetchval("SELECT EXISTS (SELECT FROM person)"):
            return None
        await connection.execute("DELETE FROM invitation WHERE by = $1", START)
        return await _keep(connection, FIRST_ROLES, START, now, FIRST_LASTS)


async def invite(connection: asyncpg.Connection, roles: Sequence[str], now: datetime, by: str) -> str:
    """A token for a new person with these roles. Raises Invalid (`access.role_unknown`)."""
    for role in roles:
        if role not in ROLES:
            raise Invalid(ROLE_UNKNOWN, role=role)
    async with connection.transaction():
        token = await _keep(connection, roles, by, now, LASTS)
        await record(
            connection, at=now, actor=by, act="person.invite", object="", after={"roles": list(roles)}
        )
    return token


async def fresh_password(connection: asyncpg.Connection, username: str, now: datetime, by: str) -> str:
    """A token by which somebody who is known sets a new password. Raises NotFound (`access.person_unknown`)."""
    async with connection.transaction():
        someone = await person(connection, username)
        number = await connection.fetchval("SELECT id FROM person WHERE username = $1", username)
        token = await _keep(connection, someone.roles, by, now, LASTS, number)
        await record(connection, at=now, actor=by, act="person.password_link", object=username)
    return token


async def waiting(connection: asyncpg.Connection, now: datetime) -> list[Waiting]:
    """The links that are still good, the youngest first."""
    rows = await connection.fetch(
        """SELECT encode(i.digest, 'hex') AS id, i.roles, i.made, i.by, i.expires, coalesce(p.username, '') AS username
           FROM invitation i LEFT JOIN person p ON p.id = i.person_id
           WHERE used IS NULL AND expires > $1 ORDER BY made DESC LIMIT 100""",
        now,
    )
    return [Waiting(**row) for row in rows]


async def take_back(connection: asyncpg.Connection, id: str, by: str, now: datetime) -> None:
    """Make a link dead before it was used; one that is dead stays so."""
    async with connection.transaction():
        gone = await connection.fetchval(
            "DELETE FROM invitation WHERE encode(digest, 'hex') = $1 AND used IS NULL RETURNING roles", id
        )
        if gone is not None:
            await record(
                connection, at=now, actor=by, act="person.uninvite", object="", before={"roles": list(gone)}
            )


async def renew(connection: asyncpg.Connection, token: str, password: str, now: datetime) -> str:
    """Use up a link for a new password, which ends all sessions under the old one; the user name. `password` is a hash
    as Django makes it. Raises Invalid (`access.link_dead`)."""
    async with connection.transaction():
        number = await connection.fetchval(
            """UPDATE invitation SET used = $2 WHERE digest = $1 AND used IS NULL AND expires > $2
               AND person_id IS NOT NULL RETURNING person_id""",
            _digest(token), now,
        )  # fmt: skip
        if number is None:
            raise Invalid(LINK_DEAD)
        username: str = await connection.fetchval(
            "UPDATE person SET password = $2 WHERE id = $1 RETURNING username", number, password
        )
        await record(connection, at=now, actor=actor(username), act="person.password", object=username)
    return username


async def _keep(
    connection: asyncpg.Connection, roles: Sequence[str], by: str, now: datetime, lasts: timedelta,
    person: int | None = None,
) -> str:  # fmt: skip
    token = secrets.token_urlsafe(32)
    await connection.execute(
        """INSERT INTO invitation (digest, roles, person_id, made, by, expires)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        _digest(token), list(roles), person, now, by, now + lasts,
    )  # fmt: skip
    return token


async def look(connection: asyncpg.Connection, token: str, now: datetime) -> Invitation:
    """What a link is for. Raises Invalid (`access.link_dead`)."""
    row = await connection.fetchrow(
        """SELECT i.roles, i.by, coalesce(p.username, '') AS username
           FROM invitation i LEFT JOIN person p ON p.id = i.person_id
           WHERE digest = $1 AND used IS NULL AND expires > $2""",
        _digest(token), now,
    )  # fmt: skip
    if row is None:
        raise Invalid(LINK_DEAD)
    return Invitation(tuple(row["roles"]), row["by"], row["username"])


async def accept(connection: asyncpg.Connection, token: str, newcomer: Newcomer, now: datetime) -> int:
    """Use a link up and make the person; the person's number. Raises Invalid (`access.link_dead`,
    `access.username_taken`)."""
    async with connection.transaction():
        used = await connection.fetchrow(
            """UPDATE invitation SET used = $2 WHERE digest = $1 AND used IS NULL AND expires > $2
               AND person_id IS NULL RETURNING roles, by""",
            _digest(token), now,
        )  # fmt: skip
        if used is None:
            raise Invalid(LINK_DEAD)
        person: int | None = await connection.fetchval(
            """INSERT INTO person (username, name, password, roles, language, is_active, created)
               VALUES ($1, $2, $3, $4, $5, true, $6) ON CONFLICT DO NOTHING RETURNING id""",
            newcomer.username, newcomer.name, newcomer.password, used["roles"], newcomer.language, now,
        )  # fmt: skip
        if person is None:
            raise Invalid(USERNAME_TAKEN, username=newcomer.username)
        await record(
            connection, at=now, actor=used["by"], act="person.join", object=newcomer.username,
            after={"name": newcomer.name, "roles": list(used["roles"])},
        )  # fmt: skip
    return person


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
