"""What a mechanic may want to happen. A mechanic yields effects; the engine checks, costs and writes them.

An effect changes the event's subject and shared accounts, nothing else: what another member should get is a
`Start` of a timer on that member, decided later under that member's own lock.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct

from festoon.base.rewards import Reward


class Give(Struct, frozen=True, gc=False):
    """Give a reward to the subject. `times` repeats its amounts (two chances, three packs)."""

    reward: Reward
    times: int = 1


class HandOver(Struct, frozen=True):
    """Give a reward that the subject has paid for in full: it uses up none of the mechanic's limits."""

    reward: Reward
    times: int = 1


class Amount(Struct, frozen=True, gc=False):
    """Give a computed amount of an asset that is not in a reward (points per amount spent)."""

    reward: Reward
    amount: int


class Reserve(Struct, frozen=True):
    """Set a reward aside for the subject under a name of the mechanic's own: its stock, its budget, and its amounts as
    pending. Refused like a grant when there is not enough. It counts against the limits of the day, and when it is
    given not again."""

    name: str
    reward: Reward
    times: int = 1


class Post(Struct, frozen=True):
    """Give what was set aside under a name; when nothing is, the reward itself."""

    name: str
    reward: Reward
    times: int = 1


class Release(Struct, frozen=True):
    """Let go of what was set aside under a name, if anything is: it goes back to where it came from. `day` is the one
    that it was for, where rewards of several days stand for each other: it counts towards the limits of that day no
    more."""

    name: str
    day: date | None = None


class Take(Struct, frozen=True):
    """Take an amount of an asset from the subject; refused with `balance.short` when there is not enough."""

    asset: str
    amount: int


class FromShared(Struct, frozen=True):
    """Move units out of a shared account (stock, a quota, a pool), to another holder of the same asset (`to`; by
    default they are given away); refused with `stock.empty` when that would leave less than `leaving` (what is not
    released yet), or less than its floor. What `belongs` to a reward waits with it, and comes back if it is not
    given."""

    account: str
    amount: int = 1
    leaving: int = 0
    to: str = ""
    belongs: bool = False


class Keep(Struct, frozen=True, gc=False):
    """The mechanic's new state for this member; it replaces the old one."""

    state: Any


class Start(Struct, frozen=True):
    """A timer: comes back to this mechanic as `timer.due` at `due`, once. `member` is another member's number,
    `mechanic` another mechanic of the campaign that it comes to instead."""

    name: str
    due: datetime
    data: dict[str, Any] = {}
    member: int | None = None
    mechanic: str = ""


class Stop(Struct, frozen=True):
    """Forget a timer of this mechanic on this member, if it has not come due."""

    name: str


class Note(Struct, frozen=True, gc=False):
    """Facts that the stored outcome keeps: a draw's roll and table, a streak's length."""

    data: dict[str, Any]


TWICE = "twice"
"""What a merge of two accounts notes of things that a person is given once and both have had: `rung:7`, `tier:3`."""


def had_twice(what: Iterable[str]) -> Iterator[Note]:
    """The note of it, where there is anything."""
    if named := list(what):
        yield Note({TWICE: named})


class Fact(Struct, frozen=True):
    """What is known of the subject from now on: conditions read it as `member.<name>`, those of later mechanics in the
    same event already. None forgets it."""

    name: str
    value: str | int | bool | None


class Tell(Struct, frozen=True):
    """A message to the subject by template name, sent through the outbox. One that names a channel is for who has
    agreed to that channel, unless it is a `service`: what he asked for, such as where his parcel is."""

    template: str
    data: dict[str, Any] = {}
    channel: str = ""
    service: bool = False


class UseCode(Struct, frozen=True):
    """The code that the subject entered is used up."""


class Write(Struct, frozen=True):
    """A file of the mechanic's, kept under a name for who asks for it: a list of tickets, of winners. It is written
    once and never changed."""

    name: str
    text: str


Spent = Literal["pending", "to_zero", "debt"]
"""What becomes of the part of something taken back that its holder has spent."""


class Remember(Struct, frozen=True):
    """What this decision has given so far is kept under a name, so that it can be taken back (`TakeBack`)."""

    name: str


class Forget(Struct, frozen=True):
    """What is kept under a name can no longer be taken back. What has been, in part, stays known."""

    name: str


class TakeBack(Struct, frozen=True):
    """Of what is kept under a name, `part` of `whole` shall be back in all; what was taken back before counts. Things
    come back when all does, unless they were used. What is still pending goes first, and nothing else with `pending`.
    What the member no longer has is left to him (`to_zero`), or owed: what he gets next of it pays that first
    (`debt`)."""

    name: str
    part: int
    whole: int
    spent: Spent = "to_zero"


Effect = (
    Give
    | HandOver
    | Amount
    | Reserve
    | Post
    | Release
    | Take
    | FromShared
    | Keep
    | Start
    | Stop
    | Fact
    | Note
    | Tell
    | Write
    | UseCode
    | Remember
    | TakeBack
    | Forget
)
