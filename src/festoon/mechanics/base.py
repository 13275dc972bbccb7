"""What every mechanic is: parameters, what it listens to, what it reads, and a pure decision.

A mechanic is one file: a subclass of `Mechanic` with `Params` (what the plan may say), optionally `State`
(what it remembers of one member), `listens`, `needs` and `decide`. It is found through the entry point group
`festoon.mechanics`, so that another package can add its own.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.effects import Effect, Keep
from festoon.base.events import Event
from festoon.base.expressions import Condition, ValueExpression, scope
from festoon.base.rewards import Reserved, Reward, SetAside
from festoon.mechanics.reward_line import GiveSpec
from festoon.mechanics.say import Say

TIMER_DUE = "timer.due"
MERGED = "merged"
"""The timer by which a mechanic looks again at a member of whom two accounts have become one."""


class Build(Protocol):
    """What a plan offers a mechanic that is being made ready. Errors found here carry the plan's line."""

    campaign: str
    mechanic: str
    zone: ZoneInfo
    start: datetime
    end: datetime
    settle: datetime

    def reward(self, give: GiveSpec | None, path: str = "give") -> Reward:
        """The reward of that name or of those lines. Raises Invalid for a name the plan does not declare."""

    def condition(self, text: str, path: str = "when", types: Sequence[str] = ()) -> Condition:
        """A condition over the fields of the events this mechanic listens to, or of some of the event types only."""

    def value(self, text: str, path: str, types: Sequence[str] = ()) -> ValueExpression:
        """A whole-number expression over the same fields, or over those of some of the event types only."""

    def stock(self, name: str, amount: int | None, path: str = "stock") -> str:
        """The shared account that holds `amount` units for this mechanic under `name`; "" for None."""

    def numbered(self, name: str, amount: int, path: str = "stock") -> str:
        """The same, of which it matters how many have left: what is read of it is exact."""

    def pool(self, asset: str, amount: int, shares: int, line: str = "", path: str = "pool") -> SetAside:
        """All `amount` units of an asset as one gift to be shared out in `shares`: what they cost is set aside from
        the budget line when the plan is published. `line` is the line that pays for money."""

    def reserved(self, reward: Reward, times: int, path: str) -> Reserved:
        """A reward that can be given so many times whatever else is given: what it costs is set aside from its budget
        lines when the plan is published."""

    def begins(self, moment: str, path: str) -> datetime:
        """The first instant of a moment as plans write it: a date, a local time, a distance from a phase."""

    def ends(self, moment: str, path: str) -> datetime:
        """The first instant after a date, or the local time."""

    def asset(self, code: str, path: str = "asset") -> str:
        """The code of a declared or built-in asset, checked."""

    def chances(self, mechanic: str = "", path: str = "chances") -> str:
        """The asset in which a draw's chances are counted; this mechanic's own by default."""

    def channel(self, name: str, path: str = "channel") -> str:
        """A channel by which members are written to: a well-known one, or one of the plan's."""

    def is_working_day(self, day: date) -> bool:
        """By the plan's working calendar."""

    def sibling(self, mechanic: str, path: str) -> str:
        """The id of another mechanic of the campaign. Raises Invalid for one that is not declared."""

    def followers(self) -> tuple[str, ...]:
        """The mechanics of the campaign that name this one in their `after`."""

    def sets(self) -> tuple[str, ...]:
        """The mechanics of the campaign that name this one among their `tasks`."""


class MemberFacts(scope.MemberFacts, Protocol):
    """The subject of the event, as far as a mechanic may see."""

    @property
    def number(self) -> int:
        """The internal number, which never changes."""

    @property
    def numbers(self) -> Collection[int]:
        """That number, and those of accounts that have become part of this one. What was remembered of him under any
        of them was remembered of him."""

    @property
    def subject(self) -> str:
        """The external id."""

    @property
    def registered(self) -> datetime | None:
        """When the member registered, if that is known."""


