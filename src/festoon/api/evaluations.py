"""The evaluation of a campaign over the API: figures, goals against results, the questions of the plan, budget; and
what each benefit is worth."""

from datetime import date, datetime
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request

from festoon.api.campaigns import CAMPAIGN, TAG
from festoon.api.filters import moment
from festoon.api.operation import Operation, Parameter
from festoon.base.errors import NotFound, define
from festoon.engine.engine import Engine
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.insight.benefits.told import BenefitsTold, told
from festoon.insight.criteria import CriterionResult
from festoon.insight.evaluated import evaluated, worth
from festoon.insight.goals import GoalResult
from festoon.insight.spend import LineSpend

NO_FACTS = define(
    "evaluation.no_facts",
    404,
    "there are no facts yet to evaluate from",
    "尚无可用于评估的事实数据",
    todo="let festoon work run: it writes them",
    todo_zh="请运行 festoon work 以生成事实数据",
)


class FigureAnswer(Struct, frozen=True):
    """One of the usual figures in the campaign's time, and in as long a time before it where that makes sense."""

    id: str
    value: float | None
    before: float | None


class LineAnswer(Struct, frozen=True):
    """A budget line in smallest units: what is spent and committed, and what it will have used if that goes on."""

    name: str
    amount: int
    actual: int
    committed: int
    forecast: int
    runs_out: date | None


class EvaluationAnswer(Struct, frozen=True):
    """A campaign evaluated as of an instant, from so many events."""

    campaign: str
    version: int
    as_of: datetime
    phase: str
    events: int
    figures: list[FigureAnswer]
    goals: list[GoalResult]
    criteria: list[CriterionResult]
    lines: list[LineAnswer]


class Evaluations:
    """The endpoints, with what it needs of the process. `facts` is where the relay writes them."""

    def __init__(self, dsn: str, engine: Engine, facts: Path) -> None:
        self._dsn = dsn
        self._engine = engine
        self._facts = facts

    async def get(self, request: Request) -> EvaluationAnswer:
        as_of = self._as_of(request)
        found, _ = await evaluated(self._dsn, request.path_params["campaign"], self._facts, as_of)
        figures = [
            FigureAnswer(id, now.value, None if before is None else before.value)
            for id, (now, before) in found.figures.items()
        ]
        campaign = found.campaign
        return EvaluationAnswer(
            campaign.campaign, campaign.version, as_of, str(found.phase), found.events, figures, [*found.goals],
            [*found.criteria], [_line(line) for line in found.lines],
        )  # fmt: skip

    async def benefits(self, request: Request) -> BenefitsTold:
        as_of, id = self._as_of(request), request.path_params["campaign"]
        found, campaign = await worth(self._dsn, id, self._facts, as_of)
        return told(found, id, campaign.version, campaign.currency, as_of)

    def _as_of(self, request: Request) -> datetime:
        """As of when. Raises NotFound while there are no facts."""
        if not self._facts.is_dir():
            raise NotFound(NO_FACTS)
        return moment(request, "as_of") or self._engine.now()

    def operations(self) -> tuple[Operation, ...]:
        as_of = Parameter("as_of", "What was known then; now without.", {"type": "string", "format": "date-time"},
                          example="2027-05-15T00:00:00Z")  # fmt: skip
        return (
            Operation("GET", "/v1/campaigns/{campaign}/evaluation",
                      "The evaluation: figures, goals against results, the plan's questions, budget.",
                      "campaigns:read", self.get, EvaluationAnswer, parameters=(CAMPAIGN, as_of),
                      problems=(VERSION_UNKNOWN, NO_FACTS), name="evaluation", tag=TAG,
                      tells="Worked out from the facts, which `festoon work` writes; it takes a moment."),
            Operation("GET", "/v1/campaigns/{campaign}/benefits",
                      "What each benefit is worth: cost, uptake by segment, uplift, return, and what to change.",
                      "campaigns:read", self.benefits, BenefitsTold, parameters=(CAMPAIGN, as_of),
                      problems=(VERSION_UNKNOWN, NO_FACTS), name="benefits", tag=TAG,
                      tells="Worked out from the facts, which `festoon work` writes; it takes a moment. Uplift rests"
                            " on an experiment or on the hold-out; `basis` says on which, and where there is neither"
                            " the figure before against after proves nothing."),
        )  # fmt: skip


def _line(line: LineSpend) -> LineAnswer:
    return LineAnswer(line.name, line.amount, line.actual, line.committed, line.forecast, line.runs_out)
