"""Figures from outside over the API: entered with their evidence, signed by another."""

from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.api.answers import NeededReason
from festoon.api.filters import PARAMETER_INVALID, body_of, choice, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, working
from festoon.base.errors import Invalid
from festoon.engine.engine import Engine
from festoon.engine.evidence import NOT_KEPT, TOO_LARGE, Evidence
from festoon.engine.outside import (
    AHEAD,
    DECIDED,
    LINK_INVALID,
    NO_SOURCE,
    NO_SUCH_METRIC,
    NOT_A_NUMBER,
    REASON_MISSING,
    SIGNS_OWN,
    STATES,
    UNKNOWN,
    Entered,
    Kept,
    OutsideFigure,
    decline_figure,
    enter_figure,
    evidence,
    figures,
    sign_figure,
)
from festoon.store.pool import lent

TAG = "Figures from outside"
LARGEST = 8 * 1024 * 1024
"""Bytes of a request that carries a file."""


class OutsidePage(Struct, frozen=True):
    """Figures, the newest first."""

    figures: list[OutsideFigure]
    next: str | None


class FigureEntered(Entered, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure that was measured outside. `value` is in the metric's usual unit, as it is written: `31%`, `1250.5`.
    A `link` or a `file` shows it."""

    campaign: Annotated[str, Meta(min_length=1, max_length=64)]
    file: Evidence | None = None


class OutsideFigures:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def list(self, request: Request) -> OutsidePage:
        limit, state = limit_of(request), choice(request, "state", STATES)
        (before,) = after(request, int)
        async with lent(self._pool) as connection:
            found = await figures(
                connection, text(request, "campaign"), state, before=before, limit=limit + 1
            )
        page, last = cut(found, limit)
        return OutsidePage([*page], cursor(last.number) if last else None)

    async def enter(self, request: Request) -> OutsideFigure:
        asked = await body_of(request, FigureEntered)
        async with working(request, self._pool) as connection:
            now = self._engine.now()
            return await enter_figure(connection, asked.campaign, asked, asked.file, actor_of(request), now)

    async def sign(self, request: Request) -> OutsideFigure:
        async with working(request, self._pool) as connection:
            return await sign_figure(connection, _number(request), actor_of(request), self._engine.now())

    async def decline(self, request: Request) -> OutsideFigure:
        asked = await body_of(request, NeededReason)
        async with working(request, self._pool) as connection:
            actor, now = actor_of(request), self._engine.now()
            return await decline_figure(connection, _number(request), actor, now, asked.reason)

    async def evidence(self, request: Request) -> Kept:
        async with lent(self._pool) as connection:
            return await evidence(connection, _number(request))

    def operations(self) -> tuple[Operation, ...]:
        all_, one = "/v1/outside-figures", "/v1/outside-figures/{number}"
        number = (Parameter("number", "The figure.", {"type": "integer"}, "path", required=True, example=4),)
        filters = (
            Parameter("campaign", "Only of this campaign.", NAME, example="spring-tea"),
            Parameter("state", "Only in this state.", {"type": "string", "enum": list(STATES)}),
            *PAGED,
        )
        wrong = (NO_SUCH_METRIC, NOT_A_NUMBER, NO_SOURCE, LINK_INVALID, AHEAD, TOO_LARGE, NOT_KEPT)
        gone = (PARAMETER_INVALID, UNKNOWN, DECIDED)
        return (
            Operation("GET", all_, "Figures that were measured outside, newest first, with who signed them.",
                      "campaigns:read", self.list, OutsidePage, parameters=filters, name="outside_figures", tag=TAG,
                      pages="figures"),
            Operation("POST", all_, "Enter a figure that was measured outside, with its evidence.", "figures:enter",
                      self.enter, OutsideFigure, FigureEntered, problems=wrong, name="enter_figure", tag=TAG,
                      largest=LARGEST, once=True),
            Operation("GET", f"{one}/evidence", "The file that shows a figure, as Base64.", "campaigns:read",
                      self.evidence, Kept, parameters=number, problems=(PARAMETER_INVALID, UNKNOWN),
                      name="figure_evidence", tag=TAG),
            Operation("POST", f"{one}/sign", "Sign a figure that somebody else entered: goals and reports show it.",
                      "figures:sign", self.sign, OutsideFigure, parameters=number, problems=(*gone, SIGNS_OWN),
                      name="sign_figure", tag=TAG, once=True),
            Operation("POST", f"{one}/decline", "Do not take a figure, with a reason.", "figures:sign", self.decline,
                      OutsideFigure, NeededReason, number, (*gone, REASON_MISSING), name="decline_figure", tag=TAG,
                      once=True),
        )  # fmt: skip


def _number(request: Request) -> int:
    said: str = request.path_params["number"]
    if not said.isascii() or not said.isdecimal() or len(said) > 18:
        raise Invalid(PARAMETER_INVALID, "number", name="number", reason="1–10¹⁸")
    return int(said)