class View(scope.Context, Protocol):
    """What a mechanic may look at. Everything is as of this event, with the batch's earlier effects seen."""

    refused: str
    """In `passed_by` the code of the refusal, or "" of one whom the campaign passes over."""

    @property
    def now(self) -> datetime:
        """When we took the event: balances, stock, expiry and validity go by it."""

    @property
    def member(self) -> MemberFacts:
        """The event's subject."""

    @property
    def day(self) -> date:
        """The event's own local day in the campaign's zone: streaks, windows and period limits go by it."""

    @property
    def state(self) -> Any:
        """This mechanic's `State` of the member; a fresh one when there is none yet."""

    @property
    def times(self) -> int:
        """How often this mechanic has given this member something."""

    def local_date(self, at: datetime) -> date: ...

    def balance(self, asset: str) -> int:
        """What the member can spend of an asset now."""

    def shared(self, account: str) -> int:
        """What a shared account holds. Read unlocked: the guard at the end has the last word."""

    def has_codes(self, of: str, count: int) -> bool:
        """Whether so many codes made beforehand (`ItemGift.codes`) are free, or in the hands of others just now."""

    def done(self, mechanic: str) -> int:
        """How often another mechanic of the campaign has given this member something (prerequisites)."""

    def number_of(self, subject: str) -> int | None:
        """Another member's internal number by his external id, or None when nobody has it."""

    def number_of_code(self, code: str) -> int | None:
        """The internal number of the member whose invite code it is, or None."""

    def roll(self, bound: int, play: int, label: str = "") -> int:
        """A number in [0, bound) that nobody can choose: HMAC of the epoch's key over mechanic, the member's
        internal number, `play` and `label`. The same arguments always give the same number."""

    def epoch(self) -> str:
        """The name of the seed epoch that `roll` uses now."""

    def code(self) -> str:
        """The code that the subject entered, as it is shown."""

    def holders(self, asset: str, before: datetime) -> str:
        """Who held how much of an asset at a past instant: lines `member,amount`, by number. For appointments only."""

    def file(self, name: str) -> str | None:
        """A file that the mechanic has written (`Write`), or None."""

    def no_more(self) -> Mapping[int, int]:
        """The numbers of accounts that are no more by now, with the number that each has become part of, or 0 where
        that person was erased. Everybody is looked at: for appointments only."""


class Needs(Struct, frozen=True):
    """A hint of what `decide` will read of its own state, balances and shared accounts. Reading what was not hinted
    still works: the engine loads it and decides that event again."""

    assets: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    mechanics: tuple[str, ...] = ()


class NoState(Struct, frozen=True):
    """For mechanics that remember nothing of their own."""


