"""Draws whose wins differ from their odds by more than chance explains.

How often a prize is rolled in n plays, each on a table of its own, is a sum of n independent draws with known chances,
of mean p a play. That it comes to k or more, or to k or fewer, has at most the probability exp(-n·KL(k/n ‖ p))
(Hoeffding, "Probability inequalities for sums of bounded random variables", Journal of the American Statistical
Association 58, 1963, theorem 1): however rare the prize, and however the tables changed. It is looked at again and
again while plays come in; so each doubling of their number has to be more convincing than the one before.
"""

from collections.abc import Iterable, Iterator
from math import inf, log, log2

import asyncpg

from festoon.insight.alerts.alert import Finding
from festoon.outbox.minutes import EVER, ODDS, PLAYS
from festoon.outbox.odds import BILLION
from festoon.plan.compiled import CompiledCampaign

RATE = 1e-6
"""About so many fair draws are told of by mistake, of all there ever are."""
Played = dict[str, dict[str, tuple[int, float]]]
"""Of the draws of a campaign, by mechanic and prize: how often it was rolled, and how often it should have been. Under
no prize: how many plays there were."""


async def of_odds(connection: asyncpg.Connection, live: Iterable[CompiledCampaign]) -> list[Finding]:
    """The draws of these campaigns whose odds are off."""
    campaigns = {each.campaign: each for each in live}
    rows = await connection.fetch(
        """SELECT campaign, what, key, times, amount FROM board_count
           WHERE campaign = ANY($1::text[]) AND grain = 'total' AND at = $2 AND what = ANY($3)""",
        list(campaigns), EVER, [ODDS, PLAYS],
    )  # fmt: skip
    played: dict[str, Played] = {}
    for row in rows:
        mechanic, _, prize = row["key"].partition(" ")
        draw = played.setdefault(row["campaign"], {}).setdefault(mechanic, {})
        draw[prize] = row["times"], row["amount"] / BILLION
    return [found for id, draws in played.items() for found in _of_campaign(campaigns[id], draws)]


def _of_campaign(campaign: CompiledCampaign, draws: Played) -> Iterator[Finding]:
    titles = {each.id: each.title for each in campaign.mechanics}
    for mechanic, rolled in draws.items():
        prizes = {prize: counts for prize, counts in rolled.items() if prize}
        plays, _ = rolled.get("", (0, 0.0))
        if plays < campaign.alerts.odds_plays or mechanic not in titles or not prizes:
            continue
        prize = max(prizes, key=lambda name: evidence(plays, *prizes[name]))
        times, expected = prizes[prize]
        found = evidence(plays, times, expected)
        if found > convincing(plays, len(prizes)):
            yield Finding(
                key=f"odds/{campaign.campaign}/{mechanic}", code="odds_off", severity="alarm",
                degree=int(min(found, 1e9)).bit_length(), campaign=campaign.campaign,
                page=f"campaigns/{campaign.campaign}/tab/mechanics/",
                data={
                    "mechanic": titles[mechanic], "campaign": campaign.title, "prize": prize, "plays": plays,
                    "times": times, "expected": round(expected, 1),
                },
            )  # fmt: skip


def evidence(plays: int, times: int, expected: float) -> float:
    """How much speaks against the odds: the number whose negative exponential bounds the chance of as many rolls, or as
    few, of a prize that is expected so often."""
    seen, fair = times / plays, min(max(expected / plays, 0.0), 1.0)
    return plays * (_part(seen, fair) + _part(1 - seen, 1 - fair))


def _part(seen: float, fair: float) -> float:
    if seen <= 0:
        return 0.0
    return inf if fair <= 0 else seen * log(seen / fair)


def convincing(plays: int, prizes: int) -> float:
    """How much has to speak against a draw with so many prizes before it is told, after so many plays: both ways, for
    each prize, and for all the times that it is looked at."""
    return log(2 * prizes / RATE) + 2 * log(1 + log2(plays))
