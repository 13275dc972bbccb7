"""What each benefit of a campaign is worth (权益评估): cost, uptake by group, uplift, return, and what to change."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from ibis import Table
from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.insight.benefits.advice import Known, advise
from festoon.insight.benefits.benefit import (
    Benefit,
    Benefits,
    Giver,
    Group,
    Return,
    Tally,
    Texts,
    Uplift,
    Uptake,
)
from festoon.insight.benefits.groups import Declared, declared, members_of
from festoon.insight.benefits.moved import BY_CODE, moved
from festoon.insight.benefits.offered import Thing, offered, paying, tried
from festoon.insight.benefits.uplift import Grounds, measure_of, uplifts
from festoon.insight.compare import AgainstHoldout
from festoon.insight.facts import Facts
from festoon.insight.scope import Scope, Window
from festoon.insight.spend import LineSpend, StockLeft
from festoon.insight.taking_part import audience, whole
from festoon.insight.views.reader import Reader
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.schema import Plan

COMPENSATION = "_compensation"
"""What stands for a mechanic where something was given to make good."""
_SUMS = ("times", "amount", "back", "used", "lapsed", "actual", "reserved")


class Asked(Struct, frozen=True):
    """A campaign and what was worked out about it already. `everybody` are all members over its time as far as it is
    over, `ours` those of them who are not held out; `stretch` is before and after, where the facts have it."""

    plan: Plan
    campaign: CompiledCampaign
    as_of: datetime
    everybody: Scope
    ours: Scope
    before: Window
    stretch: tuple[Scope, Window] | None
    lines: tuple[LineSpend, ...]
    stocks: tuple[StockLeft, ...]
    holdout: AgainstHoldout | None


class Worked(Struct, frozen=True):
    """What the benefits are put together from, by thing."""

    campaign: CompiledCampaign
    size: int
    can: Mapping[Thing, Mapping[str, tuple[str, ...]]]
    tallies: Mapping[Thing, Tally]
    givers: Mapping[tuple[str, ...], Tally]
    uptake: Mapping[Thing, tuple[Uptake, ...]]
    worth: Mapping[Thing, tuple[Uplift | None, Return | None]]


def benefits(facts: Facts, asked: Asked) -> Benefits:
    """What each benefit is worth. `facts` are those of everybody who is no tester."""
    plan, campaign = asked.plan, asked.campaign
    rows = moved(facts, campaign)
    measure = measure_of(plan)
    grounds = Grounds(facts, asked.everybody, asked.before, rows, measure, asked.holdout, asked.stretch)
    reached = facts.kept(_reached(facts, asked.ours, rows))
    size = whole(reached.count())
    groups, uptake = _groups(facts, asked, rows, reached)
    tallies = {(kind, ref): tally for (kind, ref), tally in _tallies(rows, "kind", "ref").items()}
    worked = Worked(
        campaign,
        size,
        offered(plan, campaign),
        tallies,
        _tallies(rows, "kind", "ref", "mechanic"),
        uptake,
        uplifts(grounds, tallies, tried(campaign)),
    )
    found = [_benefit(thing, worked) for thing in {**tallies, **dict.fromkeys(worked.can)}]
    found.sort(key=lambda each: (-each.tally.cost, -each.tally.times, each.id))
    cost = sum(each.tally.cost for each in found)
    got = whole(rows.filter(rows.times > 0).member.nunique())
    pays = paying(campaign)
    lines = tuple(line for line in asked.lines if line.name in pays)
    known = Known(
        plan, campaign, asked.as_of, size, got, tuple(found), groups, lines, asked.stocks, asked.holdout, measure,
    )  # fmt: skip
    elsewhere = sum(line.used for line in asked.lines) - cost
    return Benefits(measure, size, got, cost, elsewhere, tuple(found), groups, advise(known))


def _tallies(rows: Table, *by: str) -> dict[tuple[str, ...], Tally]:
    """Sums by some columns."""
    counted = rows.group_by(*by).aggregate(
        **{name: rows[name].sum() for name in _SUMS}, members=rows.member.nunique(where=rows.times > 0)
    )
    return {
        tuple(row.pop(name) for name in by): Tally(**{name: int(value or 0) for name, value in row.items()})
        for row in counted.to_pyarrow().to_pylist()
    }


def _reached(facts: Facts, ours: Scope, rows: Table) -> Table:
    """The audience: those the campaign was for and who were active in it, and whoever was given something."""
    given = rows.filter(rows.times > 0).select("member")
    return audience(facts, ours).union(given).distinct()


def _benefit(thing: Thing, worked: Worked) -> Benefit:
    kind, ref = thing
    tally = worked.tallies.get(thing, Tally())
    uplift, returned = worked.worth.get(thing, (None, None))
    return Benefit(
        kind=kind,
        ref=ref,
        title=_said(worked.campaign, lambda reader: reader.thing(kind, ref)),
        offered=thing in worked.can,
        tally=tally,
        share=tally.members / worked.size if worked.size else None,
        givers=tuple(_givers(thing, worked)),
        uptake=worked.uptake.get(thing, ()),
        uplift=uplift,
        returned=returned,
    )


def _givers(thing: Thing, worked: Worked) -> Iterator[Giver]:
    """Who gave it, in plan order, with those who could have; then what was given to make good, and by code."""
    gave = {mechanic: tally for (*of, mechanic), tally in worked.givers.items() if (*of,) == thing}
    can, campaign = worked.can.get(thing, {}), worked.campaign
    order = [each.id for each in campaign.mechanics if each.id in can or each.id in gave]
    for id in (*order, *sorted(gave.keys() - set(order))):
        named = {COMPENSATION: "b_compensation", BY_CODE: "b_by_code"}.get(id)
        title = _said(campaign, partial(_mechanic, id=id, named=named))
        yield Giver(id, title, can.get(id, ()), gave.get(id, Tally()))


def _mechanic(reader: Reader, *, id: str, named: str | None) -> str:
    return reader.mechanic(id) if named is None else reader.say(named)


def _groups(
    facts: Facts, asked: Asked, rows: Table, reached: Table
) -> tuple[tuple[Group, ...], dict[Thing, tuple[Uptake, ...]]]:
    """The plan's groups with what they got of anything, and of each benefit."""
    wanted = declared(asked.plan, asked.campaign)
    if not wanted:
        return (), {}
    members = members_of(facts, asked.campaign, wanted, asked.everybody.window)
    members = facts.kept(members.semi_join(reached, "member"))
    sizes = members.group_by("group").aggregate(n=members.count()).to_pyarrow().to_pylist()
    size = {row["group"]: row["n"] for row in sizes}
    theirs = facts.kept(rows.inner_join(members, "member"))
    of_all = {key[0]: tally for key, tally in _tallies(theirs, "group").items()}
    groups = tuple(_group(each, size.get(each.id, 0), of_all.get(each.id, Tally())) for each in wanted)
    of_each = _tallies(theirs, "kind", "ref", "group")
    things = dict.fromkeys((kind, ref) for kind, ref, _ in of_each)
    uptake = {
        thing: tuple(Uptake(each.id, of_each.get((*thing, each.id), Tally())) for each in wanted)
        for thing in things
    }
    return groups, uptake


def _group(of: Declared, size: int, tally: Tally) -> Group:
    return Group(of.id, of.kind, of.name, of.title, size, tally.members, tally.cost)


def _said(campaign: CompiledCampaign, word: Callable[[Reader], str]) -> Texts:
    """A word of the plan's in every language."""
    return {language: word(Reader(language, campaign)) for language in LANGUAGES}
