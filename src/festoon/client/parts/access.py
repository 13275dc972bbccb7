"""Access: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from festoon.access.key_list import KeyRow
from festoon.access.trail import Entry
from festoon.api.access import KeyAnswer, KeyPage, Revoked, TrailPage
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting


class Access(Waiting):
    """Access."""

    def keys(self, *, limit: int | None = None) -> Iterator[KeyRow]:
        """API keys: whom they stand for and what they may do."""
        return self.pages(Call("GET", "/v1/keys", KeyPage, given(limit=limit)), "keys")

    def make_key(self, actor: str, scopes: list[str], *, idempotency_key: str = "") -> KeyAnswer:
        """Make a key. The answer is the only one that shows it."""
        return self.call(
            Call(
                "POST",
                "/v1/keys",
                KeyAnswer,
                body=body(actor=actor, scopes=scopes),
                once=True,
                key=idempotency_key,
            )
        )

    def revoke_key(self, id: str, *, idempotency_key: str = "") -> Revoked:
        """Revoke a key."""
        return self.call(
            Call("POST", f"/v1/keys/{quoted(id)}/revoke", Revoked, once=True, key=idempotency_key)
        )

    def audit(
        self,
        *,
        actor: str | None = None,
        act: str | None = None,
        object: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Entry]:
        """The audit trail, newest first, with what each act changed."""
        return self.pages(
            Call(
                "GET",
                "/v1/audit",
                TrailPage,
                given(actor=actor, act=act, object=object, since=since, until=until, limit=limit),
            ),
            "entries",
        )


class AsyncAccess(Awaiting):
    """Access."""

    def keys(self, *, limit: int | None = None) -> AsyncIterator[KeyRow]:
        """API keys: whom they stand for and what they may do."""
        return self.pages(Call("GET", "/v1/keys", KeyPage, given(limit=limit)), "keys")

    async def make_key(self, actor: str, scopes: list[str], *, idempotency_key: str = "") -> KeyAnswer:
        """Make a key. The answer is the only one that shows it."""
        return await self.call(
            Call(
                "POST",
                "/v1/keys",
                KeyAnswer,
                body=body(actor=actor, scopes=scopes),
                once=True,
                key=idempotency_key,
            )
        )

    async def revoke_key(self, id: str, *, idempotency_key: str = "") -> Revoked:
        """Revoke a key."""
        return await self.call(
            Call("POST", f"/v1/keys/{quoted(id)}/revoke", Revoked, once=True, key=idempotency_key)
        )

    def audit(
        self,
        *,
        actor: str | None = None,
        act: str | None = None,
        object: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Entry]:
        """The audit trail, newest first, with what each act changed."""
        return self.pages(
            Call(
                "GET",
                "/v1/audit",
                TrailPage,
                given(actor=actor, act=act, object=object, since=since, until=until, limit=limit),
            ),
            "entries",
        )
