"""API keys with scopes. A key is `fst_<id>_<secret>`; the store keeps the id and SHA-256 of the secret, never the key.

The secret is 256 random bits, so a plain hash is enough: there is nothing to guess it from.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

import asyncpg
from msgspec import Struct

from festoon.access.people import PERSON_UNKNOWN
from festoon.access.roles import actor as actor_of
from festoon.access.roles import may
from festoon.base.errors import FestoonError, Forbidden, Invalid, NotFound, define
from festoon.store.trail import record

SCOPES = {
    "events:write": "send events of the platform's types, with their own times",
    "events:operate": "adjust balances, reverse transfers, merge accounts and decide on held rewards",
    "members:read": "read members, balances and statements",
    "members:personal": "see personal fields of members whole, not masked",
    "members:write": "register and import members",
    "members:token": "mint members' tokens, by which their browsers act for them",
    "campaigns:read": "read campaigns, plans and figures",
    "plan:make": "submit versions of plans",
    "plan:review": "sign versions that somebody else made as reviewed",
    "plan:check": "approve versions that somebody else made",
    "plan:publish": "publish approved versions, pause and stop campaigns",
    "rewards:read": "see held rewards, compensations and batches of codes",
    "codes:write": "make, export and withdraw codes",
    "draws:operate": "record public randomness and reveal the seeds of draws",
    "segments:refresh": "count and refresh segments",
    "keys:manage": "make, list and revoke API keys, with scopes of its own",
    "audit:read": "read the audit trail",
    "metrics:read": "read /metrics",
    "webhooks:manage": "make webhook endpoints and change them, see deliveries and send them again",
    "figures:enter": "enter figures that were measured outside, with their evidence",
    "figures:sign": "sign figures from outside that somebody else entered",
    "alerts:acknowledge": "say that an alert was seen, and what is done about it",
    "work:update": "say how far tasks are, and that risks were looked at",
}

KEY_MISSING = define(
    "key.missing",
    401,
    "this needs an API key",
    "需要 API 密钥",
    todo="send the header Authorization: Bearer fst_…; keys are made with: festoon keys create",
    todo_zh="请携带请求头 Authorization: Bearer fst_…；使用 festoon keys create 创建密钥",
)
KEY_UNKNOWN = define("key.unknown", 401, "this API key is not known or was revoked", "API 密钥无效或已被吊销")
SCOPE_MISSING = define(
    "key.scope_missing",
    403,
    "this key lacks the scope {scope}",
    "该密钥缺少权限 {scope}",
    todo="use a key that has it, or make one: festoon keys create --scope {scope}",
    todo_zh="请使用具备该权限的密钥，或新建：festoon keys create --scope {scope}",
)
SCOPE_UNKNOWN = define(
    "key.scope_unknown",
    400,
    "there is no scope '{scope}'; there are {known}",
    "不存在权限“{scope}”；可用：{known}",
)


BEYOND_OWNER = define(
    "key.beyond_owner",
    403,
    "the roles of {username} do not cover the scope {scope}",
    "{username} 的角色不包含权限 {scope}",
    todo="leave the scope out, or have an administrator give the role that covers it",
    todo_zh="请去掉该权限，或由管理员授予相应角色",
)
SCOPE_NEEDS = {
    "campaigns:read": "campaigns:read",
    "metrics:read": "campaigns:read",
    "members:read": "members:read",
    "members:personal": "members:personal",
    "members:write": "members:adjust",
    "webhooks:manage": "webhooks:manage",
    "events:operate": "members:adjust",
    "plan:make": "plan:make",
    "plan:review": "plan:review",
    "plan:check": "plan:approve",
    "plan:publish": "plan:publish",
    "rewards:read": "members:read",
    "codes:write": "codes:make",
    "draws:operate": "draws:run",
    "segments:refresh": "segments:make",
    "keys:manage": "keys:manage",
    "audit:read": "trail:read",
    "figures:enter": "figures:enter",
    "figures:sign": "figures:sign",
    "alerts:acknowledge": "alerts:acknowledge",
    "work:update": "work:update",
}
"""What a person must be able to do in the console for a key of his to have a scope; others are for platforms only."""


def scopes_of(roles: Collection[str]) -> frozenset[str]:
    """The scopes that a key of somebody with these roles may have."""
    capabilities = may(roles)
    return frozenset(scope for scope, needed in SCOPE_NEEDS.items() if needed in capabilities)


class Unauthenticated(FestoonError):
    """Nobody we know. 401."""

    status = 401


class Key(Struct, frozen=True):
    """Who is calling, and what he may do. `member` is whom a member's token is for, `campaign` what it is bound to."""

    id: str
    actor: str
    scopes: frozenset[str]
    member: str = ""
    campaign: str = ""

    def need(self, scope: str) -> None:
        """Raises Forbidden unless the key has the scope."""
        if scope not in self.scopes:
            raise Forbidden(SCOPE_MISSING, scope=scope)


