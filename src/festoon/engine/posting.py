"""What one mechanic's effects come to, before it is written."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from festoon.base.effects import Fact, Write
from festoon.base.errors import Refused
from festoon.base.rewards import ItemGift
from festoon.engine.code_shelf import Code
from festoon.engine.listener import Listener
from festoon.engine.outcome import Given, Sight
from festoon.engine.progress import Granted
from festoon.engine.together import Drawn
from festoon.engine.waiting import Waiting
from festoon.engine.world import Aside, Grant, Item, Message, Timer
from festoon.ledger.accounts import holder_and_asset
from festoon.ledger.set_aside import Leg
from festoon.ledger.shapes import UNKNOWN, Shape
from festoon.ledger.transfers import Transfer
from festoon.plan.compiled import SharedCap

KEEP_STATE: Any = object()
"""Says that a mechanic left its state alone."""


class Verdict(Struct, frozen=True):
    """What is done with a member at risk, and why."""

    action: str
    score: int = 0
    rules: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, Any]:
        return {"score": self.score, "rules": list(self.rules)}


class Posting:
    """What one mechanic's effects come to. Built while refusing is still possible.

    Most postings have nothing of most of this, so what stands here is shared until something is put in its place.
    """

    aside = False
    """Whether there is anything beside transfers, what was given, a state and a note."""
    times = 1
    """How often the reward is given that is given most often: so much of `limits.total` it uses up."""
    paid_for = 0
    """How many of what is given were paid for in full, and use up no limit."""
    decided: Mapping[int, int] = MappingProxyType({})
    """How often each reward is set aside, or was and is given, by its place in memory."""
    places: tuple[Leg, ...] = ()
    """Places of the mechanic's total that were set aside with what is given."""
    leaving: Mapping[str, int] = MappingProxyType({})
    taken: dict[str, int] = {}
    note: dict[str, Any] = {}
    capped: dict[str, int] = {}
    uncapped: dict[str, int] = {}
    """What counts towards caps no longer."""
    variants: dict[str, str] = {}
    """The arms of experiments that were seen."""
    sights: dict[str, Sight] = {}
    """How those of experiments that learn were chosen."""
    seen: Mapping[str, list[Any]] = MappingProxyType({})
    """The arms that are to be kept, by experiment, as they are kept."""
    drawn: Drawn = {}
    """What counts towards caps that campaigns share."""
    undrawn: Drawn = {}
    """What counts towards them no longer."""
    short: SharedCap | None = None
    """The cap that left nothing, or not all, of something."""
    starved: Refused | None = None
    """What a budget line that clips would refuse with: it left nothing of something."""
    shape = UNKNOWN
    """That of its transfers."""
    state: Any = KEEP_STATE
    items: tuple[Item, ...] = ()
    things: tuple[ItemGift, ...] = ()
    """What the items are, one by one."""
    started: tuple[tuple[int | None, Timer], ...] = ()
    stopped: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    facts: tuple[Fact, ...] = ()
    files: tuple[Write, ...] = ()
    codes: tuple[tuple[str, Code], ...] = ()
    """Codes of batches that are given, with what they are codes of, or used."""
    granted: Mapping[str, list[Granted]] = MappingProxyType({})
    """What is kept under names to be taken back, as far as it changes."""
    forgotten: tuple[str, ...] = ()
    """Names of which nothing is kept any more."""
    grants: tuple[Grant, ...] = ()
    """What is set aside."""
    closed: tuple[str, ...] = ()
    """What was set aside and is no longer."""
    amended: tuple[Grant, ...] = ()
    """What is set aside already, as it is from now on."""
    promised: bool = False
    """Whether what it gives was promised, and counts towards limits from when it was set aside."""
    uncounted: tuple[str, ...] = ()
    """Periods in which something counts towards limits no longer."""
    pending: tuple[Waiting, ...] = ()
    """Amounts that are given and cannot be spent yet."""
    unpended: Mapping[tuple[str, str], int] = MappingProxyType({})
    """What is taken back of amounts that are pending, by hold and asset."""
    held: list[Given] = []
    verdict: Verdict | None = None
    """What is done with a member at risk, once that was asked."""
    withheld: Aside | None = None
    """What would be given, and is held for somebody to look at."""
    waiting: tuple[Leg, ...] = ()
    """Of its legs, those that were set aside before."""
    remembers: str = ""
    """The name under which it is kept once it is given."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.transfers: list[Transfer] = []
        """Changed by `add` and `cut` only, which know of the shape."""
        self.given: list[Given] = []

    def add(self, transfers: Sequence[Transfer], shape: Shape = UNKNOWN) -> None:
        """More transfers, of a shape."""
        self.shape = self.shape.then(shape) if self.transfers else shape
        self.transfers += transfers

    def cut(self, number: int) -> list[Transfer]:
        """Take the transfers from one on out again."""
        rest = self.transfers[number:]
        del self.transfers[number:]
        self.shape = UNKNOWN
        return rest

    @property
    def counts(self) -> bool:
        """Whether it uses up a limit: something is given and not paid for, or an arm that gives nothing was seen. What
        a mechanic sets aside counts when it is given, and what is held from a member at once."""
        return (
            len(self.given) > self.paid_for
            or self.withheld is not None
            or bool(self.variants and not self.grants)
        )

    @property
    def idle(self) -> bool:
        """Whether there is nothing of it but what was left of a reward, and that is nothing."""
        return not self.counts and self.state is KEEP_STATE


def move(posting: Posting, account: str, credit: str, amount: int) -> None:
    """Units out of a shared account."""
    listener = posting.listener
    holder, asset = holder_and_asset(account)
    shape = listener.shapes.of(((asset, holder, credit),))
    posting.add((Transfer(asset, holder, credit, amount, None, listener.key),), shape)
