"""All operations of the control plane, in the order in which requests are matched.

A new group of operations is added here, and is from then on served, described and part of the client.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import asyncpg
from msgspec import Struct

from festoon.api.access import Access
from festoon.api.alerts import Alerts
from festoon.api.amendments import Amendments
from festoon.api.background import Background
from festoon.api.backtests import Backtests
from festoon.api.board import Board
from festoon.api.campaigns import Campaigns
from festoon.api.codes import Codes
from festoon.api.compensations import Compensations
from festoon.api.consents import Consents
from festoon.api.draws import Draws
from festoon.api.evaluations import Evaluations
from festoon.api.health import Health
from festoon.api.held import HeldRewards
from festoon.api.invites import Invites
from festoon.api.liability import Liabilities
from festoon.api.me import Me
from festoon.api.member_acts import MemberActs
from festoon.api.member_pages import MemberPages
from festoon.api.member_things import MemberThings
from festoon.api.members import Members
from festoon.api.my_invitation import Invitations
from festoon.api.my_proofs import MyProofs
from festoon.api.odds import MemberOdds
from festoon.api.operating import Operating
from festoon.api.operation import Operation
from festoon.api.outside import OutsideFigures
from festoon.api.plans import Plans
from festoon.api.program import WholeProgram
from festoon.api.public import Public
from festoon.api.queues import Queues
from festoon.api.segments import Segments
from festoon.api.webhooks import Hooks
from festoon.api.work import Work
from festoon.engine.engine import Engine
from festoon.intake.batcher import Batcher
from festoon.intake.door import Door
from festoon.intake.own import Pace


class Process(Struct, frozen=True):
    """What operations have behind them in a process. `facts` is where the relay writes them, `histories` the folder of
    past events that plans can be tried on."""

    dsn: str
    pool: asyncpg.Pool
    engine: Engine
    batcher: Batcher
    door: Door
    pace: Pace
    now: Callable[[], datetime]
    seconds: Callable[[], float]
    background: Background
    facts: Path
    histories: Path | None


def operations(process: Process) -> tuple[Operation, ...]:
    """The operations of a process."""
    pool, engine, batcher, door = process.pool, process.engine, process.batcher, process.door
    dsn, facts, background = process.dsn, process.facts, process.background
    operating = Operating(pool, batcher, door)
    return (
        *WholeProgram(engine).operations(),
        *MemberThings(pool, engine, operating).operations(),
        *Invites(pool, engine).operations(),
        *MemberOdds(pool, engine).operations(),
        *MemberPages(pool, engine).operations(),
        *MemberActs(pool, batcher).operations(),
        *Consents(pool, batcher, process.pace).operations(),
        *Members(pool, batcher, door).operations(),
        *Me(pool, engine, process.pace).operations(),
        *MyProofs(pool, engine, process.pace).operations(),
        *Invitations(pool, engine, batcher, process.pace).operations(),
        *Public(pool, engine, process.seconds).operations(),
        *Campaigns(pool, engine).operations(),
        *Board(pool, engine).operations(),
        *Work(pool, engine).operations(),
        *Alerts(pool, engine, process.now).operations(),
        *OutsideFigures(pool, engine).operations(),
        *Evaluations(dsn, engine, facts).operations(),
        *HeldRewards(pool, operating, engine).operations(),
        *Liabilities(pool, engine, facts).operations(),
        *Draws(pool, engine).operations(),
        *Codes(pool, engine).operations(),
        *Segments(dsn, pool, engine, facts, background).operations(),
        *Compensations(dsn, pool, engine, background).operations(),
        *Access(pool, engine).operations(),
        *Plans(pool, engine).operations(),
        *Amendments(pool, engine).operations(),
        *Backtests(pool, engine, process.histories).operations(),
        *Queues(pool, engine).operations(),
        *Hooks(pool, process.now, secrets.token_bytes).operations(),
        *Health(pool, batcher).operations(),
    )


def declared() -> tuple[Operation, ...]:
    """The same with nothing behind them, for who only reads what they are: the document, the client."""
    nothing = cast(Any, None)
    return operations(Process("", *(nothing,) * 8, Path(), None))
