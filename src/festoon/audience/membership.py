"""Who is in a segment: members and what they did, through list, condition, absence and cut points."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import ibis
import pyarrow as pa
from ibis import Table
from ibis.expr.types import BooleanValue, Value
from msgspec import Struct

from festoon.audience.behaviour import When, away_column, behaviour
from festoon.audience.population import member_fields_of, segments_of
from festoon.base.expressions.to_ibis import Columns, duckdb_local, to_ibis
from festoon.base.times import local_day, start_of_day
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.segment_compiled import CompiledSegment
from festoon.plan.segment_cuts import Cuts

LEFT_OUT = ("no_figure", "beyond", "never_seen")
"""Why somebody who counts is in no part: his figure is zero; the parts end before him; nobody knows since when he
is away."""


class Found(Struct, frozen=True):
    """Who is in a segment. `rows` has `member`, `part` (the place of the part's name among the segment's) and the
    `first`, `second` by which those who enter are served. `counted` met the list and the condition."""

    segment: CompiledSegment
    rows: Table
    members: Mapping[str, int]
    counted: int
    left_out: Mapping[str, int]


class Audience:
    """The members of one campaign at one instant, with their figures; segment after segment is found in it, each
    seeing the ones before it.

    `members` is as `population.read_members` makes it, `lists` has a table (member, place) for every uploaded list.
    """

    def __init__(
        self,
        campaign: CompiledCampaign,
        segments: tuple[CompiledSegment, ...],
        members: Table,
        events: Table,
        lists: Mapping[str, Table],
        when: When,
    ) -> None:
        self.campaign = campaign
        self.backend: Any = ibis.get_backend(members)
        self.when = when
        self.lists = lists
        self._found: dict[str, Table] = {}
        self._before = self._kept(_stored(members))
        taken = {each for segment in segments for each in segment.taken}
        away = {segment.away.types for segment in segments if segment.away is not None}
        self.people = members
        if taken or away:
            figures = self._kept(behaviour(events, taken, away, when))
            joined = members.left_join(figures, "member").drop("member_right")
            filled = {
                each.column: joined[each.column].fill_null(0)
                for each in taken
                if not each.figure.startswith("days_since")
            }
            self.people = self._kept(joined.mutate(**filled))

    def find(self, segment: CompiledSegment) -> Found:
        """Compute one segment."""
        people = self.people
        if segment.listed:
            people = people.inner_join(self._list(segment.name), "member")
        if segment.when is not None:
            people = people.filter(to_ibis(segment.when, self._columns(segment, people)))
        people = self._kept(self._placed(segment, people))
        counted = _whole(people.count())
        left_out: dict[str, int] = {}
        if segment.away is not None:
            rows, left_out = self._away(segment, people, counted)
        elif segment.cuts is not None:
            rows, left_out = self._cut(segment.cuts, people, counted)
        else:
            rows = people.mutate(part=0)
        rows = self._kept(rows.select("member", "part", "first", "second"))
        found = rows.group_by("part").aggregate(n=rows.count()).to_pyarrow().to_pylist()
        sizes = dict.fromkeys(segment.names, 0) | {segment.names[row["part"]]: row["n"] for row in found}
        for part, name in enumerate(segment.names):
            self._found[name] = rows.filter(rows.part == part).select("member")
        return Found(segment, rows, sizes, counted, left_out)

    def changes(self, found: Found) -> pa.Table:
        """Who left a segment and who entered it, against what profiles say: `member`, `segment`, `entered`, in the
        order in which it is to be said: who leaves, then who enters, best part first, in the order of serving."""
        segment = found.segment
        keys = [self.campaign.segment_keys[name] for name in segment.names]
        before = self._before.filter(self._before.key.isin(keys))
        before = before.mutate(part=_first_that([before.key == key for key in keys]))
        left = before.anti_join(found.rows, ["member", "part"]).order_by("member")
        entered = found.rows.anti_join(before, ["member", "part"])
        entered = entered.order_by(
            "part",
            entered["first"].asc(nulls_first=False),
            entered["second"].asc(nulls_first=False),
            "member",
        )
        sides = [
            _changed(side.select("member", "part").to_pyarrow(), segment.names, entered=enters)
            for side, enters in ((left, False), (entered, True))
        ]
        return pa.concat_tables(sides)

    def _placed(self, segment: CompiledSegment, people: Table) -> Table:
        """With what decides who is served first: a place on a list, then a figure, most first."""
        order = segment.order
        first: Value = ibis.null("int64")
        if order.list:
            other = self._list(order.list).rename(listed_member="member", listed_place="place")
            people = people.left_join(other, people.member == other.listed_member)
            first = people.listed_place
        elif segment.listed:
            first = people.place
        second = -people[order.by.column] if order.by is not None else ibis.null("int64")
        return people.mutate(first=first.cast("int64"), second=second.cast("int64"))

    def _away(self, segment: CompiledSegment, people: Table, counted: int) -> tuple[Table, dict[str, int]]:
        """Those who were last there before so many whole days; who never came counts from his registration."""
        assert segment.away is not None
        today = local_day(self.when.at, self.when.zone)
        bound = start_of_day(today - timedelta(days=segment.away.days), self.when.zone)
        last = people[away_column(segment.away.types)].fill_null(people.registered)
        rows = people.filter(last < ibis.literal(bound, type="timestamp('UTC')")).mutate(part=0)
        return rows, {"never_seen": _whole(people.filter(last.isnull()).count())}

    def _cut(self, cuts: Cuts, people: Table, counted: int) -> tuple[Table, dict[str, int]]:
        figure = people[cuts.by.column]
        ranked = people if cuts.everyone or cuts.cuts else people.filter(figure > 0)
        of = _whole(ranked.count()) if cuts.shares and not cuts.everyone else counted
        if cuts.cuts:
            part = _first_that(
                [ibis.literal(True) if cut is None else ranked[cuts.by.column] >= cut for cut in cuts.cuts]
            )
        else:
            place = self._place(cuts, ranked)
            part = _first_that([place < bound for bound in cuts.bounds(of)])
        rows = self._kept(ranked.mutate(part=part).filter(lambda table: table.part.notnull()))
        return rows, {"no_figure": counted - of, "beyond": of - _whole(rows.count())}

    def _place(self, cuts: Cuts, ranked: Table) -> Value:
        """A member's place from the best, counted from 0. The rule for equal figures is the plan's."""
        figure = ranked[cuts.by.column]
        if cuts.ties == "together":
            return ibis.rank().over(order_by=figure.desc())
        lot = ranked.member
        if cuts.ties == "drawn":
            lot = (ibis.literal(f"{cuts.salt}:") + ranked.member.cast("string")).hexdigest("sha256")
        return ibis.row_number().over(order_by=[figure.desc(), lot.asc(), ranked.member.asc()])

    def _columns(self, segment: CompiledSegment, people: Table) -> Columns:
        assert segment.when is not None
        vocabulary, facts = segment.when.vocabulary, _campaign_facts(self.campaign)
        read = {name for name in segment.when.reads if name in vocabulary.fields}
        own = {name for name in read if name.startswith("member.")} - segment.figures.keys()
        fields: dict[str, Value] = member_fields_of(people, vocabulary.fields, own)
        fields |= {name: people[each.column] for name, each in segment.figures.items()}
        fields |= {name: ibis.literal(facts[name]) for name in read if name.startswith("campaign.")}
        return Columns(
            fields,
            {
                "member.segment": lambda name: self._is_in(people, name),
                "member.days_since": lambda name: self._days_since(people, segment, name),
                "member.registered_in": lambda _: self._registered_in(people),
            },
        )

    def _is_in(self, people: Table, name: str) -> BooleanValue:
        """Whether a member is in another segment: as computed just now, else as his profile has it."""
        if name in self._found:
            return people.member.isin(self._found[name].member)
        key = self.campaign.segment_keys.get(name, name)
        return segments_of(people).contains(key).fill_null(False)

    def _days_since(self, people: Table, segment: CompiledSegment, name: str) -> Value:
        assert segment.when is not None
        field = f"member.{name}"
        since = member_fields_of(people, segment.when.vocabulary.fields, (field,))[field]
        day = since if since.type().is_date() else self._day(since)
        return ibis.date(local_day(self.when.at, self.when.zone)).delta(day, unit="day").cast("int64")

    def _registered_in(self, people: Table) -> BooleanValue:
        facts = _campaign_facts(self.campaign)
        day = self._day(people.registered)
        return day.between(ibis.date(facts["campaign.start"]), ibis.date(facts["campaign.end"])).fill_null(
            False
        )

    def _day(self, at: Value) -> Value:
        return duckdb_local(at, self.when.zone.key).date()

    def _list(self, name: str) -> Table:
        return self.lists[name]

    def _kept(self, table: Table) -> Table:
        """The table's rows, computed once."""
        kept: Table = self.backend.create_table(f"festoon_{uuid4().hex}", table, temp=True)
        return kept


