"""Plans over the API: checked, submitted, signed by another, published; campaigns paused and stopped.

The same functions as behind the command line, so that who made a version cannot approve it here either.
"""

import asyncio
from collections.abc import Iterable

import asyncpg
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.api.answers import (
    Opening,
    OpeningAnswer,
    OpeningStep,
    Pause,
    Pausing,
    PlanChange,
    PlanCheck,
    PlanProblem,
    PlanText,
    PlanVersion,
    PlanVersionDetail,
    PlanVersions,
    Reason,
)
from festoon.api.campaigns import CAMPAIGN_UNKNOWN
from festoon.api.routes import PARAMETER_INVALID, Operation, Parameter, body_of, spoken, text, whole
from festoon.base.errors import Invalid, NotFound
from festoon.engine.engine import Engine
from festoon.engine.publish import (
    VERSION_UNKNOWN,
    approve,
    changes,
    pause,
    publish,
    send_back,
    stop,
    submit,
    withdraw,
)
from festoon.engine.reload import running
from festoon.engine.rollout import Opened, opened, roll_out
from festoon.plan.check import check_plan
from festoon.plan.overlaps import overlaps
from festoon.plan.problems import Problem
from festoon.store.pool import lent

STATUSES = ("in_review", "approved", "published", "superseded", "withdrawn")
MOST = 200


class Plans:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def check(self, request: Request) -> PlanCheck:
        asked = await body_of(request, PlanText)
        checked = await asyncio.to_thread(check_plan, asked.source)
        found = checked.problems
        if checked.compiled is not None:
            async with lent(self._pool) as connection:
                found = (*found, *overlaps(checked.compiled, await running(connection)))
        return PlanCheck(
            not [each for each in found if each.severity == "error"],
            checked.plan.campaign if checked.plan is not None else "",
            _problems(found, spoken(request)),
        )

    async def submit(self, request: Request) -> PlanVersionDetail:
        asked = await body_of(request, PlanText)
        async with lent(self._pool) as connection:
            campaign, version = await submit(
                connection, asked.source, _actor(request), self._engine.now(), asked.note
            )
            return await self._detail(connection, campaign, version, spoken(request))

    async def versions(self, request: Request) -> PlanVersions:
        status = text(request, "status")
        if status is not None and status not in STATUSES:
            raise Invalid(PARAMETER_INVALID, "status", name="status", reason=", ".join(STATUSES))
        limit = whole(request, "limit", 50, 1, MOST) or 50
        campaign, version = _cursor(text(request, "after"))
        async with lent(self._pool) as connection:
            rows = await connection.fetch(
                """SELECT campaign, version, status, maker, submitted, checker, approved, published, note
                   FROM plan_version
                   WHERE (campaign, version) > ($1, $2) AND ($3::text IS NULL OR status = $3)
                         AND ($4::text IS NULL OR campaign = $4)
                   ORDER BY campaign, version LIMIT $5""",
                campaign, version, status, text(request, "campaign"), limit + 1,
            )  # fmt: skip
        found = [PlanVersion(**row) for row in rows[:limit]]
        more = f"{found[-1].campaign}@{found[-1].version}" if len(rows) > limit else None
        return PlanVersions(found, more)

    async def version(self, request: Request) -> PlanVersionDetail:
        async with lent(self._pool) as connection:
            return await self._detail(connection, *_named(request), spoken(request))

    async def approve(self, request: Request) -> PlanVersionDetail:
        async with lent(self._pool) as connection:
            await approve(connection, *_named(request), _actor(request), self._engine.now())
            return await self._detail(connection, *_named(request), spoken(request))

    async def withdraw(self, request: Request) -> PlanVersionDetail:
        asked = await body_of(request, Reason)
        async with lent(self._pool) as connection:
            await withdraw(connection, *_named(request), _actor(request), self._engine.now(), asked.reason)
            return await self._detail(connection, *_named(request), spoken(request))

    async def send_back(self, request: Request) -> PlanVersionDetail:
        asked = await body_of(request, Reason)
        async with lent(self._pool) as connection:
            await send_back(connection, *_named(request), _actor(request), self._engine.now(), asked.reason)
            return await self._detail(connection, *_named(request), spoken(request))

    async def publish(self, request: Request) -> PlanVersionDetail:
        async with lent(self._pool) as connection:
            await publish(connection, *_named(request), _actor(request), self._engine.now())
            return await self._detail(connection, *_named(request), spoken(request))

    async def pause(self, request: Request) -> Pause:
        asked = await body_of(request, Pausing)
        return await self._pause(request, asked.mechanics or ["*"])

    async def resume(self, request: Request) -> Pause:
        return await self._pause(request, [])

    async def stop(self, request: Request) -> Pause:
        id = request.path_params["id"]
        async with lent(self._pool) as connection:
            await stop(connection, id, _actor(request), self._engine.now())
            return await _state(connection, id)

    async def opening(self, request: Request) -> OpeningAnswer:
        async with lent(self._pool) as connection:
            return _opening(await opened(connection, request.path_params["id"], self._engine.now()))

    async def open(self, request: Request) -> OpeningAnswer:
        asked = await body_of(request, Opening)
        id, now = request.path_params["id"], self._engine.now()
        async with lent(self._pool) as connection:
            return _opening(await roll_out(connection, id, asked.share, _actor(request), now))

    async def _pause(self, request: Request, mechanics: list[str]) -> Pause:
        id = request.path_params["id"]
        async with lent(self._pool) as connection:
            await pause(connection, id, mechanics, _actor(request), self._engine.now())
            return await _state(connection, id)

    async def _detail(
        self, connection: asyncpg.Connection, campaign: str, version: int, language: str
    ) -> PlanVersionDetail:
        row = await connection.fetchrow(
            """SELECT campaign, version, status, maker, submitted, checker, approved, published, note, source
               FROM plan_version WHERE campaign = $1 AND version = $2""",
            campaign, version,
        )  # fmt: skip
        if row is None:
            raise NotFound(VERSION_UNKNOWN, campaign=campaign, version=version)
        checked = await asyncio.to_thread(check_plan, row["source"], version=version)
        found = checked.problems
        if checked.compiled is not None:
            found = (*found, *overlaps(checked.compiled, await running(connection)))
        differences = await changes(connection, campaign, row["source"])
        return PlanVersionDetail(
            **row,
            changes=[PlanChange(each.path, each.text(language), each.effect) for each in differences],
            problems=_problems(found, language),
        )

    def operations(self) -> tuple[Operation, ...]:
        id = Parameter("id", "The campaign's id.", where="path", required=True)
        version = Parameter("version", "The version's number.", {"type": "integer"}, "path", required=True)
        one, both = (id,), (id, version)
        at = "/v1/campaigns/{id}/versions/{version}"
        return (
            Operation("POST", "/v1/plans/check", "Check a plan: every mistake and warning, with its place.",
                      "plan:make", self.check, PlanCheck, PlanText, problems=(400,)),
            Operation("POST", "/v1/plans", "Put a plan up for review as its campaign's next version.",
                      "plan:make", self.submit, PlanVersionDetail, PlanText, problems=(400,)),
            Operation("GET", "/v1/plans", "Versions of plans, by campaign: what waits for a signature, what runs.",
                      "campaigns:read", self.versions, PlanVersions, parameters=_FILTERS, problems=(400,)),
            Operation("GET", at, "A version: its text, its signatures, what it changes about the one that runs.",
                      "campaigns:read", self.version, PlanVersionDetail, parameters=both, problems=(404,)),
            Operation("POST", at + "/approve", "Sign a version that somebody else made.",
                      "plan:check", self.approve, PlanVersionDetail, parameters=both, problems=(404, 409)),
            Operation("POST", at + "/withdraw", "Take back a version that you made, before it runs.",
                      "plan:make", self.withdraw, PlanVersionDetail, Reason, both, problems=(400, 404, 409)),
            Operation("POST", at + "/send-back", "Send a version back to its maker, with a reason.",
                      "plan:check", self.send_back, PlanVersionDetail, Reason, both, problems=(400, 404, 409)),
            Operation("POST", at + "/publish", "Let an approved version take over.",
                      "plan:publish", self.publish, PlanVersionDetail, parameters=both, problems=(404, 409)),
            Operation("POST", "/v1/campaigns/{id}/pause", "Pause a campaign, or some of its mechanics.",
                      "plan:publish", self.pause, Pause, Pausing, one, problems=(400, 404)),
            Operation("POST", "/v1/campaigns/{id}/resume", "Let everything of a campaign run again.",
                      "plan:publish", self.resume, Pause, parameters=one, problems=(404,)),
            Operation("POST", "/v1/campaigns/{id}/stop", "Stop a campaign now and for good.",
                      "plan:publish", self.stop, Pause, parameters=one, problems=(404,)),
            Operation("GET", "/v1/campaigns/{id}/rollout", "How far a campaign is open.",
                      "campaigns:read", self.opening, OpeningAnswer, parameters=one, problems=(404, 409)),
            Operation("POST", "/v1/campaigns/{id}/rollout", "Open a campaign further, or less far, from now on.",
                      "plan:publish", self.open, OpeningAnswer, Opening, one, problems=(400, 404, 409)),
        )  # fmt: skip


