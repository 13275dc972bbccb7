"""Compute segments over the facts in a directory and the members in a file; writes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from msgspec import Struct

from festoon.audience.behaviour import When
from festoon.audience.membership import Audience
from festoon.audience.population import listed, of_one_person, read_members
from festoon.outbox import read
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.segment_compiled import CompiledSegment


class Sizes(Struct, frozen=True):
    """What a segment came to. `members` are in it, by name; `counted` were looked at; `left_out` of those, by reason;
    `unknown` ids of its list belong to nobody. `behind` seconds of events were not in the facts yet."""

    members: dict[str, int]
    counted: int
    entered: dict[str, int]
    left: dict[str, int]
    left_out: dict[str, int] = {}
    unknown: int = 0
    behind: float = 0.0


class Computed(Struct, frozen=True):
    """One segment: what it came to, and the changes (member, segment, entered) in the order of sending."""

    segment: CompiledSegment
    sizes: Sizes
    changes: pa.Table


class Inputs(Struct, frozen=True):
    """What segments are computed from. `lists` holds members with their places, and the number of unknown ids;
    `merged` the numbers of accounts that are part of others now, with those."""

    facts: Path
    members: Path
    lists: Mapping[str, tuple[dict[int, int], int]]
    behind: float = 0.0
    merged: Mapping[int, int] = {}


def compute(
    campaign: CompiledCampaign, segments: Sequence[CompiledSegment], inputs: Inputs, at: datetime
) -> list[Computed]:
    """The segments as of an instant, in the order given; each sees the ones before it. Takes its time."""
    known = read.facts(inputs.facts)
    backend = known.backend
    for name, (places, _) in inputs.lists.items():
        backend.con.register(_list_table(name), listed(places))
    lists = {name: backend.table(_list_table(name)) for name in inputs.lists}
    when = When(at, campaign.zone, campaign.schedule.start, campaign.currency)
    members = read_members(backend, inputs.members)
    events = of_one_person(known.events, inputs.merged, backend)
    audience = Audience(campaign, tuple(segments), members, events, lists, when)
    return [_computed(audience, segment, inputs) for segment in segments]


def _list_table(name: str) -> str:
    return f"festoon_list_{name.encode().hex()}"


def _computed(audience: Audience, segment: CompiledSegment, inputs: Inputs) -> Computed:
    found = audience.find(segment)
    changes = audience.changes(found)
    counts = {
        (row["segment"], row["entered"]): row["member_count"]
        for row in changes.group_by(["segment", "entered"]).aggregate([("member", "count")]).to_pylist()
    }
    sizes = Sizes(
        members=dict(found.members),
        counted=found.counted,
        entered={name: counts.get((name, True), 0) for name in segment.names},
        left={name: counts.get((name, False), 0) for name in segment.names},
        left_out={reason: many for reason, many in found.left_out.items() if many},
        unknown=inputs.lists[segment.name][1] if segment.listed else 0,
        behind=inputs.behind,
    )
    return Computed(segment, sizes, changes)
