"""Plans over the API: checked, submitted, signed by another, published; campaigns paused and stopped.

The same functions as behind the command line, so that who made a version cannot approve it here either.
"""

import asyncio
from collections.abc import Iterable

import asyncpg
from starlette.requests import Request

from festoon.api.answers import (
    Comment,
    Opening,
    OpeningAnswer,
    OpeningStep,
    Pause,
    Pausing,
    PlanChange,
    PlanCheck,
    PlanProblem,
    PlanText,
    PlanVersionDetail,
    PlanVersions,
    PutAway,
    Reason,
)
from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN
from festoon.api.campaigns import TAG as CAMPAIGNS
from festoon.api.filters import body_of, choice, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, spoken, working
from festoon.base.errors import NotFound
from festoon.engine.archiving import ALREADY as ALREADY_AWAY
from festoon.engine.archiving import NOT_ARCHIVED, NOT_SETTLED, archive, bring_back
from festoon.engine.campaign_list import STATUSES, every_version
from festoon.engine.engine import Engine
from festoon.engine.funding import ALREADY_SPENT
from festoon.engine.grand_draws import PRIZES_FROZEN
from festoon.engine.publish import (
    CANNOT_FOLLOW,
    CANNOT_RUN_BESIDE,
    NOT_APPROVED,
    NOT_WAITING,
    NOT_YOURS,
    REASON_MISSING,
    REVIEWER_APPROVES,
    SELF_APPROVED,
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
from festoon.engine.remarks import (
    NOT_IN_REVIEW,
    REVIEWED_ALREADY,
    REVIEWS_OWN,
    VERSION_UNKNOWN,
    remarks,
    review,
)
from festoon.engine.rollout import NO_ROLLOUT, NOT_RUNNING, Opened, opened, roll_out
from festoon.plan.check import check_plan
from festoon.plan.overlaps import overlaps
from festoon.plan.problems import INVALID, Problem
from festoon.store.pool import lent

TAG = "Plans"


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
        async with working(request, self._pool) as connection:
            campaign, version = await submit(
                connection, asked.source, actor_of(request), self._engine.now(), asked.note
            )
            return await self._detail(connection, campaign, version, spoken(request))

    async def versions(self, request: Request) -> PlanVersions:
        status, limit = choice(request, "status", STATUSES), limit_of(request)
        campaign, version = after(request, str, int)
        async with lent(self._pool) as connection:
            rows = await every_version(
                connection,
                text(request, "campaign"),
                status,
                after=(campaign or "", version or 0),
                limit=limit + 1,
            )
        page, last = cut(rows, limit)
        return PlanVersions([*page], None if last is None else cursor(last.campaign, last.version))

    async def version(self, request: Request) -> PlanVersionDetail:
        async with lent(self._pool) as connection:
            return await self._detail(connection, *_named(request), spoken(request))

    async def review(self, request: Request) -> PlanVersionDetail:
        asked = await body_of(request, Comment)
        async with working(request, self._pool) as connection:
            now = self._engine.now()
            await review(connection, *_named(request), actor_of(request), now, asked.comment)
            return await self._detail(connection, *_named(request), spoken(request))

    async def approve(self, request: Request) -> PlanVersionDetail:
        async with working(request, self._pool) as connection:
            await approve(connection, *_named(request), actor_of(request), self._engine.now())
            return await self._detail(connection, *_named(request), spoken(request))

    async def withdraw(self, request: Request) -> PlanVersionDetail:
        asked = await body_of(request, Reason)
        async with working(request, self._pool) as connection:
            await withdraw(connection, *_named(request), actor_of(request), self._engine.now(), asked.reason)
            return await self._detail(connection, *_named(request), spoken(request))

    async def send_back(self, request: Request) -> PlanVersionDetail:
        asked = await body_of(request, Reason)
        async with working(request, self._pool) as connection:
            await send_back(connection, *_named(request), actor_of(request), self._engine.now(), asked.reason)
            return await self._detail(connection, *_named(request), spoken(request))

    async def publish(self, request: Request) -> PlanVersionDetail:
        async with working(request, self._pool) as connection:
            await publish(connection, *_named(request), actor_of(request), self._engine.now())
            return await self._detail(connection, *_named(request), spoken(request))

    async def pause(self, request: Request) -> Pause:
        asked = await body_of(request, Pausing)
        return await self._pause(request, asked.mechanics or ["*"])

    async def resume(self, request: Request) -> Pause:
        return await self._pause(request, [])

    async def stop(self, request: Request) -> Pause:
        id = request.path_params["campaign"]
        async with working(request, self._pool) as connection:
            await stop(connection, id, actor_of(request), self._engine.now())
            return await _state(connection, id)

    async def archive(self, request: Request) -> PutAway:
        id, now = request.path_params["campaign"], self._engine.now()
        async with working(request, self._pool) as connection:
            await archive(connection, id, actor_of(request), now)
        return PutAway(id, now)

    async def bring_back(self, request: Request) -> PutAway:
        id = request.path_params["campaign"]
        async with working(request, self._pool) as connection:
            await bring_back(connection, id, actor_of(request), self._engine.now())
        return PutAway(id, None)

    async def opening(self, request: Request) -> OpeningAnswer:
        async with lent(self._pool) as connection:
            return _opening(await opened(connection, request.path_params["campaign"], self._engine.now()))

    async def open(self, request: Request) -> OpeningAnswer:
        asked = await body_of(request, Opening)
        id, now = request.path_params["campaign"], self._engine.now()
        async with working(request, self._pool) as connection:
            return _opening(await roll_out(connection, id, asked.share, actor_of(request), now))

    async def _pause(self, request: Request, mechanics: list[str]) -> Pause:
        id = request.path_params["campaign"]
        async with working(request, self._pool) as connection:
            await pause(connection, id, mechanics, actor_of(request), self._engine.now())
            return await _state(connection, id)

    async def _detail(
        self, connection: asyncpg.Connection, campaign: str, version: int, language: str
    ) -> PlanVersionDetail:
        row = await connection.fetchrow(
            """SELECT campaign, version, status, maker, submitted, reviewer, reviewed, checker, approved, published,
                      note, source
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
            remarks=await remarks(connection, campaign, version),
        )

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_plans(), *self._of_campaigns())

    def _of_plans(self) -> tuple[Operation, ...]:
        version = Parameter(
            "version", "The version's number.", {"type": "integer"}, "path", required=True, example=2
        )
        both, at = (CAMPAIGN, version), "/v1/campaigns/{campaign}/versions/{version}"
        return (
            Operation("POST", "/v1/plans/check", "Check a plan: every mistake and warning, with its place.",
                      "plan:make", self.check, PlanCheck, PlanText, name="check_plan", tag=TAG, repeatable=True,
                      tells="Nothing is stored."),
            Operation("POST", "/v1/plans", "Put a plan up for review as its campaign's next version.",
                      "plan:make", self.submit, PlanVersionDetail, PlanText, problems=(INVALID,),
                      name="submit_plan", tag=TAG, once=True),
            Operation("GET", "/v1/plans", "Versions of plans, by campaign: what waits for a signature, what runs.",
                      "campaigns:read", self.versions, PlanVersions, parameters=_FILTERS,
                      name="plan_versions", tag=TAG, pages="versions"),
            Operation("GET", at, "A version: its text, its signatures, what it changes about the one that runs.",
                      "campaigns:read", self.version, PlanVersionDetail, parameters=both, problems=(VERSION_UNKNOWN,),
                      name="plan_version", tag=TAG),
            Operation("POST", at + "/review", "Sign a version of somebody else's as read; a third person approves it.",
                      "plan:review", self.review, PlanVersionDetail, Comment, both, name="review_plan", tag=TAG,
                      problems=(VERSION_UNKNOWN, REVIEWS_OWN, NOT_IN_REVIEW, REVIEWED_ALREADY), once=True),
            Operation("POST", at + "/approve", "Sign a version that somebody else made.",
                      "plan:check", self.approve, PlanVersionDetail, parameters=both, name="approve_plan", tag=TAG,
                      problems=(VERSION_UNKNOWN, SELF_APPROVED, REVIEWER_APPROVES, NOT_WAITING), once=True),
            Operation("POST", at + "/withdraw", "Take back a version that you made, before it runs.",
                      "plan:make", self.withdraw, PlanVersionDetail, Reason, both, name="withdraw_plan", tag=TAG,
                      problems=(VERSION_UNKNOWN, NOT_YOURS, NOT_WAITING), once=True),
            Operation("POST", at + "/send-back", "Send a version back to its maker, with a reason.",
                      "plan:check", self.send_back, PlanVersionDetail, Reason, both, name="send_back_plan", tag=TAG,
                      problems=(VERSION_UNKNOWN, REASON_MISSING, NOT_WAITING), once=True),
            Operation("POST", at + "/publish", "Let an approved version take over.",
                      "plan:publish", self.publish, PlanVersionDetail, parameters=both, name="publish_plan", tag=TAG,
                      problems=(INVALID, VERSION_UNKNOWN, NOT_APPROVED, CANNOT_FOLLOW, CANNOT_RUN_BESIDE,
                                ALREADY_SPENT, PRIZES_FROZEN), once=True),
        )  # fmt: skip

    def _of_campaigns(self) -> tuple[Operation, ...]:
        at, one = "/v1/campaigns/{campaign}", (CAMPAIGN,)
        return (
            Operation("POST", at + "/pause", "Pause a campaign, or some of its mechanics.",
                      "plan:publish", self.pause, Pause, Pausing, one, problems=(VERSION_UNKNOWN,),
                      name="pause", tag=CAMPAIGNS, once=True),
            Operation("POST", at + "/resume", "Let everything of a campaign run again.",
                      "plan:publish", self.resume, Pause, parameters=one, problems=(VERSION_UNKNOWN,),
                      name="resume", tag=CAMPAIGNS, once=True),
            Operation("POST", at + "/stop", "Stop a campaign now and for good.",
                      "plan:publish", self.stop, Pause, parameters=one, problems=(VERSION_UNKNOWN,),
                      name="stop", tag=CAMPAIGNS, once=True),
            Operation("POST", at + "/archive", "Put a campaign away that is settled or stopped: it leaves the lists.",
                      "plan:publish", self.archive, PutAway, parameters=one,
                      problems=(VERSION_UNKNOWN, NOT_SETTLED, ALREADY_AWAY), name="archive_campaign", tag=CAMPAIGNS,
                      once=True),
            Operation("POST", at + "/bring-back", "Put a campaign back into the lists.",
                      "plan:publish", self.bring_back, PutAway, parameters=one,
                      problems=(VERSION_UNKNOWN, NOT_ARCHIVED), name="bring_back_campaign", tag=CAMPAIGNS,
                      once=True),
            Operation("GET", at + "/rollout", "How far a campaign is open.",
                      "campaigns:read", self.opening, OpeningAnswer, parameters=one,
                      problems=(NOT_RUNNING, NO_ROLLOUT), name="rollout", tag=CAMPAIGNS),
            Operation("POST", at + "/rollout", "Open a campaign further, or less far, from now on.",
                      "plan:publish", self.open, OpeningAnswer, Opening, one, problems=(NOT_RUNNING, NO_ROLLOUT),
                      name="roll_out", tag=CAMPAIGNS, once=True),
        )  # fmt: skip


_FILTERS = (
    Parameter("status", "Only versions of this status.", {"type": "string", "enum": list(STATUSES)}),
    Parameter("campaign", "Only versions of this campaign.", NAME),
    *PAGED,
)


def _opening(found: Opened) -> OpeningAnswer:
    steps = [OpeningStep(at, share) for at, share in found.to_come]
    return OpeningAnswer(found.campaign, found.share, found.testers, steps)


def _named(request: Request) -> tuple[str, int]:
    """The campaign and version of a path. Raises NotFound for a number that no version has."""
    campaign, said = request.path_params["campaign"], request.path_params["version"]
    if not said.isascii() or not said.isdecimal() or not 0 < int(said[:10]) < 2**31:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version=said)
    return campaign, int(said)


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