_FILTERS = (
    Parameter("status", "Only versions of this status.", {"type": "string", "enum": list(STATUSES)}),
    Parameter("campaign", "Only versions of this campaign."),
    Parameter("after", "Where the page begins: `next` of the page before."),
    Parameter("limit", "How many at the most.", {"type": "integer", "minimum": 1, "maximum": MOST}),
)


def _opening(found: Opened) -> OpeningAnswer:
    steps = [OpeningStep(at, share) for at, share in found.to_come]
    return OpeningAnswer(found.campaign, found.share, found.testers, steps)


def _actor(request: Request) -> str:
    key: Key = request.state.key
    return key.actor


def _named(request: Request) -> tuple[str, int]:
    """The campaign and version of a path. Raises NotFound for a number that no version has."""
    campaign, said = request.path_params["id"], request.path_params["version"]
    if not said.isascii() or not said.isdecimal() or not 0 < int(said[:10]) < 2**31:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version=said)
    return campaign, int(said)


def _cursor(after: str | None) -> tuple[str, int]:
    """The last version of the page before. Raises Invalid."""
    if after is None:
        return "", 0
    campaign, _, version = after.rpartition("@")
    if not version.isascii() or not version.isdecimal() or len(version) > 9:
        raise Invalid(PARAMETER_INVALID, "after", name="after", reason="campaign@version")
    return campaign, int(version)


def _problems(found: Iterable[Problem], language: str) -> list[PlanProblem]:
    return [
        PlanProblem(
            each.code, each.severity, each.path, each.line, each.column, each.text(language),
            each.todo(language), dict(each.data),
        )
        for each in found
    ]  # fmt: skip


async def _state(connection: asyncpg.Connection, campaign: str) -> Pause:
    row = await connection.fetchrow("SELECT paused, stopped FROM campaign WHERE id = $1", campaign)
    if row is None:
        raise NotFound(CAMPAIGN_UNKNOWN, campaign=campaign)
    return Pause(campaign, list(row["paused"]), row["stopped"])
