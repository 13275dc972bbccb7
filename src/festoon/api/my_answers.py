"""What a member is answered about himself. Titles and texts are in his language."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from festoon.access.tokens import LONGEST
from festoon.api.answers import InviteLink, Odds
from festoon.engine.plays import Play


class NewToken(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member's token is to be: good for so many seconds, and for one campaign or all."""

    seconds: Annotated[int, Meta(ge=10, le=LONGEST)] = 900
    campaign: str = ""


class TokenAnswer(Struct, frozen=True):
    """A member's token, whom it is for and until when it is good."""

    token: str
    member: str
    expires: datetime


class MyBalance(Struct, frozen=True):
    """What he has of an asset, in its smallest unit; `scale` are the decimal places that people see. `coming` says of
    how much of what is pending when it can be spent."""

    asset: str
    title: str
    scale: int
    available: int
    held: int
    pending: int
    owed: int
    coming: tuple[tuple[datetime, int], ...] = ()


class MyAct(Struct, frozen=True, omit_defaults=True):
    """Something he can do: the event's `type`. When he may not now, `code` and `text` say why."""

    type: str
    ok: bool
    code: str = ""
    text: str = ""
    data: dict[str, Any] = {}


class MyMechanic(Struct, frozen=True):
    """One mechanic as it stands with him: how often it gave him something, what he sees of his progress (`shows`), what
    he may do now, his odds if it is a draw, and the chances he has earned."""

    id: str
    kind: str
    title: str
    given: int
    shows: dict[str, Any]
    acts: list[MyAct]
    odds: list[Odds]
    chances: int


class MyThing(Struct, frozen=True, omit_defaults=True):
    """A thing of his: a coupon, a badge, an item, a parcel. `address` of a gift that is to be sent is
    `wanted` or `given`; `carrier` and `parcel` are there once it is on its way. `wear` is where he
    can wear it (`item.worn`), and `worn` whether he does."""

    id: str
    kind: str
    ref: str
    title: str
    state: str
    given: datetime
    campaign: str
    mechanic: str
    expires: datetime | None = None
    code: str = ""
    serial: int | None = None
    address: str = ""
    carrier: str = ""
    parcel: str = ""
    wear: str = ""
    worn: bool = False


class MyHeld(Struct, frozen=True):
    """What is his but waits: `promise` for a verdict, `risk` for somebody who looks at it; of such a one he can ask by
    `grant.appealed`, once, that somebody looks again."""

    id: str
    mechanic: str
    title: str
    why: str
    since: datetime
    gives: list[str]
    lapses: datetime | None
    appealed: datetime | None = None


class MyVerdict(Struct, frozen=True):
    """What came of an appeal of his: `released`, `voided`, or `undone` when what he was rewarded for was undone; and
    what he is told, which is nothing when nobody decided."""

    hold: str
    mechanic: str
    title: str
    decision: str
    answer: str
    at: datetime


class MyInvite(Struct, frozen=True):
    """What he invites others with."""

    code: str
    links: list[InviteLink]


class MyCampaign(Struct, frozen=True):
    """All that a member's pages of a campaign need."""

    campaign: str
    member: str
    number: int
    now: datetime
    phase: str
    balances: list[MyBalance]
    mechanics: list[MyMechanic]
    things: list[MyThing]
    held: list[MyHeld]
    invite: MyInvite
    verdicts: list[MyVerdict] = []


class MyPlays(Struct, frozen=True):
    """His latest plays of a draw, newest first. `member` is the number that rolls go by."""

    member: int
    draw: str
    plays: list[Play]


class MyThings(Struct, frozen=True):
    """A page of his things, newest first. `next` is what to pass as `before`, or null at the end."""

    things: list[MyThing]
    next: str | None


class MyLine(Struct, frozen=True, omit_defaults=True):
    """One line of his statement. `part` is empty for what he can spend, or `held`, `pending`, `owed`; `why` is what
    gave or took it."""

    id: str
    at: datetime
    asset: str
    title: str
    scale: int
    amount: int
    why: str
    part: str = ""
    expires: datetime | None = None


class MyStatement(Struct, frozen=True):
    """A page of his statement, newest first. `next` is what to pass as `before`, or null at the end."""

    lines: list[MyLine]
    next: int | None
