"""Members: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from typing import Any

from festoon.api.answers import EventAnswer, InviteAnswer, Item, MemberAnswer, OddsAnswer, StatementAnswer
from festoon.api.member_acts import ActAnswer
from festoon.api.member_pages import MemberEvents
from festoon.api.member_things import ItemPage
from festoon.api.my_answers import TokenAnswer
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.compensations import Preview
from festoon.engine.member_search import MemberFound, Page
from festoon.engine.statement import Line
from festoon.insight.member.events import MemberEvent
from festoon.insight.member.sheet import Sheet
from festoon.insight.member.why import Why


class Members(Waiting):
    """Members."""

    def items(
        self, id: str, *, kind: str | None = None, campaign: str | None = None, limit: int | None = None
    ) -> Iterator[Item]:
        """A member's coupons, badges, items and gifts, newest first."""
        return self.pages(
            Call(
                "GET",
                f"/v1/members/{quoted(id)}/items",
                ItemPage,
                given(kind=kind, campaign=campaign, limit=limit),
            ),
            "items",
        )

    def merge(self, id: str, member: str, reason: str, *, idempotency_key: str = "") -> EventAnswer:
        """Make another account of the same person part of this one."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/merge",
                EventAnswer,
                body=body(member=member, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def take_back(self, id: str, transfer: str, reason: str, *, idempotency_key: str = "") -> EventAnswer:
        """Take one transfer back by another in the opposite direction."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/reversals",
                EventAnswer,
                body=body(transfer=transfer, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def invite(self, id: str) -> InviteAnswer:
        """A member's invite code, and the links of the referrals that run."""
        return self.call(Call("GET", f"/v1/members/{quoted(id)}/invite", InviteAnswer))

    def odds(self, id: str, campaign: str, mechanic: str) -> OddsAnswer:
        """A member's odds in a draw, before he plays."""
        return self.call(
            Call(
                "GET",
                f"/v1/members/{quoted(id)}/odds",
                OddsAnswer,
                given(campaign=campaign, mechanic=mechanic),
            )
        )

    def search_members(self, q: str, *, limit: int | None = None) -> Iterator[MemberFound]:
        """Members by number (#17), the beginning of an id or a name, the end of a phone number."""
        return self.pages(Call("GET", "/v1/members", Page, given(q=q, limit=limit)), "members")

    def member_sheet(self, id: str) -> Sheet:
        """Everything about a member on one sheet."""
        return self.call(Call("GET", f"/v1/members/{quoted(id)}/sheet", Sheet))

    def member_events(self, id: str, *, limit: int | None = None) -> Iterator[MemberEvent]:
        """A member's events with what each came to, newest first."""
        return self.pages(
            Call("GET", f"/v1/members/{quoted(id)}/events", MemberEvents, given(limit=limit)), "events"
        )

    def why(self, id: str, mechanic: str, *, event: str | None = None, at: datetime | None = None) -> Why:
        """Why a mechanic gave a member something, or did not."""
        return self.call(
            Call("GET", f"/v1/members/{quoted(id)}/why", Why, given(mechanic=mechanic, event=event, at=at))
        )

    def adjust(
        self,
        id: str,
        asset: str,
        amount: int,
        reason: str,
        *,
        expires: date | None = None,
        key: str = "",
        idempotency_key: str = "",
    ) -> ActAnswer:
        """Change a balance; above what one person may, ask another to sign."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/adjust",
                ActAnswer,
                body=body(asset=asset, amount=amount, reason=reason, expires=expires, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    def block(self, id: str, reason: str, *, key: str = "", idempotency_key: str = "") -> ActAnswer:
        """Refuse what a member asks for from now on."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/block",
                ActAnswer,
                body=body(reason=reason, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    def unblock(self, id: str, reason: str, *, key: str = "", idempotency_key: str = "") -> ActAnswer:
        """Let a blocked member take part again."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/unblock",
                ActAnswer,
                body=body(reason=reason, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    def erase(self, id: str, confirm: str, reason: str, *, idempotency_key: str = "") -> ActAnswer:
        """Ask that what is known of a member be destroyed; another signs."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/erase",
                ActAnswer,
                body=body(confirm=confirm, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def compensate(
        self,
        id: str,
        campaign: str,
        give: list[dict[str, Any]],
        reason: str,
        *,
        key: str = "",
        idempotency_key: str = "",
    ) -> Preview:
        """Put up something for one member; another signs, and it is run."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/compensate",
                Preview,
                body=body(campaign=campaign, give=give, reason=reason, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    def statement(self, id: str, *, asset: str | None = None, limit: int | None = None) -> Iterator[Line]:
        """Every change of a member's balances with its reason, newest first."""
        return self.pages(
            Call(
                "GET", f"/v1/members/{quoted(id)}/statement", StatementAnswer, given(asset=asset, limit=limit)
            ),
            "lines",
        )

    def member(self, id: str) -> MemberAnswer:
        """A member's profile, balances, items and progress."""
        return self.call(Call("GET", f"/v1/members/{quoted(id)}", MemberAnswer))

    def mint_token(self, id: str, *, seconds: int = 900, campaign: str = "") -> TokenAnswer:
        """Mint a member's token, by which his browser acts for him, for an hour at the most."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/token",
                TokenAnswer,
                body=body(seconds=seconds, campaign=campaign),
            )
        )


class AsyncMembers(Awaiting):
    """Members."""

    def items(
        self, id: str, *, kind: str | None = None, campaign: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Item]:
        """A member's coupons, badges, items and gifts, newest first."""
        return self.pages(
            Call(
                "GET",
                f"/v1/members/{quoted(id)}/items",
                ItemPage,
                given(kind=kind, campaign=campaign, limit=limit),
            ),
            "items",
        )

    async def merge(self, id: str, member: str, reason: str, *, idempotency_key: str = "") -> EventAnswer:
        """Make another account of the same person part of this one."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/merge",
                EventAnswer,
                body=body(member=member, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def take_back(
        self, id: str, transfer: str, reason: str, *, idempotency_key: str = ""
    ) -> EventAnswer:
        """Take one transfer back by another in the opposite direction."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/reversals",
                EventAnswer,
                body=body(transfer=transfer, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def invite(self, id: str) -> InviteAnswer:
        """A member's invite code, and the links of the referrals that run."""
        return await self.call(Call("GET", f"/v1/members/{quoted(id)}/invite", InviteAnswer))

    async def odds(self, id: str, campaign: str, mechanic: str) -> OddsAnswer:
        """A member's odds in a draw, before he plays."""
        return await self.call(
            Call(
                "GET",
                f"/v1/members/{quoted(id)}/odds",
                OddsAnswer,
                given(campaign=campaign, mechanic=mechanic),
            )
        )

    def search_members(self, q: str, *, limit: int | None = None) -> AsyncIterator[MemberFound]:
        """Members by number (#17), the beginning of an id or a name, the end of a phone number."""
        return self.pages(Call("GET", "/v1/members", Page, given(q=q, limit=limit)), "members")

    async def member_sheet(self, id: str) -> Sheet:
        """Everything about a member on one sheet."""
        return await self.call(Call("GET", f"/v1/members/{quoted(id)}/sheet", Sheet))

    def member_events(self, id: str, *, limit: int | None = None) -> AsyncIterator[MemberEvent]:
        """A member's events with what each came to, newest first."""
        return self.pages(
            Call("GET", f"/v1/members/{quoted(id)}/events", MemberEvents, given(limit=limit)), "events"
        )

    async def why(
        self, id: str, mechanic: str, *, event: str | None = None, at: datetime | None = None
    ) -> Why:
        """Why a mechanic gave a member something, or did not."""
        return await self.call(
            Call("GET", f"/v1/members/{quoted(id)}/why", Why, given(mechanic=mechanic, event=event, at=at))
        )

    async def adjust(
        self,
        id: str,
        asset: str,
        amount: int,
        reason: str,
        *,
        expires: date | None = None,
        key: str = "",
        idempotency_key: str = "",
    ) -> ActAnswer:
        """Change a balance; above what one person may, ask another to sign."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/adjust",
                ActAnswer,
                body=body(asset=asset, amount=amount, reason=reason, expires=expires, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    async def block(self, id: str, reason: str, *, key: str = "", idempotency_key: str = "") -> ActAnswer:
        """Refuse what a member asks for from now on."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/block",
                ActAnswer,
                body=body(reason=reason, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    async def unblock(self, id: str, reason: str, *, key: str = "", idempotency_key: str = "") -> ActAnswer:
        """Let a blocked member take part again."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/unblock",
                ActAnswer,
                body=body(reason=reason, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    async def erase(self, id: str, confirm: str, reason: str, *, idempotency_key: str = "") -> ActAnswer:
        """Ask that what is known of a member be destroyed; another signs."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/erase",
                ActAnswer,
                body=body(confirm=confirm, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def compensate(
        self,
        id: str,
        campaign: str,
        give: list[dict[str, Any]],
        reason: str,
        *,
        key: str = "",
        idempotency_key: str = "",
    ) -> Preview:
        """Put up something for one member; another signs, and it is run."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/compensate",
                Preview,
                body=body(campaign=campaign, give=give, reason=reason, key=key),
                once=True,
                key=idempotency_key,
            )
        )

    def statement(
        self, id: str, *, asset: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Line]:
        """Every change of a member's balances with its reason, newest first."""
        return self.pages(
            Call(
                "GET", f"/v1/members/{quoted(id)}/statement", StatementAnswer, given(asset=asset, limit=limit)
            ),
            "lines",
        )

    async def member(self, id: str) -> MemberAnswer:
        """A member's profile, balances, items and progress."""
        return await self.call(Call("GET", f"/v1/members/{quoted(id)}", MemberAnswer))

    async def mint_token(self, id: str, *, seconds: int = 900, campaign: str = "") -> TokenAnswer:
        """Mint a member's token, by which his browser acts for him, for an hour at the most."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/token",
                TokenAnswer,
                body=body(seconds=seconds, campaign=campaign),
            )
        )
