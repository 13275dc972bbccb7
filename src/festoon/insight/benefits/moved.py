"""What a campaign gave and what became of it, row by row: the one table that every figure of a benefit is summed from.

A row of `moved` is one thing given, or something taken back again. Money is in the smallest unit of the campaign's
currency. What somebody paid (for a draw, in an exchange) was not given and is not here, nor are chances: they are the
way to a benefit and none themselves.

- member, mechanic, kind, ref
- times, amount: how often, and how much of an asset; 0 where something is taken back
- back: units of it that were taken back
- used, lapsed: 1 for a coupon that was used or a gift that was sent; 1 for one that lapsed or was not sent
- actual, reserved: what it cost, and what is still set aside for it
"""

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue, Value

from festoon.engine.world import NEEDS_USE
from festoon.insight.facts import Facts
from festoon.ledger.accounts import ISSUER, MEMBER, OWED, PENDING
from festoon.plan.compiled import CompiledCampaign

HELD_FOR_USE = tuple(sorted(NEEDS_USE))
"""Kinds whose cost is only committed when they are given: it is spent when they are used, or comes back."""
BY_CODE = ""
"""What stands for a mechanic where a coupon was used that nobody was given: who knew its code typed it."""
_SENT = {
    "gift.shipped": "shipped",
    "gift.returned": "open",
    "gift.delivered": "delivered",
    "gift.cancelled": "cancelled",
}
_USED, _LAPSED, _SPENT = ("used", "shipped", "delivered"), ("lapsed", "cancelled"), ("used", "delivered")
_COLUMNS = (
    "member", "mechanic", "kind", "ref", "times", "amount", "back", "used", "lapsed", "actual", "reserved",
)  # fmt: skip


def moved(facts: Facts, campaign: CompiledCampaign) -> Table:
    """The table, computed once. It has no window: what is given belongs to its campaign, whenever that was."""
    given = facts.kept(_given(facts, campaign))
    ends = facts.kept(_ends(facts))
    rows = _rows(_with_end(given, ends)).union(_typed(facts, campaign, given))
    things = given.select("kind", "ref").distinct()
    back = facts.kept(_amounts_back(facts, campaign, things).union(_things_back(facts, campaign, things)))
    if back.count().to_pyarrow().as_py():
        rows = rows.union(_taken_back(facts, campaign, given, back))
    return facts.kept(rows)


def _given(facts: Facts, campaign: CompiledCampaign) -> Table:
    rows = facts.outcomes
    ours = rows.filter(rows.campaign == campaign.campaign, rows.what == "given", rows.kind != "")
    return ours.filter(~ours.ref.startswith(f"{campaign.campaign}/chances/"))


def _ends(facts: Facts) -> Table:
    """What became of things with an identity: item and its last state."""
    events, outcomes = facts.events, facts.outcomes
    sent = events.filter(events.type.isin(tuple(_SENT)), events.status == "accepted")
    told = sent.data.cast("json")["item"].unwrap_as("string")
    sent = sent.select("seq", item=told, state=sent.type.cases(*_SENT.items(), else_="open"))
    due = events.filter(events.type == "timer.due", events.data.contains('"item"'))
    lapsed = due.data.cast("json")["data"]["item"].unwrap_as("string")
    due = due.select("seq", item=lapsed, state=ibis.literal("lapsed"))
    used = outcomes.filter(outcomes.campaign == "festoon", outcomes.mechanic == "coupon.redeemed")
    used = used.filter(used.note.notnull())
    which = used.note.cast("json")["item"].unwrap_as("string")
    used = used.select("seq", item=which, state=ibis.literal("used"))
    rows = sent.union(due).union(used)
    rows = rows.filter(rows.item.notnull())
    return rows.group_by("item").aggregate(state=rows.state.argmax(rows.seq))


def _with_end(given: Table, ends: Table) -> Table:
    states = ends.select(closed_item="item", state="state")
    return given.left_join(states, given.item == states.closed_item).fill_null({"state": "open"})


def _rows(given: Table) -> Table:
    waits = given.kind.isin(HELD_FOR_USE)
    spent, over = given.state.isin(_SPENT), given.state.isin(_LAPSED)
    return given.select(
        "member", "mechanic", "kind", "ref",
        times=_one(ibis.literal(True)),
        amount=given.amount.cast("int64"),
        back=_none(),
        used=_one(waits & given.state.isin(_USED)),
        lapsed=_one(over),
        actual=ibis.ifelse(~waits | spent, given.cost, 0).cast("int64"),
        reserved=ibis.ifelse(waits & ~spent & ~over, given.cost, 0).cast("int64"),
    ).select(*_COLUMNS)  # fmt: skip


def _typed(facts: Facts, campaign: CompiledCampaign, given: Table) -> Table:
    """Coupons that nobody was given: whoever knew a code used it. What one cost was booked straight off its line."""
    rows = facts.outcomes
    used = rows.filter(rows.campaign == "festoon", rows.mechanic == "coupon.redeemed", rows.note.notnull())
    note = used.note.cast("json")
    known = used.select(
        "seq", "member", item=note["item"].unwrap_as("string"), ref=note["coupon"].unwrap_as("string")
    ).distinct()
    ours = known.filter(known.ref.startswith(f"{campaign.campaign}/")).anti_join(given, "item")
    paid = facts.transfers
    paid = paid.filter(paid.asset == campaign.currency, paid.why == "festoon/coupon.redeemed")
    paid = paid.filter(paid.credit.startswith(f"{campaign.campaign}/cost/"))
    booked = paid.group_by(paid_seq=paid.seq).aggregate(cost=paid.amount.sum())
    joined = ours.left_join(booked, ours.seq == booked.paid_seq).fill_null({"cost": 0})
    return joined.select(
        "member", "ref",
        mechanic=ibis.literal(BY_CODE),
        kind=ibis.literal("coupon"),
        times=_one(ibis.literal(True)), amount=_one(ibis.literal(True)), back=_none(),
        used=_one(ibis.literal(True)), lapsed=_none(),
        actual=joined.cost.cast("int64"), reserved=_none(),
    ).select(*_COLUMNS)  # fmt: skip


