"""Places (名额): a limited number, by who comes first or by lottery, with a waiting list that moves up by itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.effects import Effect, Give, Keep, Note, Start, Stop, had_twice
from festoon.base.errors import Invalid, Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.giving import spec
from festoon.mechanics.place_line import SLIPS, exact, line, look_again, rough
from festoon.mechanics.place_params import DRAWN_OUTSIDE, PlaceParams

TAKEN, CANCELLED = "place.taken", "place.cancelled"

FULL = define("place.full", 200, "all places are taken, and the waiting list is full", "名额已满，候补也已满")
CLOSED = define("place.closed", 200, "one could apply until {until}", "申请已于{until}截止")
HAVE_ONE = define("place.have_one", 200, "you have a place already", "已获得名额，不能重复申请")
IN_LINE = define("place.in_line", 200, "you have applied already", "已申请，请勿重复申请")
NOTHING_OFFERED = define(
    "place.nothing_offered", 200, "no place is offered to you now", "当前没有可确认的名额"
)
LAPSED = define(
    "place.offer_lapsed", 200, "the place was to be taken up until {until}", "名额须在{until}前确认，已失效"
)
NOTHING_TO_CANCEL = define(
    "place.nothing_to_cancel",
    200,
    "there is no place and no application to give back",
    "没有可取消的名额或申请",
)
FOR_GOOD = define(
    "place.for_good",
    200,
    "what came with the place has been given, so it cannot be given back",
    "名额权益已发放，不能取消",
)
BEING_DRAWN = define("place.being_drawn", 200, "the places are being drawn now", "正在抽签，请稍候")

SETTLING = timedelta(minutes=1)
"""The lottery is drawn this long after applying has closed, when every application is in the books."""
SPREAD = 10**6
"""Those whom the lottery passed over join the waiting list within a second, each at a microsecond of his own."""
NO_SEED_YET = timedelta(hours=1)
"""How long a lottery waits again for the public value that its seed is mixed with."""

Status = Literal["", "applied", "drawn", "waiting", "left", "offered", "taken", "lost"]


class PlaceState(Struct, frozen=True, omit_defaults=True):
    """Where one member stands.

    `applied` waits for the lottery, `drawn` was passed over by it and is about to join the line; `left` has left the
    line and passes his turn on when it comes. `number` is his place's, or in line; `ahead` how many were before him
    when he last looked. `tries` counts his lotteries: the rolls go by it. `passing` are numbers in line that were
    another account's of the same person, and pass their turn on.
    """

    status: Status = ""
    number: int = 0
    ahead: int = 0
    until: datetime | None = None
    tries: int = 0
    passing: tuple[int, ...] = ()


NOWHERE = PlaceState()
_BETTER: tuple[Status, ...] = ("", "lost", "left", "drawn", "applied", "waiting", "offered", "taken")


def _rank(state: PlaceState) -> tuple[int, int]:
    """How good a standing is: in line, an earlier number is better."""
    return _BETTER.index(state.status), -state.number


class Place(Mechanic, kind="place"):
    """A limited number of places."""

    request: ClassVar[bool] = True
    for_good: ClassVar[frozenset[str]] = frozenset({"lottery"})
    Params = PlaceParams
    State = PlaceState

    params: PlaceParams

    def __init__(self, params: PlaceParams, build: Build) -> None:
        super().__init__(params, build)
        self.zone, self.end = build.zone, build.end
        self.applies = frozenset((params.on,) if isinstance(params.on, str) else params.on)
        self.give = None if params.give is None else Give(build.reward(spec(params.give)))
        self.hours = timedelta(hours=params.take_up_hours)
        self.line = line(build, params.places, lottery=params.lottery is not None)
        self.drawn_at = None if params.lottery is None else build.ends(params.lottery, "lottery")
        if self.drawn_at is not None and not build.start < self.drawn_at < build.end:
            days = {"start": build.start, "end": build.end, "drawn": self.drawn_at}
            raise Invalid(DRAWN_OUTSIDE, "lottery", **{name: self._local(at) for name, at in days.items()})
        self.applied, self.withdrawn = rough(build, "applied"), rough(build, "withdrawn")
        self.drawn, self.won = exact(build, "drawn"), exact(build, "won")
        self.timers: dict[str, Callable[[PlaceState, View], Iterator[Effect]]] = {
            "draw": self._draw, "join": self._join, "look": self._look, "lapse": self._lapse, "pass": self._pass,
        }  # fmt: skip

    @classmethod
    def listens(cls, params: PlaceParams) -> tuple[str, ...]:
        return (*super().listens(params), TAKEN, CANCELLED)

    @classmethod
    def beside(cls, params: PlaceParams) -> tuple[str, ...]:
        return (TAKEN, CANCELLED)

    def needs(self) -> Needs:
        counters = [self.line.joined, self.line.freed, self.line.left, self.line.cleared, self.line.had]
        if self.drawn_at is not None:
            counters += [self.line.first, self.applied, self.withdrawn, self.drawn, self.won]
        return Needs(shared=tuple(counter.account for counter in counters))

    def counters(self) -> frozenset[str]:
        return frozenset(self.stocks())

    def stocks(self) -> Mapping[str, int]:
        of_line = (self.line.joined, self.line.freed, self.line.left, self.line.cleared, self.line.had)
        every = (*of_line, self.line.first, self.applied, self.withdrawn, self.drawn, self.won)
        return {counter.account: SLIPS for counter in every}

    def fields(self) -> frozenset[str]:
        return frozenset({"campaign", "mechanic"})

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        """A place that gives something is never given back, so there is one for each."""
        return () if self.give is None else ((self.give.reward, self.params.places),)

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        state: PlaceState = view.state
        if event.type in self.applies:
            return self._apply(state, view)
        return self._take(state, view) if event.type == TAKEN else self._cancel(state, view)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        return self.timers[name](view.state, view)

    # Applying

    def _apply(self, state: PlaceState, view: View) -> Iterator[Effect]:
        if state.status == "taken":
            raise Refused(HAVE_ONE)
        if state.status not in ("", "lost", "left"):
            raise Refused(IN_LINE)
        if state.status == "left":
            yield from self._come_back(state, view)
        elif self.drawn_at is None:
            yield from self._come(state, view)
        elif view.now >= self.drawn_at:
            raise Refused(CLOSED, until=self._local(self.drawn_at))
        else:
            yield from self._enter(state, self.drawn_at)

    def _come(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """First come, first served."""
        number = self.line.next(view)
        if self._full(number, view):
            raise Refused(FULL)
        yield self.line.joined.up()
        if number <= self.line.called(view):
            yield self.line.had.up()
            yield from self._hold(replace(state, status="taken", number=number, ahead=0, until=None))
        else:
            yield from self._wait(replace(state, status="waiting", number=number, ahead=0, until=None), view)

    def _come_back(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """Who had left is where he was, as far as there is room for one more."""
        if self._full(state.number, view):
            raise Refused(FULL)
        yield self.line.cleared.up()
        yield from self._wait(replace(state, status="waiting"), view)

    def _full(self, number: int, view: View) -> bool:
        """Whether there is no room for one more to wait, where that number must."""
        limit = self.params.waiting
        return limit is not None and number > self.line.called(view) and self.line.waiting(view) >= limit

    def _enter(self, state: PlaceState, drawn_at: datetime) -> Iterator[Effect]:
        """Among those the lottery is drawn from."""
        yield self.applied.up()
        yield Start("draw", drawn_at + SETTLING)
        yield Keep(replace(NOWHERE, status="applied", tries=state.tries, passing=state.passing))
        yield Note({"status": "applied", "drawn": self._local(drawn_at)})

    # The lottery

    def _draw(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """One of those left is drawn or not: as likely as there are places left among them. Every applicant has the
        same chance, whoever comes first here, and exactly as many are drawn as there are places (selection sampling:
        Fan, Muller, Rezucha, 1962)."""
        if state.status != "applied":
            return
        if not view.epoch():
            yield Start("draw", view.now + NO_SEED_YET)
            return
        left = self.applied.value(view) - self.withdrawn.value(view) - self.drawn.value(view)
        won = self.won.value(view)
        places, play = max(self.line.drawn(view) - won, 0), state.tries + 1
        roll = view.roll(max(left, 1), play)
        if not self.drawn.value(view):
            yield self.line.first.up(self.params.places)
        yield self.drawn.up()
        yield Note({"epoch": view.epoch(), "play": play, "left": left, "places": places, "roll": roll})
        state = replace(state, tries=play)
        if roll < places:
            yield self.won.up()
            yield from self._offer(replace(state, number=won + 1), view)
            return
        yield Start("join", view.now + timedelta(microseconds=view.roll(SPREAD, play, "order")))
        yield from self._keep(replace(state, status="drawn"))

    def _join(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """Whom the lottery passed over waits, behind the places; in an order that chance makes."""
        if state.status != "drawn":
            return
        number = self.line.next(view)
        if self._full(number, view):
            yield from self._keep(replace(state, status="lost"))
            return
        yield self.line.joined.up()
        yield from self._wait(replace(state, status="waiting", number=number), view)

    # Waiting

    def _look(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """Whether it is his turn."""
        if state.status in ("waiting", "left"):
            yield from self._wait(state, view)

    def _wait(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """Where a member in line stands now; and when he looks again, or that it is his turn."""
        turns = state.number - self.line.called(view) - 1
        if turns >= 0:
            due = view.now + look_again(turns)
            if due < self.end:
                yield Start("look", due)
            yield from self._keep(replace(state, ahead=max(state.number - self.line.behind(view) - 1, 0)))
        elif state.status == "left":
            yield from self.line.passes()
            yield from self._keep(replace(NOWHERE, tries=state.tries, passing=state.passing))
        else:
            yield from self._offer(state, view)

    # A place

    def _offer(self, state: PlaceState, view: View) -> Iterator[Effect]:
        until = min(view.now + self.hours, self.end)
        yield self.line.had.up()
        yield Start("lapse", until)
        yield from self._keep(replace(state, status="offered", ahead=0, until=until))

    def _take(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """Take up what is offered; for who waits, what is his turn by now."""
        turn = state.status == "waiting" and state.number <= self.line.called(view)
        if not turn and (state.status != "offered" or state.until is None):
            raise Refused(NOTHING_OFFERED)
        if state.until is not None and view.now >= state.until:
            raise Refused(LAPSED, until=self._local(state.until))
        if turn:
            yield self.line.had.up()
        yield Stop("look")
        yield Stop("lapse")
        yield from self._hold(replace(state, status="taken", ahead=0, until=None))

    def _hold(self, state: PlaceState) -> Iterator[Effect]:
        if self.give is not None:
            yield self.give
        yield from self._keep(state)

    def _lapse(self, state: PlaceState, view: View) -> Iterator[Effect]:
        if state.status == "offered" and state.until is not None and view.now >= state.until:
            yield self.line.freed.up()
            yield from self._keep(replace(NOWHERE, tries=state.tries, passing=state.passing))

    def _cancel(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """Give back what there is: an application, a turn, or the place itself."""
        if state.status in ("", "left", "lost"):
            raise Refused(NOTHING_TO_CANCEL)
        if state.status == "taken" and self.give is not None:
            raise Refused(FOR_GOOD)
        if state.status == "drawn" or (
            state.status == "applied" and self.drawn_at is not None and view.now >= self.drawn_at
        ):
            raise Refused(BEING_DRAWN)
        if state.status == "waiting":  # his number stays in line, and passes its turn on
            yield self.line.left.up()
            yield from self._keep(replace(state, status="left"))
            return
        if state.status == "applied":
            yield Stop("draw")
            yield self.withdrawn.up()
        else:
            yield Stop("lapse")
            yield self.line.freed.up()
        yield from self._keep(replace(NOWHERE, tries=state.tries, passing=state.passing))

    def merge(self, kept: PlaceState, gone: PlaceState, other: int, view: View) -> Iterator[Effect]:
        """The better of two standings stays; what is behind the other goes back, or passes on in line."""
        better, rest = sorted((kept, gone), key=_rank)[::-1]
        if rest.status == "taken" and self.give is not None:
            yield from had_twice(("place",))
        passing = (*kept.passing, *gone.passing)
        if rest.status in ("waiting", "left"):
            passing = (*passing, rest.number)
            if rest.status == "waiting":
                yield self.line.left.up()
        elif rest.status == "offered" or (rest.status == "taken" and self.give is None):
            yield self.line.freed.up()
        elif rest.status == "applied":
            yield self.withdrawn.up()
        if passing:
            yield Start("pass", view.now)
        if better.status == "offered" and better.until is not None:
            yield Start("lapse", better.until)
        elif better.status in ("waiting", "left"):
            yield Start("look", view.now)
        elif better.status == "drawn":
            yield Start("join", view.now)
        elif better.status == "applied" and self.drawn_at is not None:
            yield Start("draw", max(self.drawn_at + SETTLING, view.now))
        yield Keep(replace(better, tries=kept.tries, passing=tuple(sorted(passing))))

    def _pass(self, state: PlaceState, view: View) -> Iterator[Effect]:
        """Numbers in line that nobody waits behind any more: whose turn has come passes it on."""
        called = self.line.called(view)
        waiting = tuple(number for number in state.passing if number > called)
        for _ in range(len(state.passing) - len(waiting)):
            yield from self.line.passes()
        due = view.now + look_again(min(waiting, default=0) - called - 1)
        if waiting and due < self.end:
            yield Start("pass", due)
        yield Keep(replace(state, passing=waiting))

    def _keep(self, state: PlaceState) -> Iterator[Effect]:
        """The state, and what the member reads of it in the outcome."""
        yield Keep(state)
        yield Note(self._seen(state))

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).isoformat(timespec="minutes")

    def _seen(self, state: PlaceState) -> dict[str, Any]:
        placed = state.status in ("offered", "taken")
        return {
            "status": state.status,
            "place": state.number if placed else None,
            "position": state.ahead + 1 if state.status == "waiting" else None,
            "until": None if state.until is None else self._local(state.until),
        }

    def shows(self, state: PlaceState, day: date) -> dict[str, Any]:
        drawn = None if self.drawn_at is None else self._local(self.drawn_at)
        return {**self._seen(state), "places": self.params.places, "drawn": drawn}