class Mechanic:
    """The base of every mechanic. Instances are made when a plan is compiled, and never change."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    request: ClassVar[bool] = False
    """A request (a draw, an exchange) names its mechanic, and succeeds or is refused whole."""
    whole: ClassVar[bool | None] = None
    """Whether no cap or short line gives a part of what it gives. None: as it is a request or not."""
    paid: ClassVar[bool] = False
    """Whether what it takes is a price, which comes back when what it gives is held and then voided."""
    modifies: ClassVar[bool] = False
    """A modifier changes what the campaign's other mechanics give, and gives nothing itself."""
    tells: ClassVar[bool] = False
    """Whether it tells those that wait for it, by a timer, when it has been completed."""

    always: tuple[Effect, ...] | None = None
    """What it yields for every event, whatever is in it: the engine works it out once. Then `decide` returns it."""

    amount: "tuple[Reward, Callable[[Event, View], int]] | None" = None
    """For who yields an amount of one reward and nothing else, whatever the event: the reward, and how much of it (0 is
    nothing). `decide` yields the same, for whom it must be asked in full."""

    reaches: ClassVar[str] = ""
    """The kind of what its members reach and others may listen for (`reached`), if they do."""

    undoing: frozenset[str] = frozenset()
    """The types of events that only take back what others brought: no limit is asked of them."""

    sets_aside: bool = False
    """Whether it sets rewards aside and decides on them later."""

    asked: ClassVar[frozenset[str]] = frozenset()
    """The names of timers that give whoever has them something, whether he takes part himself or not: others start them
    for him, or he had them before he became one with an account that takes none."""

    entering: ClassVar[frozenset[str]] = frozenset()
    """Of these, those by which a member comes in: one whom the campaign is not for, or not yet, is passed over."""

    for_good: ClassVar[frozenset[str]] = frozenset()
    """Parameters that no later version of a plan can change: what was given rests on them."""

    Params: ClassVar[type[Struct]]
    State: ClassVar[type[Struct]] = NoState

    def __init_subclass__(cls, kind: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if kind:
            cls.kind = kind

    def __init__(self, params: Any, build: Build) -> None:
        self.params = params
        self.id = build.mechanic

    @classmethod
    def listens(cls, params: Any) -> tuple[str, ...]:
        """The event types it reacts to."""
        on = params.on
        return (on,) if isinstance(on, str) else tuple(on)

    @classmethod
    def beside(cls, params: Any) -> tuple[str, ...]:
        """Of those, the types that only bring to an end what another began (a verdict on a proof), or set a clock.
        `when` is not asked of them, and conditions do not speak of their fields."""
        return ()

    def needs(self) -> Needs:
        return Needs()

    def fields(self) -> frozenset[str] | None:
        """The fields of event data that it looks at beside those its expressions read, dotted (`lines.category`), so
        that a back-test reads no more than it needs. None, the default, is everything."""
        return None

    def watches(self) -> str:
        """The asset that others give and whose balance it looks at when they have: it stands below them in the plan."""
        return ""

    def stocks(self) -> Mapping[str, int]:
        """Shared accounts of its own and how much goes in when the plan is published."""
        return {}

    def counters(self) -> frozenset[str]:
        """Those of its stocks that only it counts by: nobody is shown them."""
        return frozenset()

    def appointments(self) -> Mapping[str, datetime]:
        """What it has to do at set times, by name, whoever takes part. It comes back as a timer whose member is nobody:
        only shared accounts can change."""
        return {}

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        """Every reward it can give and how often at the most over the campaign (None: no bound). What one event brings
        together is one reward; a computed amount without an end to it is MAX_AMOUNT units."""
        return ()

    def decide(self, event: Event, view: View) -> Iterable[Effect]:
        """The effects of an event, or `Refused`. Pure: no clock, no database, no chance but `view.roll`."""
        raise AssertionError(f"{self.kind} decides nothing")

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterable[Effect]:
        """The effects of a timer that came due."""
        raise AssertionError(f"{self.kind} starts no timers")

    def passed_by(self, name: str, data: dict[str, Any], view: View) -> Iterable[Effect]:
        """The effects of a timer of a member whom the campaign passes over, or whom it refuses what the timer was for:
        what others wait for, nothing for him. It may not refuse."""
        return ()

    def merge(self, kept: Any, gone: Any, other: int, view: View) -> Iterator[Effect]:
        """What becomes of two states of one person: `kept` is that of the number that stays, `gone` that of the number
        `other`, which is no more and is by now among the member's `numbers`. Yields the state of both together and what
        timers it needs; a timer that both had is kept's unless it is started anew. It gives nothing: what both together
        have reached is given when the timer MERGED comes back. Nothing is given for what was given to either. By
        default kept stays as it is."""
        yield Keep(kept)

    def shows(self, state: Any, day: date) -> dict[str, Any]:
        """What a member sees of his progress on a local day: numbers, days and lists of them, by name."""
        return {}

    def reached(self, note: Mapping[str, Any]) -> Iterable[tuple[str, str, int]]:
        """What a member has reached, by the note of an outcome: kind, name and amount of a `reward.granted`. By
        default the number that the note has under the name of the kind."""
        amount = note.get(self.reaches)
        return ((self.reaches, self.id, amount),) if isinstance(amount, int) else ()

    def rules(self, say: Say) -> Iterable[str] | None:
        """Its rules as a member reads them, a sentence each (活动规则). None, the default: by its kind, if that is
        one of ours; otherwise nothing."""
        return None

    @classmethod
    def upgrade(cls, version: int, params: dict[str, Any]) -> dict[str, Any]:
        """Parameters written for an older `version` of this kind, in today's shape."""
        return params

    @classmethod
    def upgrade_state(cls, version: int, state: dict[str, Any]) -> dict[str, Any]:
        """What an older `version` remembered of a member, in today's shape."""
        return state


class Modifier(Mechanic):
    """A mechanic that changes what others give. The engine asks what it covers, and combines those that hold."""

    modifies = True

    def covers(self, mechanic: str, asset: str) -> bool:
        """Whether it changes what that mechanic of the campaign gives of that asset."""
        raise AssertionError(f"{self.kind} covers nothing")

    @staticmethod
    def combine(modifiers: Sequence[Any]) -> tuple[int, int]:
        """The factor of several of one kind together, as numerator and denominator."""
        raise AssertionError(f"{modifiers} cannot be combined")

    @classmethod
    def combined(cls, modifiers: Sequence[Mechanic]) -> tuple[int, int]:
        """The factor of all that hold: each kind combines its own, and the kinds multiply."""
        numerator = denominator = 1
        for kind in {type(modifier) for modifier in modifiers}:
            assert issubclass(kind, Modifier)
            over, under = kind.combine([modifier for modifier in modifiers if type(modifier) is kind])
            numerator, denominator = numerator * over, denominator * under
        return numerator, denominator
