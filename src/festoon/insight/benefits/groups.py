"""The groups whose uptake is looked at: the plan's segments, and the levels of its own level mechanics.

A member belongs to a segment when he was in it at some time of the campaign: who came back because of a benefit is no
longer among the sleepers at the end, and still it was a sleeper who got it. He belongs to the level he has last.
"""

from collections.abc import Iterator
from typing import Literal

import ibis
import pyarrow as pa
from ibis import Table
from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.insight.benefits.benefit import Texts
from festoon.insight.facts import Facts
from festoon.insight.scope import Window
from festoon.mechanics.level import Levels
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.schema import Plan
from festoon.plan.segments import Segment, names_of
from festoon.plan.values import texts

Kind = Literal["segment", "level"]
_SCHEMA = pa.schema([("key", pa.string()), ("group", pa.string())])


class Declared(Struct, frozen=True):
    """A group of the plan. `key` is what facts call it: the segment's key in profiles, or `mechanic/level`."""

    kind: Kind
    name: str
    key: str
    title: Texts

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.name}"


def declared(plan: Plan, campaign: CompiledCampaign) -> tuple[Declared, ...]:
    """The groups of a plan, in plan order: every part of a split is one."""
    return (*_segments(plan, campaign), *_levels(campaign))


def _segments(plan: Plan, campaign: CompiledCampaign) -> Iterator[Declared]:
    for name, segment in plan.segments.items():
        names = names_of(name, segment)
        of = texts(segment.title if isinstance(segment, Segment) else segment, name)
        for part in names:
            title = of if names == (name,) else {each: f"{of[each]}: {part}" for each in LANGUAGES}
            yield Declared("segment", part, campaign.segment_keys.get(part, part), title)


def _levels(campaign: CompiledCampaign) -> Iterator[Declared]:
    for each in campaign.mechanics:
        if isinstance(each.mechanic, Levels):
            for level in each.mechanic.levels:
                title = {
                    language: f"{each.title.get(language) or each.id}: {level}" for language in LANGUAGES
                }
                yield Declared("level", level, f"{each.id}/{level}", title)


def members_of(
    facts: Facts, campaign: CompiledCampaign, groups: tuple[Declared, ...], window: Window
) -> Table:
    """Who belongs to which group: member, group (its id), each pair once."""
    wanted = pa.table({"key": [each.key for each in groups], "group": [each.id for each in groups]}, _SCHEMA)
    keys = ibis.memtable(wanted)
    found = _in_segments(facts, window).union(_on_levels(facts, campaign))
    return facts.kept(found.inner_join(keys, "key").select("member", "group").distinct())


def _in_segments(facts: Facts, window: Window) -> Table:
    """Segments that members were in when the window began, or came into before it ended."""
    events = facts.events
    said = events.filter(events.type.isin(("segment.entered", "segment.left")), events.status == "accepted")
    start, end = (ibis.literal(at, type="timestamp('UTC')") for at in (window.start, window.end))
    said = said.filter(said.time < end)
    data = said.data.cast("json")
    of, name = data["campaign"].unwrap_as("string"), data["segment"].unwrap_as("string")
    said = said.mutate(key=ibis.ifelse(of.isnull(), name, ibis.coalesce(of, "").concat("/", name)))
    before, within = said.filter(said.time < start), said.filter(said.time >= start)
    last = before.group_by("member", "key").aggregate(type=before.type.argmax(before.seq))
    came = within.filter(within.type == "segment.entered").select("member", "key")
    # Who leaves in the window was in it when the window began, if nobody had said so before.
    left = within.filter(within.type == "segment.left").select("member", "key")
    stood = last.filter(last.type == "segment.entered").select("member", "key")
    return stood.union(came).union(left).distinct()


def _on_levels(facts: Facts, campaign: CompiledCampaign) -> Table:
    """The level that each member has last, by what the level mechanics noted."""
    ids = [each.id for each in campaign.mechanics if isinstance(each.mechanic, Levels)]
    rows = facts.outcomes
    noted = rows.filter(rows.campaign == campaign.campaign, rows.mechanic.isin(ids or [""]))
    noted = noted.filter(noted.note.notnull())
    level = noted.note.cast("json")["level"].unwrap_as("string")
    noted = noted.mutate(level=level).filter(level.notnull())
    last = noted.group_by("member", "mechanic").aggregate(level=noted.level.argmax(noted.seq))
    return last.select("member", key=last.mechanic.concat("/", last.level))
