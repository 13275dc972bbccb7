"""Tasks (新手任务, 任务系统): something done so many times within a window, in an order or freely."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from msgspec.structs import replace

from festoon.base.effects import Effect, Give, Keep, Note, Start, had_twice
from festoon.base.errors import Invalid, Refused
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import local_day
from festoon.mechanics.base import MERGED, Build, Mechanic, Needs, View
from festoon.mechanics.counting import (
    FromFirst,
    FromInvitation,
    Marks,
    Within,
    folded,
    has_slot,
    together,
    with_units,
)
from festoon.mechanics.giving import spec
from festoon.mechanics.invitation import INVITED, NAMING, names_himself
from festoon.mechanics.promised import MORE, honour, of_both, promise, still_wanted
from festoon.mechanics.proof import (
    IN_REVIEW,
    OVERDUE,
    VERDICTS,
    Proof,
    Reviewing,
    Verdict,
    let_go,
    settled,
    shown,
)
from festoon.mechanics.reading import field, reading, text_at
from festoon.mechanics.task_merge import beside_of_both, given_to_both, newly_complete, twice
from festoon.mechanics.task_params import GIVES_NOTHING, TaskParams, check, window_of
from festoon.mechanics.task_progress import Beside, TaskProgress
from festoon.mechanics.task_proofs import Counting
from festoon.mechanics.task_refusals import COUNTED, DONE, DONE_FOR_NOW, NOT_YET, OUTSIDE
from festoon.mechanics.telling import Telling

ROUND = "round"


class Task(Mechanic, kind="task"):
    """So many events, or so large a sum, within a window."""

    tells = True
    Params = TaskParams
    State = TaskProgress

    def __init__(self, params: TaskParams, build: Build) -> None:
        super().__init__(params, build)
        check(params)
        self.reward = None if params.give is None else build.reward(spec(params.give))
        self.goal = params.sum.reach if params.sum is not None else params.count or 1
        self.units = reading(params.sum.of, build, "sum.of") if params.sum is not None else None
        self.target = field(params.distinct, build, "distinct") if params.distinct not in ("", "day") else ""
        self.once_a_slot = params.distinct == "day" or bool(params.reset)
        self.window = window_of(params, build)
        self.times = 1 if params.repeat is None else params.repeat.times
        self.after = tuple(build.sibling(task, f"after[{index}]") for index, task in enumerate(params.after))
        self.may_close = bool(self.after) or params.within is not None
        self.telling = Telling(build)
        self.first_day = local_day(build.start, build.zone)
        self.review = None if params.review is None else Reviewing(params.review, build, "event.proof")
        self.sets_aside = self.review is not None and self.reward is not None
        self.gives = {} if self.reward is None else {ROUND: Give(self.reward)}
        self.counting = Counting(self.window, self.goal, once_a_slot=self.once_a_slot)
        self.special = self.review is not None or isinstance(self.window, FromInvitation)
        if self.reward is None and not self.telling.followers and not self.telling.sets:
            raise Invalid(GIVES_NOTHING, "give")

    @classmethod
    def listens(cls, params: TaskParams) -> tuple[str, ...]:
        """What counts, and what else it waits for."""
        return (*super().listens(params), *cls.beside(params))

    @classmethod
    def beside(cls, params: TaskParams) -> tuple[str, ...]:
        """An invitation that its days begin with, and verdicts."""
        invited = params.within is not None and params.within.since == "invited"
        types = ((INVITED,) if invited else ()) + (VERDICTS if params.review is not None else ())
        counted = super().listens(params)
        return tuple(type for type in types if type not in counted)

    def needs(self) -> Needs:
        return Needs(mechanics=self.after)

    def fields(self) -> frozenset[str]:
        own = {self.target} if self.target else set()
        if self.review is not None:
            own |= self.review.fields
        return frozenset(own | (NAMING if isinstance(self.window, FromInvitation) else set()))

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return () if self.reward is None else ((self.reward, None),)

    def decide(self, event: Event, view: View) -> Iterable[Effect]:
        return self._otherwise(event, view) if self.special else self._counts(event, view)

    def _counts(self, event: Event, view: View) -> Iterable[Effect]:
        """An event that counts at once: most do, and most complete nothing."""
        progress: TaskProgress = view.state
        given, times, goal = progress.given, self.times, self.goal
        closed = self.may_close or (times is not None and given >= times)
        missing = self._refuse_closed(progress, view) if closed else ""
        day = view.day
        marks = self._counted(progress.marks, day, event, view)
        if marks is None:
            return ()
        rounds, towards = self.window.standing(marks, goal, day)
        note = Note({"counted": self._towards(given, rounds, towards), "goal": goal})
        if self.sets_aside or not (missing or rounds <= given):
            return *self._settled(given, marks, progress.beside, 0 if missing else rounds, (day,), view), note
        return Keep(TaskProgress(given, marks, progress.beside)), note

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        progress: TaskProgress = view.state
        if name.startswith(OVERDUE):
            verdict = self.review and self.review.overdue(data, progress.beside.proofs, view)
            if verdict:
                yield from self._decided(progress, verdict, view)
            return
        if name == MORE:
            yield from self._promises(progress)
            return
        told = data.get("task", "")
        beside = progress.beside
        if (
            told in self.after
            and told not in beside.told
            and not view.done(told)
            and not self._done(progress)
        ):
            beside = replace(beside, told=tuple(sorted((*beside.told, told))))
            progress = replace(progress, beside=beside)
            yield Keep(progress)
        rounds = self.window.rounds(self._seen(progress.marks, beside), self.goal)
        if not self._missing(progress, view) and self._due(progress.given, rounds):
            days = self.telling.days(data.get("slots", ()))
            yield from self._settled(progress.given, progress.marks, beside, rounds, days, view)

    def passed_by(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        progress: TaskProgress = view.state
        then = self.review and self.review.passed_by(name, data, progress.beside.proofs, view)
        if isinstance(then, Verdict):
            yield from self._decided(progress, then, view)
        elif then:
            yield then

    def _done(self, progress: TaskProgress) -> bool:
        return self.times is not None and progress.given >= self.times

    def _refuse_closed(self, progress: TaskProgress, view: View) -> str:
        """The task that comes first and is missing, where one may begin without it. Raises Refused otherwise, and for
        a task that is done or cannot be done that day."""
        if self.times is not None and progress.given >= self.times:
            raise Refused(DONE, times=self.times)
        missing = self._missing(progress, view) if self.after else ""
        if missing and not self.params.counts_before:
            raise Refused(NOT_YET, after=missing)
        if self.params.within is not None:
            self._refuse_outside(progress, self.params.within, view)
        return missing

    def _missing(self, progress: TaskProgress, view: View) -> str:
        told = progress.beside.told
        return next((task for task in self.after if task not in told and not view.done(task)), "")

    def _refuse_outside(self, progress: TaskProgress, within: Within, view: View) -> None:
        if within.period is not None:
            if self.window.towards(progress.marks, self.goal, view.day) >= self.goal:
                raise Refused(DONE_FOR_NOW, period=within.period)
            return
        if within.since == "any":
            return
        if isinstance(self.window, FromFirst):
            outside = self.window.lapsed(progress.marks, view.day)
        elif within.since == "invited":
            invited = progress.beside.invited
            outside = invited > 0 and not 0 <= view.day.toordinal() - invited < (within.days or 0)
        else:
            first = self._first_day(within, view)
            outside = first is None or not 0 <= (view.day - first).days < (within.days or 0)
        if outside:
            raise Refused(OUTSIDE, day=view.day.isoformat())

    def _first_day(self, within: Within, view: View) -> date | None:
        if within.since == "campaign":
            return self.first_day
        registered = view.member.registered
        return None if registered is None else view.local_date(registered)

    def _counted(self, marks: Marks, day: date, event: Event, view: View) -> Marks | None:
        """The marks with this event's; None when there is nothing in it to count."""
        if self.target:
            what = text_at(event, self.target)
            if not what:
                return None
            more = self.window.with_target(marks, day, what)
            if more is None:
                raise Refused(COUNTED, what=what)
            return folded(more, self.window, self.goal)
        slot = self.window.slot(day)
        if self.once_a_slot and has_slot(marks, slot):
            raise Refused(COUNTED, what=day.isoformat())
        units = 1 if self.units is None else self.units(event, view)
        return with_units(marks, slot, units) if units > 0 else None

    def _due(self, given: int, rounds: int) -> int:
        """Complete rounds that were not rewarded yet."""
        if self.times is not None and rounds > self.times:
            rounds = self.times
        return rounds - given if rounds > given else 0

    def _settled(
        self, given: int, marks: Marks, beside: Beside, rounds: int, days: tuple[date, ...], view: View
    ) -> Iterator[Effect]:
        """What is due of so many complete rounds, and the progress as it then stands. `days` are those on which they
        were complete, as far as that is known."""
        due = self._due(given, rounds)
        done = self.times is not None and given + due >= self.times
        if self.sets_aside:
            wanted = 0 if done else self._promised(TaskProgress(given + due, marks, beside))
            yield from self._out_of_held(beside.held, due, wanted)
            beside = replace(beside, held=min(max(beside.held - due, 0), wanted))
            yield from still_wanted({ROUND: beside.held}, {ROUND: wanted}, view)
        elif due and self.reward is not None:
            yield Give(self.reward, due)
        if due:
            if self.telling.sets and due > len(days):
                slots = self.window.completed(self._seen(marks, beside), self.goal, given)
                days = self.telling.days(slots) or days or (view.day,)
            yield from self.telling.tells(given, days[:due], view)
            yield Note({"completed": due})
        # A task that is done needs its marks no more, nor what waits: nothing can be counted again.
        yield from let_go((beside.proofs,)) if done else ()
        yield Keep(TaskProgress(given + due) if done else TaskProgress(given + due, marks, beside))

    def _towards(self, given: int, rounds: int, towards: int) -> int:
        """What a member is shown: how much of the open round is there, or a whole one that waits for its reward."""
        if self.times is not None and rounds >= self.times:
            return self.goal
        return towards or (self.goal if rounds > given else 0)

    # Tasks that wait for an invitation or a verdict

    def _otherwise(self, event: Event, view: View) -> Iterator[Effect]:
        progress: TaskProgress = view.state
        if self.review is not None and event.type in VERDICTS:
            verdict = self.review.verdict(event, progress.beside.proofs, view)
            if verdict is not None:
                yield from self._decided(progress, verdict, view)
        elif event.type == INVITED and isinstance(self.window, FromInvitation):
            yield from self._invited(progress, event, view)
        elif self.review is not None:
            yield from self._handed_in(progress, self.review, event, view)
        else:
            yield from self._counts_since(progress, event, view)

    def _invited(self, progress: TaskProgress, event: Event, view: View) -> Iterator[Effect]:
        """The first invitation sets the clock, and what was done after it counts. Nobody invites himself."""
        begins = not progress.beside.invited and not self._done(progress)
        if begins and not names_himself(event, view):
            beside = replace(progress.beside, invited=view.day.toordinal())
            yield from self._stands(replace(progress, beside=beside), view.day, view)

    def _counts_since(self, progress: TaskProgress, event: Event, view: View) -> Iterator[Effect]:
        self._refuse_closed(progress, view)
        marks = self._counted(progress.marks, view.day, event, view)
        if marks is not None:
            yield from self._stands(replace(progress, marks=marks), view.day, view)

    def _handed_in(
        self, progress: TaskProgress, review: Reviewing, event: Event, view: View
    ) -> Iterator[Effect]:
        """A proof, which waits. As long as those that wait would be enough, no more are taken."""
        if not review.concerns(event):
            return
        self._refuse_closed(progress, view)
        proofs = progress.beside.proofs
        id = review.new(event, proofs)
        marks = self.counting.approved(progress.marks, proofs.open)
        rounds, towards = self.window.standing(self._seen(marks, progress.beside), self.goal, view.day)
        period = self.params.within is not None and self.params.within.period is not None
        if (self.times is not None and rounds >= self.times) or (period and towards >= self.goal):
            raise Refused(IN_REVIEW)
        if self._counted(marks, view.day, event, view) is None:
            return
        units = 1 if self.units is None else self.units(event, view)
        proof = Proof(id, view.day.toordinal(), units, text_at(event, self.target) if self.target else "")
        yield review.waits(proof, event, view)
        beside = replace(progress.beside, proofs=replace(proofs, open=(*proofs.open, proof)))
        yield from self._promises(replace(progress, beside=beside))
        yield Note({"proof": id, "review": "open"})

    def _promises(self, progress: TaskProgress) -> Iterator[Effect]:
        """What is promised is set aside."""
        if self.sets_aside:
            beside, wanted = progress.beside, self._promised(progress)
            yield from promise({ROUND: beside.held}, {ROUND: wanted}, self.gives)
            progress = replace(progress, beside=replace(beside, held=wanted))
        yield Keep(progress)

    def _decided(self, progress: TaskProgress, verdict: Verdict, view: View) -> Iterator[Effect]:
        """A proof that was approved counts for the day it was handed in; a rejected one leaves room for another."""
        yield settled(verdict)
        marks = progress.marks
        if verdict.approved:
            marks = self.counting.approved(marks, (verdict.proof,))
        proofs = self.counting.worth_a_look(marks, verdict.proofs)
        yield from let_go((verdict.proofs,), proofs)
        progress = TaskProgress(progress.given, marks, replace(progress.beside, proofs=proofs))
        said: dict[str, Any] = {"proof": verdict.proof.id}
        if verdict.approved:
            yield from self._stands(progress, date.fromordinal(verdict.proof.day), view)
            yield Note({**said, "review": "approved"})
        else:
            if self.sets_aside:
                wanted = self._promised(progress)
                yield from self._out_of_held(
                    progress.beside.held, 0, wanted, date.fromordinal(verdict.proof.day)
                )
                beside = replace(progress.beside, held=min(progress.beside.held, wanted))
                yield from still_wanted({ROUND: beside.held}, {ROUND: wanted}, view)
                progress = replace(progress, beside=beside)
            yield Keep(progress)
            yield Note({**said, "review": "rejected", "reason": verdict.reason})

    def _stands(self, progress: TaskProgress, day: date, view: View) -> Iterator[Effect]:
        """What is due now, and where the member stands on a day."""
        rounds, towards = self.window.standing(self._seen(progress.marks, progress.beside), self.goal, day)
        counts = 0 if self._missing(progress, view) else rounds
        yield from self._settled(progress.given, progress.marks, progress.beside, counts, (day,), view)
        yield Note({"counted": self._towards(progress.given, rounds, towards), "goal": self.goal})

    def _promised(self, progress: TaskProgress) -> int:
        """How many rounds would be rewarded if everything that waits were approved."""
        marks = self.counting.approved(progress.marks, progress.beside.proofs.open)
        rounds = self.window.rounds(self._seen(marks, progress.beside), self.goal)
        return self._due(progress.given, rounds)

    def _out_of_held(self, held: int, due: int, wanted: int, day: date | None = None) -> Iterable[Effect]:
        return honour({ROUND: held}, {ROUND: due}, {ROUND: wanted}, self.gives, day)

    def _seen(self, marks: Marks, beside: Beside) -> Marks:
        """Of what is kept, what counts: all of it, but for what is not in the days since an invitation."""
        window = self.window
        return window.inside(marks, beside.invited) if isinstance(window, FromInvitation) else marks

    def merge(self, kept: TaskProgress, gone: TaskProgress, other: int, view: View) -> Iterator[Effect]:
        """What both have done counts together, and rounds that either was rewarded for were rewarded."""
        given = given_to_both(kept, gone, self.window, self.goal)
        yield from had_twice(twice(kept, gone, self.times))
        mine, yours = kept.beside, gone.beside
        held, waiting = ({ROUND: mine.held}, {ROUND: yours.held}), (mine.proofs, yours.proofs)
        if self.times is not None and given >= self.times:
            yield from (*of_both(*held, {})[0], *let_go(waiting), Keep(TaskProgress(self.times)))
            return
        marks = together(kept.marks, gone.marks, once_a_slot=self.once_a_slot)
        marks = folded(marks, self.window, self.goal)
        beside = beside_of_both(mine, yours)
        beside = replace(beside, proofs=self.counting.worth_a_look(marks, beside.proofs))
        merged = TaskProgress(given, marks, beside)
        wanted = {ROUND: self._promised(merged)} if self.sets_aside else {}
        released, rest = of_both(*held, wanted)
        yield from (*released, *let_go(waiting, beside.proofs), *still_wanted(rest, wanted, view))
        yield Keep(replace(merged, beside=replace(beside, held=rest.get(ROUND, 0))))
        yield Start(MERGED, view.now, {"slots": newly_complete(kept, gone, merged, self.window, self.goal)})

    def shows(self, state: TaskProgress, day: date) -> dict[str, Any]:
        standing = self.window.standing(self._seen(state.marks, state.beside), self.goal, day)
        counted = self.goal if self._done(state) else self._towards(state.given, *standing)
        said: dict[str, Any] = {
            "done": state.given,
            "times": self.times,
            "counted": counted,
            "goal": self.goal,
            "after": self.after,
        }
        if isinstance(self.window, FromInvitation):
            said["until"] = self.window.last_day(state.beside.invited)
        if self.review is not None:
            said |= {**shown(state.beside.proofs), "promised": self._promised(state)}
        return said
