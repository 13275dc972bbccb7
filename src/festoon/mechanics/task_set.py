"""Sets of tasks (任务集): any so many of them done, and there is a reward for the set."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from festoon.base.effects import Effect, Give, Keep, Note, Start, had_twice
from festoon.base.errors import Invalid, define
from festoon.base.rewards import Reward
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.counting import EachPeriod, Marks, Whole, Window, folded, together
from festoon.mechanics.giving import Giving, spec
from festoon.mechanics.task_merge import given_to_both, newly_complete, twice
from festoon.mechanics.telling import Telling

TOO_FEW = define(
    "task_set.too_few_tasks",
    400,
    "{count} different tasks are asked for, and the set has {tasks}",
    "要求完成{count}个不同任务，但任务集只有{tasks}个",
)
NAMED_TWICE = define(
    "task_set.named_twice", 400, "`{task}` stands in the set twice", "任务“{task}”在任务集中重复"
)

GIVE = "give"
"""The set's own timer, with the name of the one that made it due: what is due of it. A grant that is refused leaves
what was completed."""


class TaskSetParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a set of tasks."""

    tasks: Annotated[
        tuple[str, ...],
        Meta(min_length=1, max_length=100),
        says("The tasks, or sets of tasks, that belong to it."),
    ]
    give: Annotated[Giving, says("What a completed set gives.")]
    count: Annotated[
        Annotated[int, Meta(ge=1, le=100)] | None,
        says("How many different ones make the set complete; all of them by default."),
    ] = None
    period: Annotated[
        Literal["day", "week", "month"] | None,
        says("Each calendar period for itself: the set begins again. Once in the campaign by default."),
    ] = None


class SetProgress(Struct, frozen=True, omit_defaults=True):
    """Which tasks a member has completed, by period, and how often the set was rewarded."""

    given: int = 0
    marks: Marks = Marks()


class TaskSet(Mechanic, kind="task_set"):
    """Any so many of several tasks.

    Its tasks tell it when they are completed, and on which day. It listens to no event.
    """

    tells = True
    Params = TaskSetParams
    State = SetProgress

    def __init__(self, params: TaskSetParams, build: Build) -> None:
        super().__init__(params, build)
        self.tasks = tuple(build.sibling(task, f"tasks[{index}]") for index, task in enumerate(params.tasks))
        self.goal = params.count or len(self.tasks)
        _check(self.tasks, self.goal)
        self.reward = build.reward(spec(params.give))
        self.window: Window = (
            Whole() if params.period is None else EachPeriod(params.period, days_apart=False)
        )
        self.telling = Telling(build)

    @classmethod
    def listens(cls, params: TaskSetParams) -> tuple[str, ...]:
        return ()

    def needs(self) -> Needs:
        return Needs(mechanics=self.tasks)

    def fields(self) -> frozenset[str]:
        return frozenset()

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.reward, None),)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        state: SetProgress = view.state
        return (
            self._gives(state, data, view) if name.startswith(GIVE) else self._told(state, name, data, view)
        )

    def _told(self, state: SetProgress, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        """A task has been completed. The same one in the same period changes nothing."""
        day = date.fromisoformat(data["day"])
        marks = state.marks
        for task in (data["task"], *self._done_before(view)):
            if task in self.tasks:
                marks = self.window.with_target(marks, day, task) or marks
        kept = SetProgress(state.given, folded(marks, self.window, self.goal))
        if self._due(kept):
            yield Start(f"{GIVE}/{name}", view.now, {"day": data["day"]})
        if marks != state.marks:
            yield Keep(kept)
            yield Note({"counted": min(len(self._on(kept, day)), self.goal), "goal": self.goal})

    def _done_before(self, view: View) -> Iterator[str]:
        """The tasks that were done before the plan had the set, where it is the whole campaign's."""
        if self.params.period is None:
            yield from (task for task in self.tasks if view.done(task))

    def _gives(self, state: SetProgress, data: dict[str, Any], view: View) -> Iterator[Effect]:
        due = self._due(state)
        if not due:
            return
        yield Give(self.reward, due)
        days = self.telling.days(data.get("slots", ())) or (date.fromisoformat(data["day"]),)
        yield from self.telling.tells(state.given, days[:due], view)
        yield Keep(SetProgress(state.given + due, state.marks))

    def _due(self, state: SetProgress) -> int:
        """How many complete sets were not rewarded yet: one in the campaign, or one in each period."""
        rounds = self.window.rounds(state.marks, self.goal)
        return max((min(rounds, 1) if self.params.period is None else rounds) - state.given, 0)

    def merge(self, kept: SetProgress, gone: SetProgress, other: int, view: View) -> Iterator[Effect]:
        given = given_to_both(kept, gone, self.window, self.goal)
        yield from had_twice(twice(kept, gone, 1 if self.params.period is None else None))
        marks = together(kept.marks, gone.marks, once_a_slot=True)
        merged = SetProgress(given, folded(marks, self.window, self.goal))
        if self._due(merged):
            slots = newly_complete(kept, gone, merged, self.window, self.goal)
            yield Start(GIVE, view.now, {"day": view.day.isoformat(), "slots": slots})
        yield Keep(merged)

    def shows(self, state: SetProgress, day: date) -> dict[str, Any]:
        done = self._on(state, day)
        return {
            "done": state.given,
            "counted": min(len(done), self.goal),
            "goal": self.goal,
            "tasks": {task: task in done for task in self.tasks},
        }

    def _on(self, state: SetProgress, day: date) -> set[str]:
        """The tasks that are completed in a day's period."""
        slot = self.window.slot(day)
        return {task for at, task in state.marks.targets if at == slot}


def _check(tasks: tuple[str, ...], goal: int) -> None:
    for index, task in enumerate(tasks):
        if task in tasks[:index]:
            raise Invalid(NAMED_TWICE, f"tasks[{index}]", task=task)
    if goal > len(tasks):
        raise Invalid(TOO_FEW, "count", count=goal, tasks=len(tasks))
