"""Who a run reached: by what is known of members, how many there are and how many of them were given something."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.appointments import NOBODY
from festoon.engine.world import Member
from festoon.plan.compiled import Schedule

MOST_VALUES = 12
"""A field with more values than this tells members apart, not groups of them."""


class Reach(Struct, frozen=True):
    """Of the members with one value of one field, how many were given anything. `field` is `segment`, `joined` (`new`,
    `earlier`, `unknown`: registered during the campaign or before), or a field of their profile, such as `level`."""

    field: str
    value: str
    members: int
    reached: int


def reach(members: Iterable[Member], reached: Collection[str], schedule: Schedule) -> list[Reach]:
    """Count members by field and value, the commonest value first; visitors are none. `reached` are the ids of those
    given anything."""
    known: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    for member in members:
        if member.subject == NOBODY or member.number >= FIRST_NUMBER:
            continue
        for said in _said(member, schedule):
            known[said] += 1
            given[said] += member.subject in reached
    values = Counter(field for field, _ in known)
    found = [
        Reach(field, value, count, given[field, value])
        for (field, value), count in known.items()
        if values[field] <= MOST_VALUES or field == "segment"
    ]
    return sorted(found, key=lambda one: (one.field, -one.members, one.value))


def _said(member: Member, schedule: Schedule) -> Iterator[tuple[str, str]]:
    """What is known of one member, as pairs of a field and its value."""
    if member.registered is None:
        yield "joined", "unknown"
    else:
        yield "joined", "new" if schedule.warm_up <= member.registered < schedule.settle else "earlier"
    for field, value in member.profile.items():
        if field == "segments":
            yield from (("segment", segment) for segment in value)
        elif isinstance(value, str) and len(value) <= 60:
            yield field, value
        elif isinstance(value, bool):
            yield field, "true" if value else "false"
