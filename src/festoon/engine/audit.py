"""The audit: what always holds, proved on a live database in one consistent snapshot.

1. For every asset the balances sum to zero over all accounts, and every balance equals the sum of its transfers.
2. No account is below its floor; lots sum to their balance; no event acts twice; holds sum to what is held, and
   what is set aside to what is pending and reserved.
"""

from collections.abc import AsyncIterator, Callable

import asyncpg
from msgspec import Struct


class Finding(Struct, frozen=True):
    """One row that should not be: which rule it breaks, where, and by how much."""

    rule: str
    account: str
    expected: int
    found: int


class Audited(Struct, frozen=True):
    """What an audit looked at and what it found."""

    accounts: int
    transfers: int
    events: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return not self.findings


_MOVED = """
    SELECT holder, asset, sum(amount)::bigint AS amount FROM (
        SELECT holder, asset, amount FROM journal_opening
        UNION ALL
        SELECT CASE WHEN debit LIKE '@%' THEN member_id::text || debit ELSE debit END, asset, -amount FROM transfer
        UNION ALL
        SELECT CASE WHEN credit LIKE '@%' THEN member_id::text || credit ELSE credit END, asset, amount FROM transfer
    ) AS moves GROUP BY holder, asset"""

_BALANCES = """
    SELECT member_id::text || part AS holder, asset, balance FROM account
    UNION ALL SELECT holder, asset, balance FROM shared_account"""

_ASIDE = """
    SELECT holder, asset, sum(amount)::bigint AS amount FROM (
        SELECT CASE WHEN leg ->> 2 LIKE '@%' THEN member_id::text || (leg ->> 2) ELSE leg ->> 2 END AS holder,
               leg ->> 0 AS asset, (leg ->> 4)::bigint AS amount
        FROM held_grant CROSS JOIN LATERAL jsonb_array_elements(aside::jsonb -> 'legs') AS leg
        WHERE leg ->> 2 = 'reserved' OR leg ->> 2 = '@pending'
    ) AS legs GROUP BY holder, asset"""

CHECKS = {
    "balances_sum_to_zero": f"""
        SELECT asset AS account, 0 AS expected, sum(balance)::bigint AS found FROM ({_BALANCES}) b
        GROUP BY asset HAVING sum(balance) <> 0""",
    "balance_equals_its_transfers": f"""
        SELECT coalesce(m.holder, b.holder) || '|' || coalesce(m.asset, b.asset) AS account,
               coalesce(m.amount, 0) AS expected, coalesce(b.balance, 0) AS found
        FROM ({_MOVED}) m FULL JOIN ({_BALANCES}) b ON m.holder = b.holder AND m.asset = b.asset
        WHERE coalesce(m.amount, 0) <> coalesce(b.balance, 0)""",
    "no_account_below_its_floor": """
        SELECT member_id::text || part || '|' || asset AS account, floor AS expected, balance AS found
        FROM account WHERE balance < floor AND part <> '@owed' OR balance > 0 AND part = '@owed'
        UNION ALL
        SELECT holder || '|' || asset, floor, balance FROM shared_account WHERE balance < floor""",
    "lots_sum_to_their_balance": """
        SELECT l.member_id::text || '@|' || l.asset AS account, coalesce(a.balance, 0) AS expected, l.amount AS found
        FROM (SELECT member_id, asset, sum(amount)::bigint AS amount FROM lot GROUP BY 1, 2) l
        LEFT JOIN account a ON a.member_id = l.member_id AND a.asset = l.asset AND a.part = '@'
        WHERE l.amount <> coalesce(a.balance, 0)""",
    "holds_sum_to_what_is_held": """
        SELECT coalesce(h.member_id, a.member_id)::text || '@held|' || coalesce(h.asset, a.asset) AS account,
               coalesce(h.amount, 0) AS expected, coalesce(a.balance, 0) AS found
        FROM (SELECT member_id, asset, sum(amount)::bigint AS amount FROM hold GROUP BY 1, 2) h
        FULL JOIN (SELECT member_id, asset, balance FROM account WHERE part = '@held' AND balance <> 0) a
               ON a.member_id = h.member_id AND a.asset = h.asset
        WHERE coalesce(h.amount, 0) <> coalesce(a.balance, 0)""",
    "what_is_set_aside_is_pending_and_reserved": f"""
        SELECT coalesce(g.holder, b.holder) || '|' || coalesce(g.asset, b.asset) AS account,
               coalesce(g.amount, 0) AS expected, coalesce(b.balance, 0) AS found
        FROM ({_ASIDE}) g
        FULL JOIN (SELECT * FROM ({_BALANCES}) every
                   WHERE (holder = 'reserved' OR holder LIKE '%@pending') AND balance <> 0) b
               ON b.holder = g.holder AND b.asset = g.asset
        WHERE coalesce(g.amount, 0) <> coalesce(b.balance, 0)""",
    "no_event_acts_twice": """
        SELECT member_id::text || '/' || encode(key, 'hex') AS account, 1 AS expected, count(*) AS found
        FROM event GROUP BY member_id, key HAVING count(*) > 1""",
}
MOST_FINDINGS = 100


def _unheard(_rule: str) -> None:
    """Progress that nobody listens to."""


async def audit(connection: asyncpg.Connection, on_check: Callable[[str], None] = _unheard) -> Audited:
    """Run every check in one snapshot, beside live traffic. `on_check` hears which rule is being looked at."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("SET LOCAL statement_timeout = 0")
        counts = await connection.fetchrow(
            """SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM shared_account) AS accounts,
                      (SELECT count(*) FROM transfer) AS transfers, (SELECT count(*) FROM event) AS events"""
        )
        assert counts is not None, "a row of counts is always there"
        findings = [finding async for finding in _findings(connection, on_check)]
    return Audited(counts["accounts"], counts["transfers"], counts["events"], tuple(findings))


async def _findings(
    connection: asyncpg.Connection, on_check: Callable[[str], None]
) -> AsyncIterator[Finding]:
    for rule, query in CHECKS.items():
        on_check(rule)
        for row in await connection.fetch(f"{query} LIMIT {MOST_FINDINGS}"):
            yield Finding(rule, row["account"], row["expected"], row["found"])
