"""What experiments have learned, as it is stored: every policy that was ever followed, with what it
was learned from."""

from collections.abc import Mapping
from datetime import datetime

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.learned import Policy, Tried, Weights
from festoon.engine.changing import changing_program
from festoon.engine.relearning import learned
from festoon.plan.compiled import Experiment

Counts = Mapping[str, Mapping[str, Tried]]

_weights = msgspec.json.Decoder(dict[str, Weights])
_tried = msgspec.json.Decoder(dict[str, dict[str, Tried]])
_POLICY = "SELECT DISTINCT ON (campaign, experiment) campaign, experiment, version, since, weights FROM learned_policy"


async def latest_policies(connection: asyncpg.Connection) -> dict[str, tuple[Policy, ...]]:
    """The policy that each experiment (`campaign/experiment`) follows now."""
    rows = await connection.fetch(f"{_POLICY} ORDER BY campaign, experiment, version DESC")
    return {
        f"{row['campaign']}/{row['experiment']}": (
            Policy(row["version"], row["since"], _weights.decode(row["weights"])),
        )
        for row in rows
    }


class Followed(Struct, frozen=True):
    """The policy an experiment follows, and what it was learned from, by context and arm."""

    experiment: str
    version: int
    since: datetime
    weights: dict[str, Weights]
    tried: dict[str, dict[str, Tried]]


async def followed(connection: asyncpg.Connection, campaign: str) -> dict[str, Followed]:
    """What each experiment of a campaign has learned last."""
    rows = await connection.fetch(
        """SELECT DISTINCT ON (experiment) experiment, version, since, weights, tried FROM learned_policy
           WHERE campaign = $1 ORDER BY experiment, version DESC""",
        campaign,
    )
    return {
        row["experiment"]: Followed(
            row["experiment"],
            row["version"],
            row["since"],
            _weights.decode(row["weights"]),
            _tried.decode(row["tried"]),
        )
        for row in rows
    }


async def learned_until(connection: asyncpg.Connection, campaign: str) -> dict[str, datetime]:
    """The last instant for which each experiment of a campaign was learned."""
    rows = await connection.fetch(
        "SELECT experiment, max(due) AS due FROM learned_policy WHERE campaign = $1 GROUP BY experiment",
        campaign,
    )
    return {row["experiment"]: row["due"] for row in rows}


async def save_policy(
    connection: asyncpg.Connection,
    campaign: str,
    experiment: Experiment,
    counts: Counts,
    due: datetime,
    now: datetime,
) -> bool:
    """Let an experiment follow what it learned, in every process from the next batch on. False when another has saved
    what was learned for that instant."""
    weights = msgspec.json.encode(learned(experiment, counts)).decode()
    async with changing_program(connection):
        return (
            await connection.fetchval(
                """INSERT INTO learned_policy (campaign, experiment, version, due, since, weights, tried)
                   SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6
                   FROM learned_policy WHERE campaign = $1 AND experiment = $2
                   ON CONFLICT (campaign, experiment, due) DO NOTHING RETURNING version""",
                campaign, experiment.name, due, now, weights, msgspec.json.encode(counts).decode(),
            )
            is not None
        )  # fmt: skip
