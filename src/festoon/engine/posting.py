"""What one mechanic's effects come to, before it is written."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from festoon.base.effects import Fact
from festoon.engine.outcome import Given
from festoon.engine.program import Listener
from festoon.engine.progress import Granted
from festoon.engine.together import Drawn
from festoon.engine.world import Item, Message, Timer
from festoon.ledger.transfers import Transfer
from festoon.plan.compiled import SharedCap

KEEP_STATE: Any = object()
"""Says that a mechanic left its state alone."""


class Posting:
    """What one mechanic's effects come to. Built while refusing is still possible.

    Most postings have nothing of most of this, so what stands here is shared until something is put in its place.
    """

    aside = False
    """Whether there is anything beside transfers, progress and notes."""
    times = 1
    """How often the reward is given that is given most often: so much of `limits.total` it uses up."""
    paid_for = 0
    """How many of what is given were paid for in full, and use up no limit."""
    leaving: Mapping[str, int] = MappingProxyType({})
    taken: dict[str, int] = {}
    note: dict[str, Any] = {}
    capped: dict[str, int] = {}
    variants: dict[str, str] = {}
    """The arms of experiments that were seen."""
    drawn: Drawn = {}
    """What counts towards caps that campaigns share."""
    short: SharedCap | None = None
    """The cap that left nothing, or not all, of something."""
    state: Any = KEEP_STATE
    items: tuple[Item, ...] = ()
    started: tuple[tuple[int | None, Timer], ...] = ()
    stopped: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    facts: tuple[Fact, ...] = ()
    granted: Mapping[str, list[Granted]] = MappingProxyType({})
    """What is kept under names to be taken back, as far as it changes."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.transfers: list[Transfer] = []
        self.given: list[Given] = []

    @property
    def counts(self) -> bool:
        """Whether it uses up a limit: something is given and not paid for, or an arm that gives nothing was seen."""
        return len(self.given) > self.paid_for or bool(self.variants)