def _taken_back(facts: Facts, campaign: CompiledCampaign, given: Table, back: Table) -> Table:
    """What came back, and what it had cost with it."""
    zero = {name: _none() for name in ("times", "amount", "used", "lapsed")}
    counted = back.mutate(**zero, actual=_none(), reserved=_none()).select(*_COLUMNS)
    cost = _cost_back(facts, campaign, given, back).mutate(**zero, back=_none())
    return counted.union(cost.select(*_COLUMNS))


def _cost_back(facts: Facts, campaign: CompiledCampaign, given: Table, back: Table) -> Table:
    """What came back to the lines. Where one event took back several things that one line had paid for, it is shared
    among them by what they had cost."""
    paid = given.filter(given.cost > 0).mutate(line_=_home(given.line), held=given.kind.isin(HELD_FOR_USE))
    rates = paid.group_by(rate_kind=paid.kind, rate_ref=paid.ref, line_=paid.line_, held=paid.held).aggregate(
        rate=paid.cost.sum() / paid.amount.sum()
    )
    priced = back.inner_join(rates, [back.kind == rates.rate_kind, back.ref == rates.rate_ref])
    priced = priced.mutate(weight=priced.back * priced.rate)
    returned = _returned(facts, campaign)
    joined = priced.inner_join(
        returned,
        [
            priced.seq == returned.paid_seq,
            priced.mechanic == returned.paid_by,
            priced.line_ == returned.paid_line,
            priced.held == returned.paid_held,
        ],
    )
    whole = joined.weight.sum().over(ibis.window(group_by=["seq", "mechanic", "line_", "held"]))
    cost = (joined.cost * joined.weight / whole).round().cast("int64")
    return joined.select(
        "member", "mechanic", "kind", "ref",
        actual=ibis.ifelse(joined.held, 0, -cost).cast("int64"),
        reserved=ibis.ifelse(joined.held, -cost, 0).cast("int64"),
    )  # fmt: skip


def _amounts_back(facts: Facts, campaign: CompiledCampaign, things: Table) -> Table:
    """Units that went back to where they came from. Out of what is pending they do so as well when something that was
    only set aside is not given after all; then no outcome says that it was taken."""
    rows, taken = facts.transfers, facts.outcomes
    ours = rows.filter(
        rows.why.startswith(f"{campaign.campaign}/"),
        rows.credit == ISSUER,
        rows.debit.isin((MEMBER, OWED, PENDING)),
        rows.member.notnull(),
    )
    taken = taken.filter(taken.campaign == campaign.campaign, taken.what == "taken").select(
        "seq", "mechanic", "ref"
    )
    pending = ours.filter(ours.debit == PENDING)
    ours = ours.filter(ours.debit != PENDING).union(
        pending.semi_join(
            taken,
            [pending.seq == taken.seq, _mechanic(pending.why) == taken.mechanic, pending.asset == taken.ref],
        )
    )
    ours = ours.semi_join(things.filter(things.kind == "asset"), ours.asset == things.ref)
    counted = ours.group_by("seq", "member", "why", "asset").aggregate(back=ours.amount.sum())
    return counted.select(
        "seq", "member", mechanic=_mechanic(counted.why), kind=ibis.literal("asset"), ref=counted.asset,
        back=counted.back.cast("int64"),
    )  # fmt: skip


def _things_back(facts: Facts, campaign: CompiledCampaign, things: Table) -> Table:
    rows = facts.outcomes
    taken = rows.filter(rows.campaign == campaign.campaign, rows.what == "taken")
    taken = taken.select("seq", "member", "mechanic", "ref", back=taken.amount.cast("int64"))
    owned = things.filter(things.kind != "asset")
    return taken.inner_join(owned, "ref").select("seq", "member", "mechanic", "kind", "ref", "back")


def _returned(facts: Facts, campaign: CompiledCampaign) -> Table:
    """What went back to budget lines when a mechanic took something back, by event, mechanic and line."""
    rows, prefix = facts.transfers, campaign.campaign
    ours = rows.filter(
        rows.asset == campaign.currency,
        rows.credit.startswith(f"{prefix}/budget/"),
        rows.why.startswith(f"{prefix}/"),
    )
    held = ours.debit.startswith(f"{prefix}/committed/")
    ours = ours.filter(held | ours.debit.startswith(f"{prefix}/cost/"))
    ours = ours.mutate(
        paid_by=_mechanic(ours.why),
        paid_line=_home(ours.credit.split("/")[2]),
        paid_held=ours.debit.startswith(f"{prefix}/committed/"),
    )
    return ours.group_by("paid_by", "paid_line", "paid_held", paid_seq=ours.seq).aggregate(
        cost=ours.amount.sum()
    )


def _mechanic(why: Value) -> Value:
    return why.split("/")[1]


def _home(line: Value) -> Value:
    """The line that one belongs to which was set apart for a mechanic (`prizes.journey`)."""
    return line.split(".")[0]


def _none() -> Value:
    return ibis.literal(0).cast("int64")


def _one(where: BooleanValue) -> Value:
    return where.cast("int64")
