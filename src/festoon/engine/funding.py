"""What publishing puts into a plan's accounts and takes out of them: stock, and budget with what is set apart of it."""

from datetime import datetime

import asyncpg

from festoon.base.errors import Conflict, define
from festoon.engine.outcome import encode_transfers
from festoon.ledger.accounts import holder_and_asset, shared
from festoon.ledger.transfers import Transfer
from festoon.plan.compiled import CompiledCampaign

ALREADY_SPENT = define(
    "plan.already_spent",
    409,
    "{account} cannot be lowered by {amount}: only {left} are left",
    "“{account}”不能减少{amount}：仅剩{left}",
    todo="lower it by no more than what is left",
    todo_zh="减少的数量不能超过剩余量",
)


async def _funded(connection: asyncpg.Connection, campaign: str) -> dict[str, int]:
    """What earlier versions put into each account, net of what they took out again: by the books, not by the plans,
    so that what one version leaves out and a later one names again is not funded twice."""
    rows = await connection.fetch(
        """SELECT side.holder, row ->> 0 AS asset, sum(side.sign * (row ->> 3)::bigint)::bigint AS amount
           FROM publication p
           CROSS JOIN LATERAL jsonb_array_elements(p.transfers::jsonb) AS row
           CROSS JOIN LATERAL (VALUES (row ->> 2, 1), (row ->> 1, -1)) AS side (holder, sign)
           WHERE p.campaign = $1 GROUP BY 1, 2""",
        campaign,
    )
    return {f"{row['holder']}|{row['asset']}": row["amount"] for row in rows}


async def fund(connection: asyncpg.Connection, new: CompiledCampaign, version: int, now: datetime) -> None:
    """Open the plan's accounts and move stock and budget in or out, refused when it is already spent."""
    await connection.execute(
        """INSERT INTO shared_account (holder, asset, floor)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) ORDER BY 1, 2
           ON CONFLICT (holder, asset) DO NOTHING""",
        [account.holder for account in new.shared],
        [account.asset for account in new.shared],
        [account.floor for account in new.shared],
    )
    funded = await _funded(connection, new.campaign)
    moves = await _given_back(connection, new, funded, version)
    deltas = [
        (account, account.opening - funded.get(account.key, 0)) for account in new.shared if account.source
    ]
    for account, delta in deltas:
        out = delta < 0
        debit, credit = (account.holder, account.source) if out else (account.source, account.holder)
        if delta == 0:
            continue
        moves.append(Transfer(account.asset, debit, credit, abs(delta), None, f"{new.campaign}@{version}"))
        left = await connection.fetchval(
            "SELECT balance FROM shared_account WHERE holder = $1 AND asset = $2 FOR UPDATE",
            account.holder,
            account.asset,
        )
        if out and left + delta < (account.floor or 0):
            raise Conflict(ALREADY_SPENT, account=account.key, amount=-delta, left=left)
        await _moved(connection, moves[-1])
    if moves:
        await connection.execute(
            "INSERT INTO publication (campaign, version, at, transfers) VALUES ($1, $2, $3, $4)",
            new.campaign, version, now, encode_transfers(moves),
        )  # fmt: skip


async def _given_back(
    connection: asyncpg.Connection, new: CompiledCampaign, funded: dict[str, int], version: int
) -> list[Transfer]:
    """What was set apart of a line for a mechanic that the new version has no more goes back to the line, as far as it
    is there. What was spent of it stays spent: the line is not filled up again for it."""
    moves = []
    lines = {holder_and_asset(line.account)[0]: line.account for line in new.lines.values()}
    for row in await connection.fetch(
        """SELECT holder, balance FROM shared_account WHERE starts_with(holder, $1) AND asset = $2
           ORDER BY id FOR UPDATE""",
        f"{new.campaign}/budget/",
        new.currency,
    ):
        holder, balance = row
        home = lines.get(holder.rpartition(".")[0])
        if home is None or holder in lines:
            continue
        if balance:
            to = holder_and_asset(home)[0]
            moves.append(Transfer(new.currency, holder, to, balance, None, f"{new.campaign}@{version}"))
            await _moved(connection, moves[-1])
        funded[home] = funded.get(home, 0) + funded.get(shared(holder, new.currency), 0)
    return moves


async def _moved(connection: asyncpg.Connection, move: Transfer) -> None:
    await connection.execute(
        """UPDATE shared_account s SET balance = s.balance + change.delta
           FROM unnest($1::text[], $2::bigint[]) AS change (holder, delta)
           WHERE s.holder = change.holder AND s.asset = $3""",
        [move.debit, move.credit],
        [-move.amount, move.amount],
        move.asset,
    )
