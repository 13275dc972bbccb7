"""Back-tests and simulations: a plan on past events, through the code that runs live, for several seeds.

Nothing is granted. Draws never use the live seed: each run has one of its own, and the spread over seeds is the
interval that is reported.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from festoon.base.collector import calm, still
from festoon.base.events import Event
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.assumptions import Assumptions, Responses
from festoon.engine.course import Course
from festoon.engine.day_ends import DayEnds
from festoon.engine.program import Program
from festoon.engine.reach import Reach, reach
from festoon.engine.relearning import Relearning
from festoon.engine.replay import Replay, program_in_memory
from festoon.engine.segmenting import Lists, Segmenting
from festoon.engine.standing import RULES
from festoon.engine.tally import Tally, Winner
from festoon.engine.watch import INVITER, watched
from festoon.mechanics.grand_draw import GrandDraw
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import read_plan
from festoon.plan.segments import is_computed

Progress = Callable[[int, int], None]
"""Hears how many events of which seed have been decided."""

History = Callable[[], Iterator[list[Event]]]
EVERY = 5_000


def _unheard(_seed: int, _events: int) -> None:
    """Progress that nobody listens to."""


class Run(Struct, frozen=True):
    """One seed's outcome, small enough to come back from another process.

    `left` is by shared account what was left at the end of the campaign's first day, `first_day`, and of each after it.
    """

    seed: int
    events: int
    transfers: int
    reached: int
    cost: dict[str, int]
    grants: dict[str, int]
    amounts: dict[str, int]
    participants: dict[str, int]
    refusals: dict[str, int]
    empty: dict[str, datetime]
    winners: tuple[Winner, ...] = ()
    first_day: date | None = None
    left: dict[str, list[int]] = {}
    reach: tuple[Reach, ...] = ()
    closed: datetime | None = None
    """Until when everything that came due was counted; None when nothing happened."""
    missed: bool = False
    """Whether nothing of the history lies in the campaign's time."""


class Interval(Struct, frozen=True):
    """The middle of a figure over the seeds, and the range that holds nine tenths of them."""

    low: int
    middle: int
    high: int


class Backtest(Struct, frozen=True):
    """What a plan would have done. `first` is the run of the first seed in detail."""

    campaign: str
    currency: str
    settle: datetime
    assumptions: Assumptions
    runs: tuple[Run, ...]
    budget: dict[str, int]
    lists_empty: tuple[str, ...] = ()
    """Segments with an uploaded list that was not given: taken to be empty."""
    kept_by_platform: tuple[str, ...] = ()
    """Segments that hold whom the history's own events put in."""

    @property
    def first(self) -> Run:
        return self.runs[0]

    @property
    def cut_short(self) -> datetime | None:
        """Until when what comes due was counted, if that is not to the campaign's end: the history breaks off."""
        closed = self.first.closed
        return closed if closed is not None and closed < self.settle else None

    def costs(self) -> dict[str, Interval]:
        """What each budget line would have cost, with its interval over the seeds."""
        return {line: interval([run.cost.get(line, 0) for run in self.runs]) for line in self.budget}

    def run_outs(self) -> dict[str, tuple[int, datetime, datetime]]:
        """Which stocks and lines run out: in how many seeds, and the earliest and latest time."""
        found: dict[str, list[datetime]] = {}
        for run in self.runs:
            for account, at in run.empty.items():
                found.setdefault(account, []).append(at)
        return {account: (len(times), min(times), max(times)) for account, times in sorted(found.items())}


def interval(values: Sequence[int]) -> Interval:
    """The median and the 5th and 95th percentile, each a value that occurred (nearest rank)."""
    ordered = sorted(values)

    def rank(percent: int) -> int:
        return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]

    return Interval(rank(5), rank(50), rank(95))


def run_seed(
    source: str,
    history: Iterable[Event],
    seed: int,
    assumptions: Assumptions,
    on_progress: Progress = _unheard,
    lists: Lists | None = None,
) -> tuple[Run, Replay]:
    """One run of a plan's text over a history, in this process. `lists` are what segments with uploaded ones hold."""
    replay = Replay(program_in_memory([_compiled(source)], seed_bytes(seed)))
    responses = Responses(replay.program, assumptions, seed_bytes(seed))
    tally, segmenting, relearning = Tally(), Segmenting.of(replay, lists or {}), Relearning.of(replay)
    course, day_ends = Course(replay, responses), DayEnds.of(replay.program)
    stream = responses.merged(history)
    if segmenting is not None:
        stream = segmenting.merged(stream)
    if relearning is not None:
        stream = relearning.merged(stream)
    world, add, react, events = replay.world, tally.add, responses.react, 0
    for event, now, decided in course.run(stream):
        events += 1
        if day_ends.next <= now:
            day_ends.pass_to(now, decided.transfers, world)
        if decided.transfers or decided.outcome.mechanics:
            add(event, now, decided, world)
        react(event, decided)
        if segmenting is not None:
            segmenting.note(event, decided)
        if relearning is not None:
            relearning.note(event, decided)
        if events % EVERY == 0:
            on_progress(seed, events)
    on_progress(seed, events)
    day_ends.close(replay.world)
    return _run(seed, events, tally, day_ends, course), replay


@lru_cache(2)
def _compiled(source: str) -> CompiledCampaign:
    """A plan's text, compiled once for all seeds of a process."""
    return compile_plan(read_plan(source))


