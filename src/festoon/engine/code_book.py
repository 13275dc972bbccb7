"""Which codes a program knows: the patterns of its batches, and the codes that many may use. Told without the store."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from festoon.base.code_pattern import Pattern, normal
from festoon.base.errors import Refused
from festoon.mechanics.code_refusals import MISTYPED, UNKNOWN


class Batch(Struct, frozen=True):
    """Codes that were made together. `owner` is what they are codes of: `campaign/mechanic`, or
    `campaign/coupon:name`."""

    id: int
    owner: str
    name: str
    pattern: Pattern
    until: datetime | None = None
    void: bool = False

    def open(self, now: datetime) -> bool:
        """Whether its codes can be used or given now."""
        return not self.void and (self.until is None or now < self.until)


class Typed(Struct, frozen=True):
    """A code that somebody typed: as it is looked up and as it is shown. `owner` is whose it is when many may use it;
    "" for one of a batch, of which only the store knows whether it exists."""

    code: str
    shown: str
    owner: str = ""


class Common(Struct, frozen=True):
    """A code that many may use, and from when until when its campaign runs."""

    typed: Typed
    start: datetime
    end: datetime


class CodeBook:
    """The codes of a program."""

    def __init__(self, batches: Iterable[Batch] = (), common: Iterable[Common] = ()) -> None:
        self.batches = {batch.id: batch for batch in batches}
        self.common: dict[str, list[Common]] = {}
        """By code: campaigns that run one after the other may use the same one."""
        for each in common:
            self.common.setdefault(each.typed.code, []).append(each)
        self.patterns = tuple(dict.fromkeys(batch.pattern for batch in self.batches.values()))
        self.by_owner: dict[str, list[Batch]] = {}
        for batch in self.batches.values():
            self.by_owner.setdefault(batch.owner, []).append(batch)

    def meant(self, text: str) -> Typed | None:
        """What somebody meant, if it can be right. Of a code that many may use, the first campaign's answers."""
        code = normal(text)
        if (found := self.common.get(code)) is not None:
            return found[0].typed
        of = next((each for each in self.patterns if each.meant(code) and each.right(code)), None)
        return None if of is None else Typed(code, of.shown(code))

    def typed(self, text: str) -> Typed | None:
        """The same; None for what looks like none of ours. Raises Refused (`code.mistyped`) for what is of a pattern
        and cannot be right."""
        found = self.meant(text)
        if found is None and any(each.meant(normal(text)) for each in self.patterns):
            raise Refused(MISTYPED, code=text)
        return found

    def entered(self, text: str, at: datetime) -> Typed:
        """The same, where nothing but a code of ours can be meant, at that time. Raises Refused: `code.mistyped` also
        for what only begins like one."""
        common = self.common.get(normal(text))
        found = self.typed(text) if common is None else _running(common, at).typed
        if found is None:
            code = normal(text)
            near = any(each.head and code.startswith(each.head) for each in self.patterns)
            raise Refused(MISTYPED if near else UNKNOWN, code=text)
        return found

    def open_batches(self, owner: str, now: datetime) -> list[int]:
        """The batches that codes can be given from now, oldest first."""
        return [batch.id for batch in self.by_owner.get(owner, ()) if batch.open(now)]


def _running(common: Sequence[Common], at: datetime) -> Common:
    """Of the same code of several campaigns, that of the one that runs; else of the next to start, else of the last."""
    running = (each for each in common if each.start <= at < each.end)
    to_come = sorted((each for each in common if at < each.start), key=lambda each: each.start)
    return next(running, None) or next(iter(to_come), None) or max(common, key=lambda each: each.end)
