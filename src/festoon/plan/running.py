"""How a campaign is carried out: work, promotion, risks, communication. Data that is checked and kept.

Moments are dates, local times, or distances from a phase (`start - 7 days`); an end that is not said is open.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from festoon.plan.values import Moment, Money, Number, Rhythm, Slug, Text

Rating = Annotated[int, Meta(ge=1, le=5, description="1 (very low) to 5 (very high).")]

Channel = Literal[
    "inbox",
    "push",
    "sms",
    "email",
    "wechat",
    "im_bot",
    "popup",
    "banner",
    "notice",
    "social",
    "partner",
    "opinion_leader",
    "offline",
    "search",
    "other",
]


class Placement(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One use of a channel: what is shown where, from when to when, who sees to it and what it costs."""

    channel: Channel
    title: Text = ""
    text: Text = ""
    since: Moment | None = field(default=None, name="from")
    until: Moment | None = field(default=None, name="to")
    audience: str = ""
    owner: str = ""
    materials: list[str] = []
    cost: Money = Decimal(0)
    line: Slug | None = None


class Task(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A piece of work: who does it, when, with what, after which others. It may have tasks of its own."""

    title: Text = ""
    team: str = ""
    person: str = ""
    since: Moment | None = field(default=None, name="from")
    until: Moment | None = field(default=None, name="to")
    """Not said: open-ended."""
    after: list[Slug] = []
    """Tasks that must be done first, by id; ids are unique in the whole plan."""
    resources: list[str] = []
    materials: list[str] = []
    status: Literal["planned", "doing", "done", "dropped"] = "planned"
    tasks: dict[Slug, "Task"] = {}


class Signal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A live figure that raises a risk: above or below a number, over so many minutes."""

    metric: str
    above: Number | None = None
    below: Number | None = None
    minutes: Annotated[int, Meta(ge=1, le=1440)] = 5


class Runbook(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What to do when it happens (应急预案): the trigger, the steps, who is on call, the switch to press."""

    trigger: str
    steps: Annotated[list[str], Meta(min_length=1)]
    on_call: str = ""
    pause: list[str] = []
    """Mechanics that one press pauses; `campaign` for all of it."""
    drilled: Moment | None = None


class Risk(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A risk: impact × likelihood, and the response with its owner and date."""

    title: Text
    impact: Rating
    likelihood: Rating
    response: str = ""
    owner: str = ""
    due: Moment | None = None
    review: Rhythm = "weekly"
    signal: Signal | None = None
    runbook: Runbook | None = None


class Competitor(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One entry of the competitor log."""

    name: str
    seen: Moment
    what: str
    answer: str = ""


class Message(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who is told what, how and how often."""

    to: str
    what: str
    how: str = ""
    every: Rhythm = "once"
    when: Moment | None = None
    owner: str = ""
    receipt: bool = False
    """The receiver confirms that it was read."""


class Meeting(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A meeting that happens once or in a rhythm."""

    title: Text
    every: Rhythm = "once"
    when: Moment | None = None
    who: list[str] = []


class Training(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A training: about what, when, for whom, with which notes."""

    title: Text
    when: Moment | None = None
    who: list[str] = []
    materials: list[str] = []


class Communication(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How the people who run the campaign keep each other informed."""

    messages: list[Message] = []
    meetings: list[Meeting] = []
    training: list[Training] = []
    report: Rhythm = "weekly"
