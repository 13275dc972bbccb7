"""A plan in the order it is read: its sections, what stands in each, and how many mistakes."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from festoon.plan.form.fields import Field, fields_of
from festoon.plan.problems import Problem
from festoon.plan.schema import Plan

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "basics": ("campaign", "title", "background", "timezone", "calendar"),
    "goals": ("goals",),
    "schedule": ("schedule", "rollout"),
    "audience": ("audience", "attributes", "consents", "segments", "exclusive", "risk"),
    "mechanics": ("mechanics", "events"),
    "rewards": (
        "rewards", "assets", "coupons", "badges", "items", "gifts", "memberships", "wearing", "shared_caps",
        "experiments",
    ),
    "promotion": ("promotion",),
    "work": ("work",),
    "budget": ("budget",),
    "risks": ("risks", "competitors", "alerts"),
    "communication": ("communication",),
    "evaluation": ("evaluation",),
}  # fmt: skip
"""The keys of each section. Every key of a plan but its format is in one."""

ORDER = tuple(field.name for field in fields_of(Plan))
"""The order in which a new key is put."""


class Section(Struct, frozen=True):
    """A section of the outline: how many things are in it, and what is wrong there."""

    name: str
    size: int
    errors: int
    warnings: int


def outline(data: Mapping[str, Any], problems: Iterable[Problem]) -> list[Section]:
    """All sections. What is wrong with the text as a whole counts in the first."""
    found = list(problems)
    return [_section(name, keys, data, found) for name, keys in SECTIONS.items()]


def section_of(path: str) -> str:
    """The section a path stands in."""
    top = path.partition(".")[0].partition("[")[0]
    return next((name for name, keys in SECTIONS.items() if top in keys), "basics")


def section_fields(name: str) -> list[Field]:
    """The fields of a section, in its order."""
    known = {field.name: field for field in fields_of(Plan)}
    return [known[key] for key in SECTIONS[name]]


def _section(name: str, keys: Iterable[str], data: Mapping[str, Any], problems: list[Problem]) -> Section:
    here = [each for each in problems if section_of(each.path) == name]
    errors = sum(each.severity == "error" for each in here)
    size = sum(
        len(value) if isinstance(value := data.get(key), dict | list) else value is not None for key in keys
    )
    return Section(name, size, errors, len(here) - errors)
