"""How a campaign is carried out: work, promotion, risks, communication. Data that is checked and kept.

Moments are dates, local times, or distances from a phase (`start - 7 days`); an end that is not said is open.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from festoon.plan.values import LineName, Moment, Money, Number, Rhythm, Slug, Text

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
    """What members read."""
    since: Moment | None = field(default=None, name="from")
    """The first day."""
    until: Moment | None = field(default=None, name="to")
    """The last day."""
    audience: str = ""
    """Who is meant to see it, in words."""
    owner: str = ""
    """Who sees to it."""
    materials: list[str] = []
    """Posters, pictures, pages: where they are."""
    cost: Money = Decimal(0)
    """What it is planned to cost."""
    line: LineName | None = None


class Task(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A piece of work: who does it, when, with what, after which others. It may have tasks of its own."""

    title: Text = ""
    team: Text = ""
    person: str = ""
    since: Moment | None = field(default=None, name="from")
    """The first day."""
    until: Moment | None = field(default=None, name="to")
    """The last day; open-ended when not said."""
    after: list[Slug] = []
    """Tasks that must be done first, by id; ids are unique in the whole plan."""
    resources: list[str] = []
    """What it takes: people, tools, rooms."""
    materials: list[str] = []
    """What it works on or makes: where it is."""
    status: Literal["planned", "doing", "done", "dropped"] = "planned"
    tasks: dict[Slug, "Task"] = {}
    """Its sub-tasks."""


class Signal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A live figure that raises a risk: above or below a number, over so many minutes."""

    metric: str
    above: Number | None = None
    below: Number | None = None
    minutes: Annotated[int, Meta(ge=1, le=1440)] = 5


class Runbook(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What to do when it happens (应急预案): the trigger, the steps, who is on call, the switch to press."""

    trigger: Text
    """How one knows that it has happened."""
    steps: Annotated[list[Text], Meta(min_length=1)]
    on_call: str = ""
    """Whom to call."""
    pause: list[str] = []
    """Mechanics that one press pauses; `campaign` for all of it."""
    drilled: Moment | None = None
    """The last drill."""


class Risk(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A risk: impact × likelihood, and the response with its owner and date."""

    title: Text
    impact: Rating
    likelihood: Rating
    response: Text = ""
    """What is done about it."""
    owner: str = ""
    """Who answers for the response."""
    due: Moment | None = None
    """By when the response is in place."""
    review: Rhythm = "weekly"
    """How often it is looked at again."""
    signal: Signal | None = None
    """The live figure that raises it."""
    runbook: Runbook | None = None
    """What to do when it happens."""


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
    """By which means."""
    every: Rhythm = "once"
    when: Moment | None = None
    """The first time, or the only one."""
    owner: str = ""
    """Who sends it."""
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
