"""Liability and breakage of an asset by local day, held against the ledger's own accounts.

What members have is what the platform owes them (IFRS 15 and CAS 14 call unused points a contract liability; what
lapses unused is breakage). It is read off the facts, which keep every transfer; the ledger's balances say
whether they are all there.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
from msgspec import Struct

from festoon.base.amounts import scaled
from festoon.base.errors import Invalid, NotFound, define
from festoon.base.rewards import Cost
from festoon.base.times import start_of_day
from festoon.engine.program import Program
from festoon.insight.facts import Facts
from festoon.insight.liability.flows import ACCOUNTS, Flow, flows, lots
from festoon.ledger.accounts import HELD, ISSUER, LAPSED, MEMBER, OWED, PARTS, PENDING, SPENT

MOST_DAYS = 800
USUAL_DAYS = 30
NO_ASSET = define("liability.no_asset", 404, "there is no asset '{asset}'", "不存在资产“{asset}”")
NO_DAYS = define(
    "liability.no_days",
    400,
    "from {since} to {until} is no stretch of 1 to {most} days",
    "{since}至{until}须为1至{most}天",
)


class Day(Struct, frozen=True):
    """One local day, in smallest units: what moved on it, and what stood at its end. `issued` is what members were
    given, `taken_back` what of it was taken back, `spent` and `lapsed` what they used and what expired. `outstanding`
    is all they have: what they can spend, with what is `held` and `pending` and less what is `owed` (taken back and
    spent before). `worth` is what that is worth, in smallest units of the currency; None when nothing says so."""

    day: date
    issued: int
    taken_back: int
    spent: int
    lapsed: int
    outstanding: int
    pending: int
    held: int
    owed: int
    worth: int | None = None

    @property
    def moves(self) -> bool:
        """Whether anything moved on it."""
        return bool(self.issued or self.taken_back or self.spent or self.lapsed)


class Lapsing(Struct, frozen=True):
    """What would lapse in a month (`2027-03`) if nobody spent any more of it; "" is what never does."""

    month: str
    amount: int
    worth: int | None = None


class Worth(Struct, frozen=True):
    """What an asset is worth: `amount` in smallest units of a currency for `per` of its own, as a campaign says."""

    currency: str
    amount: int
    per: int
    campaign: str

    def of(self, units: int) -> int:
        return scaled(units, self.amount, self.per)


class Account(Struct, frozen=True):
    """An account as the ledger has it now, and as the facts add up to it; `members` is all that members have. They
    differ by what the relay has not handed on yet."""

    name: str
    ledger: int
    facts: int


class Liability(Struct, frozen=True):
    """An asset's days from the first to the last, with what stood before (`opening`), what of the outstanding on the
    last day lapses when, and how the facts stand to the ledger."""

    asset: str
    zone: str
    opening: int
    days: tuple[Day, ...]
    lapsing: tuple[Lapsing, ...]
    worth: Worth | None
    accounts: tuple[Account, ...]

    @property
    def agrees(self) -> bool:
        """Whether the facts and the ledger say the same, to the last unit."""
        return all(each.ledger == each.facts for each in self.accounts)


class Wanted(Struct, frozen=True):
    """What somebody wants to see: the last days when none are said, in the time of most campaigns."""

    asset: str
    since: date | None = None
    until: date | None = None
    zone: ZoneInfo | None = None


class _Asked(Struct, frozen=True):
    """Which asset, from which day to which, both in full, and in whose time days are counted."""

    asset: str
    since: date
    until: date
    zone: ZoneInfo


async def liability(
    connection: asyncpg.Connection, program: Program, facts: Path, wanted: Wanted, now: datetime
) -> Liability:
    """The liability of an asset by day. The facts are read in a thread. In a rehearsal today is the day of its last
    event. Raises NotFound for no asset, Invalid for no days."""
    if program.rehearsal:
        now = await connection.fetchval("SELECT now FROM event ORDER BY seq DESC LIMIT 1") or now
    asked = _asked(program, wanted, now)
    worth = worth_of(program, asked.asset)
    every, by_lot = await asyncio.to_thread(_read, facts, asked)
    days = tuple(_days(every, asked, worth))
    opening = sum(_owed_to(flow) for flow in every if flow.day < asked.since)
    lapsing = tuple(_lapsing(by_lot, _spendable(every, asked), worth, asked.zone))
    accounts = await _accounts(connection, asked.asset, every)
    return Liability(asked.asset, asked.zone.key, opening, days, lapsing, worth, accounts)


def _asked(program: Program, wanted: Wanted, now: datetime) -> _Asked:
    if wanted.asset not in program.assets:
        raise NotFound(NO_ASSET, asset=wanted.asset)
    zone = wanted.zone or zone_of(program)
    until = wanted.until or now.astimezone(zone).date()
    known = wanted.since or until
    if not (1970 < known.year <= until.year < 9000 and 1 <= (until - known).days + 1 <= MOST_DAYS):
        raise Invalid(NO_DAYS, since=str(known), until=str(until), most=MOST_DAYS)
    return _Asked(wanted.asset, wanted.since or until - timedelta(days=USUAL_DAYS - 1), until, zone)


def zone_of(program: Program) -> ZoneInfo:
    """The zone that most campaigns are in."""
    zones = [each.zone.key for each in program.campaigns.values()]
    return ZoneInfo(max(sorted(set(zones)), key=zones.count, default="UTC"))


def worth_of(program: Program, asset: str) -> Worth | None:
    """What an asset is worth: the most that a running plan says one costs, as a careful accountant would have it."""
    said = [
        Worth(cost.currency, cost.amount, cost.per, campaign.campaign)
        for campaign in program.campaigns.values()
        if asset in campaign.assets and (cost := _cost(campaign.assets[asset].cost)) is not None
    ]
    return max(said, key=lambda each: (Fraction(each.amount, each.per), each.campaign), default=None)


def _cost(cost: Cost) -> Cost | None:
    return cost if cost.amount else None


def _read(facts: Path, asked: _Asked) -> tuple[list[Flow], dict[datetime, int]]:
    known = Facts.reading(facts)
    end = start_of_day(asked.until + timedelta(days=1), asked.zone)
    return flows(known, asked.asset, asked.zone), lots(known, asked.asset, end)


def _owed_to(flow: Flow) -> int:
    """By how much all that members have grows."""
    return flow.amount * ((flow.credit in PARTS) - (flow.debit in PARTS))


def _moved(flows: Sequence[Flow], of: str) -> int:
    """By how much an account or a part has grown."""
    return sum(flow.amount * ((flow.credit == of) - (flow.debit == of)) for flow in flows)


def _into(flows: Sequence[Flow], account: str) -> int:
    """What went from members to an account, less what came back."""
    return -sum(_owed_to(flow) for flow in flows if account in (flow.debit, flow.credit))


def _days(every: Sequence[Flow], asked: _Asked, worth: Worth | None) -> Iterator[Day]:
    by_day: dict[date, list[Flow]] = {}
    for flow in every:
        by_day.setdefault(max(flow.day, asked.since - timedelta(days=1)), []).append(flow)
    stands = dict.fromkeys(PARTS, 0)
    day = asked.since - timedelta(days=1)
    while day <= asked.until:
        moved = by_day.get(day, [])
        for part in PARTS:
            stands[part] += _moved(moved, part)
        if day >= asked.since:
            yield _day(day, moved, stands, worth)
        day += timedelta(days=1)


def _day(day: date, moved: Sequence[Flow], stands: dict[str, int], worth: Worth | None) -> Day:
    given = [flow for flow in moved if not {SPENT, LAPSED} & {flow.debit, flow.credit}]
    issued = sum(flow.amount for flow in given if _owed_to(flow) > 0)
    back = sum(flow.amount for flow in given if _owed_to(flow) < 0)
    outstanding = sum(stands.values())
    return Day(
        day, issued, back, _into(moved, SPENT), _into(moved, LAPSED), outstanding, stands[PENDING], stands[HELD],
        -stands[OWED], None if worth is None else worth.of(outstanding),
    )  # fmt: skip


def _spendable(every: Sequence[Flow], asked: _Asked) -> int:
    """What members can spend at the end."""
    return _moved([flow for flow in every if flow.day <= asked.until], MEMBER)


def _lapsing(
    by_lot: dict[datetime, int], spendable: int, worth: Worth | None, zone: ZoneInfo
) -> Iterator[Lapsing]:
    """By month of the last day on which it is good."""
    months: dict[str, int] = {}
    for lot, amount in by_lot.items():
        month = f"{(lot - timedelta(microseconds=1)).astimezone(zone):%Y-%m}"
        months[month] = months.get(month, 0) + amount
    for_good = spendable - sum(months.values())
    if for_good:
        months[""] = for_good
    for month, amount in months.items():
        yield Lapsing(month, amount, None if worth is None else worth.of(amount))


async def _accounts(connection: asyncpg.Connection, asset: str, every: Sequence[Flow]) -> tuple[Account, ...]:
    """The ledger's accounts beside what the facts come to."""
    rows = await connection.fetch(
        """SELECT holder AS name, balance FROM shared_account WHERE asset = $1 AND holder = ANY($2::text[])
           UNION ALL SELECT 'members', coalesce(sum(balance), 0)::bigint FROM account WHERE asset = $1""",
        asset, list(ACCOUNTS),
    )  # fmt: skip
    found = {row["name"]: row["balance"] for row in rows}
    members = sum(_owed_to(flow) for flow in every)
    of = {"members": members, **{name: _moved(every, name) for name in (ISSUER, SPENT, LAPSED)}}
    return tuple(Account(name, found.get(name, 0), of[name]) for name in of)