CHANGES = pa.schema([("member", pa.int64()), ("segment", pa.string()), ("entered", pa.bool_())])


def _changed(side: pa.Table, names: Sequence[str], *, entered: bool) -> pa.Table:
    rows = side.num_rows
    segment = pa.array(names, pa.string()).take(side["part"].combine_chunks())
    return pa.table([side["member"], segment, pa.array([entered] * rows, pa.bool_())], schema=CHANGES)


def _stored(members: Table) -> Table:
    """One row for each member and segment of his, as profiles have it."""
    some = members.filter(members.profile.contains('"segments"'))
    return some.select("member", key=segments_of(some).unnest())


def _campaign_facts(campaign: CompiledCampaign) -> dict[str, Any]:
    """`campaign.id`, and its first and last local day."""
    last = campaign.schedule.end - timedelta(microseconds=1)
    return {
        "campaign.id": campaign.campaign,
        "campaign.start": local_day(campaign.schedule.start, campaign.zone),
        "campaign.end": local_day(last, campaign.zone),
    }


def _first_that(tests: list[BooleanValue]) -> Value:
    """The number of the first test that holds; NULL when none does."""
    return ibis.cases(*((test, index) for index, test in enumerate(tests)), else_=ibis.null("int64"))


def _whole(value: Value) -> int:
    return int(value.to_pyarrow().as_py())
