"""The `segments` of a plan as they are written: who is in them, by list, condition, absence or rank."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from festoon.plan.behaviour import RANKED
from festoon.plan.rhythm import RhythmText
from festoon.plan.values import Number, Share, Slug, Text

FigureName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z_]*$",
        description="A figure of what members did, such as `spend` or `active_days`.",
        extra_json_schema={"enum": list(RANKED)},
    ),
]
Days = Annotated[str, Meta(pattern=r"^[1-9]\d{0,3} days?$", description="Local days, such as `7 days`.")]
OverText = Annotated[
    str,
    Meta(
        pattern=r"^(?:[1-9]\d{0,3} days?|campaign|ever)$",
        description="What figures are taken over: `30 days` before the refresh, `campaign` (since it began), `ever`.",
    ),
]


class Absent(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Members who have stayed away."""

    days: Annotated[int, Meta(ge=1, le=9999)]
    """How many whole local days must have passed without it."""
    without: str | list[str] = []
    """The events that would show that he was there, such as `member.logged_in`; anything he does when not said."""


class Split(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Members in order of a figure, cut into parts. Every part is a segment of its own, best first."""

    by: FigureName
    """The figure; more is better."""
    over: OverText
    parts: dict[Slug, Share] = {}
    """By share of the members, best first: `{top: 20%, middle: 60%}`."""
    cuts: dict[Slug, Number] = {}
    """By what the figure is at least, best first: `{gold: 10000, silver: 1000}`. Money in the currency's usual unit."""
    rest: Slug | None = None
    """The part of all others; without it they are in none."""
    of: Literal["counted", "everyone"] = "counted"
    """Whom the shares are taken of: those whose figure is above zero, or everyone."""
    ties: Literal["earlier", "drawn", "together"] = "earlier"
    """Who goes first of members with the same figure: whom we have known for longer, whom a lot fixed for good puts
    first, or all of them together into the better part."""


class Order(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """In which order those who enter are served, when there may not be enough for all."""

    list: str = ""
    """A segment with `list: uploaded`: who stands on it goes first, in its order."""
    by: FigureName | None = None
    """Then by this figure, most first; then by who has been known for longer."""
    over: OverText = "ever"


class Segment(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A segment that conditions name with `member.segment(...)`. One that says neither `list` nor `when`, `absent` or
    `split` is kept by the platform, which sends `segment.entered` and `segment.left`."""

    title: Text
    source: str = ""
    """Where the members of one that the platform keeps come from, and how often they are refreshed."""
    list: Literal["uploaded"] | None = None
    """Its members are those of a file: `festoon segments upload`."""
    when: str | None = None
    """A condition on what is known of a member and on what he did (`member.spend >= 10000`). Beside `list`, `absent`
    or `split` it says who of them counts."""
    over: OverText = "ever"
    """What the figures in `when` are taken over."""
    absent: Days | Absent | None = None
    """So many whole local days without anything of his own."""
    split: Split | None = None
    order: Order | None = None
    refresh: RhythmText = "daily at 04:00"
    """When it is computed anew."""


def is_computed(segment: Segment | str) -> bool:
    """Whether Festoon computes who is in it."""
    if isinstance(segment, str):
        return False
    return any(said is not None for said in (segment.list, segment.when, segment.absent, segment.split))


def names_of(name: str, segment: Segment | str) -> tuple[str, ...]:
    """The names by which conditions ask for it: its own, or those of its parts."""
    if isinstance(segment, str) or segment.split is None:
        return (name,)
    split = segment.split
    return (*split.parts, *split.cuts, *((split.rest,) if split.rest is not None else ()))


def segment_names(segments: Any) -> tuple[str, ...]:
    """Every name that a condition may ask for."""
    return tuple(each for name, segment in segments.items() for each in names_of(name, segment))
