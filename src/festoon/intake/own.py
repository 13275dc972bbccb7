"""What a member's token may send: what the member does himself, now, and not too often.

Everything that such an event could claim is fixed here: its subject, its source, and that it happens now.
"""

from collections.abc import Callable
from math import ceil
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from festoon.access.keys import Key
from festoon.base.errors import Forbidden, Invalid, Unavailable, define
from festoon.base.sources import MEMBER
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.outcome import Refusal
from festoon.intake.cloudevents import CloudEvent
from festoon.intake.refusals import TOO_MANY
from festoon.ledger.book import BUDGET_SHORT

SOURCE = MEMBER
"""The source of what members send themselves."""
BURST = 40
"""Requests and events that a member may have at once in a process; so many come back as PER_SECOND says."""
PER_SECOND = 2.0
MOST_MEMBERS = 100_000

NOT_HIMSELF = define(
    "token.not_himself",
    403,
    "this token speaks for '{member}' and nobody else",
    "该令牌仅代表会员“{member}”本人",
)
OTHER_CAMPAIGN = define(
    "token.other_campaign",
    403,
    "this token is for the campaign '{campaign}' only",
    "该令牌仅限活动“{campaign}”使用",
)
TOO_OFTEN = define(
    "request.too_often",
    429,
    "too many requests of one member",
    "操作过于频繁",
    todo="wait a moment and try again",
    todo_zh="请稍候再试",
)
BY_CAMPAIGN = frozenset(
    name for name, type_ in VOCABULARY.items() if "campaign" in type_.data.__struct_fields__
)


_OURS = frozenset({"score", "rules"})
"""What a member is not told: which rules make somebody doubtful is how to get past them."""


def seen_by_member(outcome: str) -> str:
    """A stored outcome as its member sees it: without his score, and the rules behind it."""
    if '"score"' not in outcome:
        return outcome
    body = msgspec.json.decode(outcome)
    for holder in (body, *body.get("mechanics", ())):
        for told in (holder.get("note"), (holder.get("refused") or {}).get("data")):
            if isinstance(told, dict) and told.keys() >= _OURS:
                for name in _OURS:
                    del told[name]
    return msgspec.json.encode(body).decode()


def told_of(refused: Refusal) -> dict[str, Any]:
    """The data behind a refusal as the member sees it: nothing of what is on a budget line."""
    if refused.code == BUDGET_SHORT:
        return {}
    if refused.data.keys() >= _OURS:
        return {name: value for name, value in refused.data.items() if name not in _OURS}
    return refused.data


class Own(Struct, frozen=True):
    """Whom a token speaks for, and the campaign it is bound to, or ""."""

    member: str
    campaign: str = ""

    @classmethod
    def of(cls, key: Key) -> "Own | None":
        """That of a member's token; None for a platform's key."""
        return cls(key.member, key.campaign) if key.member else None

    def stamped(self, given: CloudEvent) -> CloudEvent:
        """The event as the member's own: by him, from us, now. Raises Forbidden when it is about somebody else, or
        about another campaign than the token's."""
        if given.subject != self.member:
            raise Forbidden(NOT_HIMSELF, "subject", member=self.member)
        if self.campaign and given.type in BY_CAMPAIGN:
            named = given.data.get("campaign") if isinstance(given.data, dict) else None
            self.check_campaign(named)
        return replace(given, source=SOURCE, time=None)

    def check_campaign(self, campaign: object) -> None:
        """Raises Forbidden when the token is bound to another campaign."""
        if self.campaign and campaign != self.campaign:
            raise Forbidden(OTHER_CAMPAIGN, campaign=self.campaign)


class Pace:
    """How often members may ask, each for himself: a bucket that fills again with time. `seconds` is a clock that only
    goes forward."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._left: dict[str, tuple[float, float]] = {}

    def charge(self, member: str, count: int = 1) -> None:
        """Take so many from a member's bucket. Raises Unavailable (429) when there are not so many in it, Invalid when
        there never are."""
        if count > BURST:
            raise Invalid(TOO_MANY, count=count, limit=BURST)
        now = self._seconds()
        left, since = self._left.get(member, (float(BURST), now))
        left = min(left + (now - since) * PER_SECOND, BURST)
        if left < count:
            raise Unavailable(TOO_OFTEN, retry_after=max(ceil((count - left) / PER_SECOND), 1))
        if len(self._left) >= MOST_MEMBERS:
            self._left.clear()
        self._left[member] = left - count, now
