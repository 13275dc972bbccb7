"""Members' tokens: by one, a member's browser acts for that member and for nobody else, for an hour at the most.

A token is a JWT (RFC 7519) signed with HS256. Its `kid` names the API key of whoever minted it, which needs the scope
`members:token`. The signing secret of a key is made of the installation's secret and the key's id, so it is kept
nowhere, and it ends when the key is revoked.
"""

from base64 import b64decode
from datetime import datetime
from functools import lru_cache
from hmac import compare_digest, digest

import asyncpg
import jwt
import msgspec
from msgspec import Struct

from festoon.access.keys import Unauthenticated
from festoon.base.errors import NotFound, define

SCOPE = "members:token"
"""What a key needs, so that members' tokens can be minted with it."""
MEMBER = "member"
"""What a token may do instead of scopes. No key can have it."""
AUDIENCE = "festoon"
LONGEST = 3600
"""Seconds that a token is good for at the most."""
AHEAD = 60
"""Seconds by which the clock of whoever mints may be ahead of ours."""
LONGEST_SUBJECT = 256
ALGORITHM = "HS256"

TOKEN_INVALID = define(
    "token.invalid",
    401,
    "this token was not made for us: {reason}",
    "该令牌无效：{reason}",
    todo="see how a member's token is made: docs/how-to/mint-tokens.md",
    todo_zh="请参阅会员令牌的签发说明：docs/how-to/mint-tokens.md",
)
TOKEN_EXPIRED = define(
    "token.expired",
    401,
    "this token has expired",
    "令牌已过期",
    todo="ask the platform's backend for a new one",
    todo_zh="请向平台后端重新获取令牌",
)
NO_SIGNING_KEY = define(
    "token.no_signing_key",
    404,
    "there is no live key '{id}' with the scope {scope}",
    "不存在具备权限 {scope} 的有效密钥“{id}”",
    todo="make one: festoon keys create --scope {scope}",
    todo_zh="请新建：festoon keys create --scope {scope}",
)


class Claims(Struct, frozen=True):
    """What a token says: whom it is for, from when and until when (seconds since 1970), and, if it is bound to one, the
    campaign."""

    sub: str
    iat: int
    exp: int
    aud: str
    campaign: str = ""


class Header(Struct, frozen=True):
    """How a token was signed, and with which key's secret."""

    alg: str
    kid: str


_claims = msgspec.json.Decoder(Claims)


def is_token(text: str) -> bool:
    """Whether a bearer token looks like a member's, and not like an API key."""
    return text.count(".") == 2


def minted(
    secret: str, key: str, member: str, now: datetime, seconds: int = LONGEST, campaign: str = ""
) -> str:
    """A token for a member, signed with a key's signing secret. `key` is that key's id."""
    issued = int(now.timestamp())
    claims = Claims(member, issued, issued + min(seconds, LONGEST), AUDIENCE, campaign)
    said = {name: value for name, value in msgspec.to_builtins(claims).items() if value != ""}
    return jwt.encode(said, secret, ALGORITHM, headers={"kid": key})


def key_named(token: str) -> str:
    """The id of the key that a token says it was minted with. Raises Unauthenticated."""
    return _key_of_head(token.partition(".")[0])


@lru_cache(4096)
def _key_of_head(head: str) -> str:
    """The key that a token's first part names; all tokens that one key signs begin with the same. Raises
    Unauthenticated for another way of signing than ours."""
    try:
        said = msgspec.json.decode(_decoded(head), type=Header)
    except (ValueError, msgspec.DecodeError) as error:
        raise Unauthenticated(TOKEN_INVALID, reason=str(error)) from None
    if said.alg != ALGORITHM:
        raise Unauthenticated(TOKEN_INVALID, reason="alg")
    return said.kid


def verified(token: str, secret: str, now: datetime) -> Claims:
    """What a token says, when it was signed with that secret and is good now. Raises Unauthenticated.

    RFC 7515, section 5.2, for the one algorithm that we take: a seventh of what a library for all of them costs, and
    every member's first request needs it.
    """
    key_named(token)
    signed, _, signature = token.rpartition(".")
    try:
        given = _decoded(signature)
        right = digest(secret.encode(), signed.encode(), "sha256")
        if not compare_digest(given, right):
            raise Unauthenticated(TOKEN_INVALID, reason="signature")
        claims = _claims.decode(_decoded(signed.partition(".")[2]))
    except (ValueError, msgspec.DecodeError) as error:
        raise Unauthenticated(TOKEN_INVALID, reason=str(error)) from None
    _check(claims, now.timestamp())
    return claims


def _check(claims: Claims, at: float) -> None:
    """Raises Unauthenticated for a token that is for somebody else, for too long, or not for now."""
    if claims.aud != AUDIENCE:
        raise Unauthenticated(TOKEN_INVALID, reason="aud")
    if not 0 < len(claims.sub) <= LONGEST_SUBJECT or "\0" in claims.sub:
        raise Unauthenticated(TOKEN_INVALID, reason="sub")
    if claims.exp - claims.iat > LONGEST or claims.iat > at + AHEAD:
        raise Unauthenticated(TOKEN_INVALID, reason=f"iat, exp (≤ {LONGEST} s)")
    if claims.exp <= at:
        raise Unauthenticated(TOKEN_EXPIRED)


def _decoded(part: str) -> bytes:
    """A part of a token, without the padding that base64 has. Raises ValueError."""
    return b64decode(part + "=" * (-len(part) % 4), altchars="-_", validate=True)


async def signing_secret(connection: asyncpg.Connection, key: str) -> str:
    """The signing secret of a live key that tokens can be minted with. Raises NotFound."""
    secret: bytes | None = None
    if "\0" not in key:
        secret = await connection.fetchval(
            """SELECT code_secret FROM installation
               WHERE EXISTS (SELECT FROM api_key WHERE id = $1 AND revoked IS NULL AND $2 = ANY (scopes))""",
            key,
            SCOPE,
        )
    if secret is None:
        raise NotFound(NO_SIGNING_KEY, id=key, scope=SCOPE)
    return digest(secret, f"member-tokens/{key}".encode(), "sha256").hex()
