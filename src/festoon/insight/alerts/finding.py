"""Everything that is wrong right now: a fixed number of statements, none of which reads more with more members."""

from datetime import datetime

import asyncpg

from festoon.engine.program import Program
from festoon.engine.reviews import reviewing
from festoon.insight.alerts.alert import Finding
from festoon.insight.alerts.beside import of_compensations, of_jobs, of_webhooks
from festoon.insight.alerts.hours import hours
from festoon.insight.alerts.incoming import of_relay, of_types
from festoon.insight.alerts.odds import of_odds
from festoon.insight.alerts.queues import of_epochs, of_held, of_parcels, of_proofs
from festoon.insight.alerts.running import of_campaign
from festoon.insight.board.around import behind, relay_works
from festoon.insight.board.counters import DAY
from festoon.insight.board.health import listened_types, states_of, turned_away
from festoon.insight.board.waiting import waiting
from festoon.ledger.accounts import holder_and_asset, shared
from festoon.plan.compiled import CompiledCampaign


async def findings(connection: asyncpg.Connection, program: Program, now: datetime) -> list[Finding]:
    """What is wrong with everything that runs, and around it. `now` is the wall's time; in a rehearsal campaigns live
    in the time of their last event."""
    tail = await waiting(connection)
    at = tail.last if program.rehearsal and tail.last is not None else now
    live = [each for each in program.campaigns.values() if each.schedule.start <= at < each.schedule.end]
    counters = await hours(connection, [each.campaign for each in live], at)
    balances = await _balances(connection, live)
    types = states_of(listened_types(live), counters, await turned_away(connection, at))
    since_yesterday = listened_types(each for each in live if at - each.schedule.start >= DAY)
    late = behind(tail, now, rehearsal=program.rehearsal)
    relay = list(of_relay(tail, late, working=await relay_works(connection)))
    return [
        *(found for each in live for found in of_campaign(each, balances, counters, at)),
        *relay,
        *await of_odds(connection, live),
        # What has not been counted yet is not missing.
        *(() if relay else of_types(types, since_yesterday)),
        *await of_epochs(connection, program, at),
        *await of_held(connection, at),
        *await of_proofs(connection, reviewing(program), at),
        *await of_parcels(connection, at),
        *await of_webhooks(connection, now),
        *await of_jobs(connection, now),
        *await of_compensations(connection, now),
    ]


async def _balances(connection: asyncpg.Connection, campaigns: list[CompiledCampaign]) -> dict[str, int]:
    """What is left of the budget lines and stocks of campaigns, each found by its name."""
    keys = [
        key
        for each in campaigns
        for key in (*(line.account for line in each.lines.values()), *(stock.key for stock in each.stocks))
    ]
    names = [holder_and_asset(key) for key in keys]
    rows = await connection.fetch(
        """SELECT s.holder, s.asset, s.balance
           FROM unnest($1::text[], $2::text[]) AS wanted (holder, asset)
           JOIN shared_account s USING (holder, asset)""",
        [holder for holder, _ in names],
        [asset for _, asset in names],
    )
    return {shared(row["holder"], row["asset"]): row["balance"] for row in rows}