def seed_bytes(seed: int) -> bytes:
    """A back-test's own seed; live seeds are random and never look like this."""
    return b"back-test/%d" % seed


def _run(seed: int, events: int, tally: Tally, day_ends: DayEnds, course: Course) -> Run:
    replay = course.replay
    [campaign] = replay.program.campaigns.values()
    reached = tally.subjects()
    return Run(
        seed,
        events,
        tally.transfers,
        len(reached),
        tally.cost(),
        {" ".join(thing): sum_.count for thing, sum_ in tally.given.items()},
        {" ".join(thing): sum_.amount for thing, sum_ in tally.given.items()},
        tally.participants(),
        {" ".join(why): count for why, count in tally.refusals.items()},
        {account: at for account, at in tally.empty.items() if account not in _given_at_once(replay.program)},
        tuple(tally.winners),
        day_ends.first,
        day_ends.left,
        tuple(reach(replay.world.members.values(), reached, campaign.schedule)),
        course.closed,
        course.missed,
    )


def _given_at_once(program: Program) -> frozenset[str]:
    """What grand draws give away at their time and have paid for beforehand: nobody finds it gone."""
    draws = [each.mechanic for each in program.by_key.values() if isinstance(each.mechanic, GrandDraw)]
    prices = {account for draw in draws for prize in draw.prizes.values() for account in prize.homes}
    return frozenset(prices.union(*(draw.stock.values() for draw in draws)))


def backtest(
    source: str,
    history: History,
    *,
    seeds: int = 10,
    processes: int = 1,
    assumptions: Assumptions | None = None,
    on_progress: Progress = _unheard,
    lists: Lists | None = None,
) -> Backtest:
    """Run a plan over a history with `seeds` seeds. `history` makes the events anew for each run, in batches by time.
    `lists` are the uploaded lists of its segments, taken to be empty where they are not given.

    Raises PlanInvalid before anything runs. With more than one process, `history` must be picklable.
    """
    plan = read_plan(source)
    compiled, lists = _compiled(source), lists or {}
    assumptions = assumptions or Assumptions()
    if processes > 1 and seeds > 1:
        runs = _side_by_side(source, history, seeds, processes, assumptions, on_progress, lists)
    else:
        with still():  # until what a run leaves behind is let go of
            runs = [
                run_seed(source, _flat(history), seed, assumptions, on_progress, lists)[0]
                for seed in range(1, seeds + 1)
            ]
    budget = {line.name: line.amount for line in compiled.lines.values()}
    return Backtest(
        compiled.campaign,
        compiled.currency,
        compiled.schedule.settle,
        assumptions,
        tuple(runs),
        budget,
        tuple(segment.name for segment in compiled.segments if segment.listed and segment.name not in lists),
        tuple(name for name, segment in plan.segments.items() if not is_computed(segment)),
    )


def _flat(history: History) -> Iterator[Event]:
    for batch in history():
        yield from batch


def _side_by_side(
    source: str,
    history: History,
    seeds: int,
    processes: int,
    assumptions: Assumptions,
    on_progress: Progress,
    lists: Lists,
) -> list[Run]:
    """Seeds over several processes; progress comes through a queue."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(processes, context) as pool:
        heard: Any = manager.Queue()
        futures = [
            pool.submit(_one, source, history, seed, assumptions, heard, lists)
            for seed in range(1, seeds + 1)
        ]
        runs = []
        for done in as_completed(futures):
            while not heard.empty():
                on_progress(*heard.get())
            runs.append(done.result())
        return sorted(runs, key=lambda run: run.seed)


def _one(source: str, history: History, seed: int, assumptions: Assumptions, heard: Any, lists: Lists) -> Run:
    calm()
    with still():
        return run_seed(
            source, _flat(history), seed, assumptions, lambda seed, events: heard.put((seed, events)), lists
        )[0]


class ParquetHistory(Struct, frozen=True):
    """A history in one Parquet file of events, read anew for each run. `fields` are those of the events' data that the
    plan looks at; None is all of them."""

    path: str
    read: Callable[..., Iterator[list[Event]]]
    fields: tuple[str, ...] | None = None

    def __call__(self) -> Iterator[list[Event]]:
        return self.read(Path(self.path), fields=self.fields)

    def for_plan(self, source: str) -> "ParquetHistory":
        """The same history, reading no more of the data than a plan looks at."""
        compiled = _compiled(source)
        wanted = [mechanic.fields for mechanic in (*compiled.mechanics, *compiled.modifiers)]
        if any(fields is None for fields in wanted):
            return ParquetHistory(self.path, self.read)
        known = STANDING_FIELDS.union(*(fields for fields in wanted if fields is not None))
        if (watch := watched((compiled,))) is not None:
            known |= watch.fields | {INVITER}
        for each in compiled.experiments.values():
            if each.learns is not None:
                asked = [when for _, when in each.learns.choosing.contexts]
                asked += [each.learns.when] if each.learns.when is not None else []
                known |= {name.removeprefix("event.") for when in asked for name in when.reads}
        return ParquetHistory(self.path, self.read, tuple(sorted(known)))


STANDING_FIELDS = frozenset({"campaign", "mechanic"}).union(
    *(set(VOCABULARY[type_].data.__struct_encode_fields__) - VOCABULARY[type_].personal for type_ in RULES)
)
"""What standing rules and requests look at, whatever the plan."""