async def create(
    connection: asyncpg.Connection,
    actor: str,
    scopes: Sequence[str],
    now: datetime,
    by: str,
    owner: str | None = None,
) -> str:
    """Make a key and return it; this is the only time it can be seen.

    A key with an `owner`, the user name of a person of the console, is his: it signs with his name whatever `actor`
    says, so that nobody checks with a key what he made by hand, and may never more than his roles. Raises Invalid for
    an unknown scope, NotFound (`access.person_unknown`), Forbidden (`key.beyond_owner`).
    """
    for scope in scopes:
        if scope not in SCOPES:
            raise Invalid(SCOPE_UNKNOWN, scope=scope, known=", ".join(SCOPES))
    if owner is not None:
        actor = actor_of(owner)
        roles = await connection.fetchval("SELECT roles FROM person WHERE username = $1 AND is_active", owner)
        if roles is None:
            raise NotFound(PERSON_UNKNOWN, username=owner)
        for scope in scopes:
            if scope not in scopes_of(roles):
                raise Forbidden(BEYOND_OWNER, scope=scope, username=owner)
    id, secret = secrets.token_hex(6), secrets.token_hex(32)
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO api_key (id, digest, actor, scopes, created, owner) VALUES ($1, $2, $3, $4, $5, $6)",
            id, sha256(secret.encode()).digest(), actor, list(scopes), now, owner,
        )  # fmt: skip
        await record(
            connection,
            at=now,
            actor=by,
            act="key.create",
            object=id,
            after={"actor": actor, "scopes": list(scopes)},
        )
    return f"fst_{id}_{secret}"


async def revoke(connection: asyncpg.Connection, id: str, now: datetime, by: str) -> bool:
    """Revoke a key; False when there was no such live key. Serving processes notice within CACHE_SECONDS."""
    async with connection.transaction():
        done: str = await connection.execute(
            "UPDATE api_key SET revoked = $2 WHERE id = $1 AND revoked IS NULL", id, now
        )
        if done == "UPDATE 0":
            return False
        await record(connection, at=now, actor=by, act="key.revoke", object=id)
    return True


async def find(connection: asyncpg.Connection, token: str) -> Key:
    """The key behind a token. Raises Unauthenticated; unknown ids and wrong secrets look alike."""
    prefix, _, rest = token.partition("_")
    id, _, secret = rest.partition("_")
    row = await connection.fetchrow(
        """SELECT k.id, k.digest, k.actor, k.scopes, k.owner, p.roles
           FROM api_key k LEFT JOIN person p ON p.username = k.owner AND p.is_active
           WHERE k.id = $1 AND k.revoked IS NULL""",
        id,
    )
    given = sha256(secret.encode()).digest()
    if prefix != "fst" or row is None or not compare_digest(row["digest"], given):
        raise Unauthenticated(KEY_UNKNOWN)
    if row["owner"] is None:
        return Key(row["id"], row["actor"], frozenset(row["scopes"]))
    return Key(row["id"], row["actor"], scopes_of(row["roles"] or ()) & frozenset(row["scopes"]))
