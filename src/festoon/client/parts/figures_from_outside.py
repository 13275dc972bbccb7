"""Figures from outside: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from datetime import date

from festoon.api.outside import OutsidePage
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.evidence import Evidence
from festoon.engine.outside import Kept, OutsideFigure


class FiguresFromOutside(Waiting):
    """Figures from outside."""

    def outside_figures(
        self, *, campaign: str | None = None, state: str | None = None, limit: int | None = None
    ) -> Iterator[OutsideFigure]:
        """Figures that were measured outside, newest first, with who signed them."""
        return self.pages(
            Call(
                "GET", "/v1/outside-figures", OutsidePage, given(campaign=campaign, state=state, limit=limit)
            ),
            "figures",
        )

    def enter_figure(
        self,
        metric: str,
        value: str,
        measured: date,
        source: str,
        campaign: str,
        *,
        link: str = "",
        file: Evidence | None = None,
        idempotency_key: str = "",
    ) -> OutsideFigure:
        """Enter a figure that was measured outside, with its evidence."""
        return self.call(
            Call(
                "POST",
                "/v1/outside-figures",
                OutsideFigure,
                body=body(
                    metric=metric,
                    value=value,
                    measured=measured,
                    source=source,
                    link=link,
                    campaign=campaign,
                    file=file,
                ),
                once=True,
                key=idempotency_key,
            )
        )

    def figure_evidence(self, number: int) -> Kept:
        """The file that shows a figure, as Base64."""
        return self.call(Call("GET", f"/v1/outside-figures/{quoted(number)}/evidence", Kept))

    def sign_figure(self, number: int, *, idempotency_key: str = "") -> OutsideFigure:
        """Sign a figure that somebody else entered: goals and reports show it."""
        return self.call(
            Call(
                "POST",
                f"/v1/outside-figures/{quoted(number)}/sign",
                OutsideFigure,
                once=True,
                key=idempotency_key,
            )
        )

    def decline_figure(self, number: int, reason: str, *, idempotency_key: str = "") -> OutsideFigure:
        """Do not take a figure, with a reason."""
        return self.call(
            Call(
                "POST",
                f"/v1/outside-figures/{quoted(number)}/decline",
                OutsideFigure,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )


class AsyncFiguresFromOutside(Awaiting):
    """Figures from outside."""

    def outside_figures(
        self, *, campaign: str | None = None, state: str | None = None, limit: int | None = None
    ) -> AsyncIterator[OutsideFigure]:
        """Figures that were measured outside, newest first, with who signed them."""
        return self.pages(
            Call(
                "GET", "/v1/outside-figures", OutsidePage, given(campaign=campaign, state=state, limit=limit)
            ),
            "figures",
        )

    async def enter_figure(
        self,
        metric: str,
        value: str,
        measured: date,
        source: str,
        campaign: str,
        *,
        link: str = "",
        file: Evidence | None = None,
        idempotency_key: str = "",
    ) -> OutsideFigure:
        """Enter a figure that was measured outside, with its evidence."""
        return await self.call(
            Call(
                "POST",
                "/v1/outside-figures",
                OutsideFigure,
                body=body(
                    metric=metric,
                    value=value,
                    measured=measured,
                    source=source,
                    link=link,
                    campaign=campaign,
                    file=file,
                ),
                once=True,
                key=idempotency_key,
            )
        )

    async def figure_evidence(self, number: int) -> Kept:
        """The file that shows a figure, as Base64."""
        return await self.call(Call("GET", f"/v1/outside-figures/{quoted(number)}/evidence", Kept))

    async def sign_figure(self, number: int, *, idempotency_key: str = "") -> OutsideFigure:
        """Sign a figure that somebody else entered: goals and reports show it."""
        return await self.call(
            Call(
                "POST",
                f"/v1/outside-figures/{quoted(number)}/sign",
                OutsideFigure,
                once=True,
                key=idempotency_key,
            )
        )

    async def decline_figure(self, number: int, reason: str, *, idempotency_key: str = "") -> OutsideFigure:
        """Do not take a figure, with a reason."""
        return await self.call(
            Call(
                "POST",
                f"/v1/outside-figures/{quoted(number)}/decline",
                OutsideFigure,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )
