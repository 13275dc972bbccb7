"""The risk part of a plan as it is written."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.plan.values import Slug, Text

Points = Annotated[int, Meta(ge=1, le=1000)]


class RulePlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Points for a member of whom a condition holds. It may ask of the event what every event has, and of the member
    for signals: `member.device_members > 3`."""

    when: str
    points: Points
    title: Text = ""


class Listed(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Members by their external ids, and segments that the plan declares."""

    members: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


class Lapse(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What becomes of a held reward that nobody decides on: after so many days it is voided, or given after all."""

    days: Annotated[int, Meta(ge=1, le=365)]
    then: Literal["void", "release"] = "void"


class RiskPlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What makes a member doubtful. Each mechanic says in `at_risk` what happens from which threshold on."""

    rules: dict[Slug, RulePlan] = {}
    """The points of those that hold are added up: the member's score."""
    thresholds: dict[Slug, Points] = {}
    """Names for how many points are too many."""
    within_days: Annotated[int, Meta(ge=1, le=90)] = 30
    """For how many days it counts where a member was seen, and who was invited."""
    lapse: Lapse | None = None
    """What becomes of what is held and nobody decides on; it waits by default."""
    block: Listed = Listed()
    """Who gets nothing from any mechanic of the campaign."""
    allow: Listed = Listed()
    """Who is not scored."""
