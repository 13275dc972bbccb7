"""What the platform owes its members of an asset, by day, over the API."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg
from starlette.requests import Request

from festoon.api.evaluations import NO_FACTS
from festoon.api.filters import PARAMETER_INVALID, text
from festoon.api.operation import Operation, Parameter
from festoon.base.errors import Invalid, NotFound
from festoon.engine.engine import Engine
from festoon.insight.liability.liability import (
    MOST_DAYS,
    NO_ASSET,
    NO_DAYS,
    Liability,
    Wanted,
    liability,
)
from festoon.store.pool import lent

TAG = "Books"
_DAY = {"type": "string", "format": "date"}


class Liabilities:
    """The endpoint, with what it needs of the process. `facts` is where the relay writes them."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, facts: Path) -> None:
        self._pool = pool
        self._engine = engine
        self._facts = facts

    async def get(self, request: Request) -> Liability:
        wanted = Wanted(
            request.path_params["asset"], _day(request, "since"), _day(request, "until"),
            zone_said(text(request, "zone")),
        )  # fmt: skip
        if not self._facts.is_dir():
            raise NotFound(NO_FACTS)
        engine = self._engine
        async with lent(self._pool) as connection:
            return await liability(connection, engine.program, self._facts, wanted, engine.now())

    def operations(self) -> tuple[Operation, ...]:
        parameters = (
            Parameter("asset", "The asset's code, such as `points` or `spring-tea/stamps`.", where="path",
                      required=True, example="points"),
            Parameter("since", "The first day; thirty days without.", _DAY, example="2027-04-01"),
            Parameter("until", "The last day; today without.", _DAY, example="2027-04-30"),
            Parameter("zone", "In whose time days are counted, an IANA name; that of most campaigns without.",
                      example="Asia/Shanghai"),
        )  # fmt: skip
        return (
            Operation("GET", "/v1/assets/{asset:path}/liability",
                      "What members have of an asset by day: issued, spent, lapsed, taken back, outstanding.",
                      "campaigns:read", self.get, Liability, parameters=parameters,
                      problems=(NO_ASSET, NO_DAYS, NO_FACTS, PARAMETER_INVALID), name="liability", tag=TAG,
                      tells=f"Added up from the facts, which `festoon work` writes, and held against the ledger's"
                            f" accounts: they agree when the facts are up to date. At most {MOST_DAYS} days."),
        )  # fmt: skip


def _day(request: Request, name: str) -> date | None:
    said = text(request, name)
    try:
        return None if said is None else date.fromisoformat(said)
    except ValueError:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason="YYYY-MM-DD") from None


def zone_said(said: str | None) -> ZoneInfo | None:
    """The zone of that name. Raises Invalid for none."""
    try:
        return ZoneInfo(said) if said else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(PARAMETER_INVALID, "zone", name="zone", reason="IANA") from None
