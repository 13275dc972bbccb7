"""Experiments that learn, live: when their time comes, the weights are learned anew from the facts and saved.

What is learned for an instant is learned once, whoever does it: the row is the claim to it.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog
from msgspec import Struct

from festoon.audience.population import of_one_person
from festoon.audience.refresh import Place
from festoon.audience.waiting import facts_until
from festoon.base.errors import NotFound, define
from festoon.engine.lists import merged_members
from festoon.engine.policies import Counts, learned_until, save_policy
from festoon.engine.program import Program
from festoon.insight.facts import Facts
from festoon.insight.learned import counted, seen
from festoon.plan.compiled import CompiledCampaign, Experiment
from festoon.plan.problems import suggestion
from festoon.store.pool import connect

NO_LEARNING = define(
    "experiment.learns_not",
    404,
    "the plan of '{campaign}' has no experiment '{experiment}' that learns",
    "活动“{campaign}”的方案中没有会学习的实验“{experiment}”",
    todo="there are: {known}",
    todo_zh="现有：{known}",
)
log = structlog.get_logger(__name__)


class DueLearning(Struct, frozen=True):
    """An experiment that has something to learn: the instant it is for, and as of when."""

    campaign: CompiledCampaign
    experiment: Experiment
    due: datetime
    at: datetime


async def learning_due(connection: asyncpg.Connection, program: Program, now: datetime) -> list[DueLearning]:
    """What is to be learned now. Of several instants that were missed only the last counts."""
    found: list[DueLearning] = []
    for campaign in program.campaigns.values():
        trials = list(_learning(campaign))
        if not trials or not campaign.schedule.start <= now < campaign.schedule.settle:
            continue
        until = await learned_until(connection, campaign.campaign)
        for experiment in trials:
            assert experiment.learns is not None
            due = experiment.learns.rhythm.last(now, campaign.zone)
            after = until.get(experiment.name, campaign.schedule.start)
            if due is not None and due > after:
                found.append(DueLearning(campaign, experiment, due, now))
    return found


def next_learning(program: Program, since: datetime) -> Iterator[datetime]:
    """When each experiment learns next, while its campaign runs."""
    for campaign in program.campaigns.values():
        for experiment in _learning(campaign):
            assert experiment.learns is not None
            at = experiment.learns.rhythm.following(max(since, campaign.schedule.start), campaign.zone)
            if at is not None and at < campaign.schedule.settle:
                yield at


def _learning(campaign: CompiledCampaign) -> Iterator[Experiment]:
    yield from (each for each in campaign.experiments.values() if each.learns is not None)


def learning_of(campaign: CompiledCampaign, names: Sequence[str]) -> list[Experiment]:
    """A campaign's experiments that learn, those of the names, if any are given. Raises NotFound."""
    known = {each.name: each for each in _learning(campaign)}
    for name in names:
        if name not in known:
            raise NotFound(
                NO_LEARNING,
                campaign=campaign.campaign,
                experiment=name,
                known=", ".join(known) or "-",
                **suggestion(name, known),
            )
    return [each for name, each in known.items() if not names or name in names]


async def learn_anew(place: Place, due: DueLearning) -> bool:
    """Learn one experiment's weights from what is in the facts, and follow them from now on. False when another did."""
    await facts_until(place.dsn, place.facts, due.at)
    connection = await connect(place.dsn)
    try:
        merged = await merged_members(connection)
        counts = await asyncio.to_thread(_counts, place.facts, due, merged)
        now = due.at if place.rehearsal else place.clock()
        saved = await save_policy(connection, due.campaign.campaign, due.experiment, counts, due.due, now)
    finally:
        await connection.close()
    if saved:
        log.info("experiment.learned", campaign=due.campaign.campaign, experiment=due.experiment.name)
    return saved


def _counts(directory: Path, due: DueLearning, merged: dict[int, int]) -> Counts:
    """By context and arm. Testers are in no figure."""
    facts = Facts.reading(directory).of_members(due.campaign.campaign)
    outcomes = of_one_person(facts.outcomes, merged, facts.backend)
    events = of_one_person(facts.events, merged, facts.backend)
    members, _ = seen(outcomes, events, due.campaign, due.experiment, due.due)
    return counted(members)
