"""One member on one sheet: who he is, what he has, how far he is in every mechanic, and where he stands in campaigns.

A handful of queries by his number, however much there is of him; what is long (statement, items, events) comes in pages
of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import template_of
from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.arms import ARMS, kept_arm
from festoon.engine.held_list import Held, held
from festoon.engine.listener import Listener
from festoon.engine.priority import first_served
from festoon.engine.program import Program
from festoon.engine.progress import NOTHING, Part, Progress, states_of
from festoon.engine.requests import Request, of_member
from festoon.engine.statement import Balance, balances
from festoon.engine.world import Member
from festoon.insight.member.texts import catalogue, text
from festoon.mechanics.base import NoState
from festoon.mechanics.referral_state import ReferralState
from festoon.members.consents import CONSENTS, SAID, Answer, answers_of
from festoon.members.masking import masked
from festoon.members.profile import BLOCKED
from festoon.plan.compiled import CompiledCampaign

_APART = frozenset({BLOCKED, CONSENTS, SAID})
"""What a profile says that stands elsewhere on the sheet."""
Show = Callable[[dict[str, Any]], dict[str, Any]]


class ProgressLine(Struct, frozen=True):
    """How far he is in one mechanic: in words, and as the mechanic shows it to him."""

    campaign: str
    mechanic: str
    title: str
    kind: str
    text: str
    given: int
    shown: dict[str, Any]


class InCampaign(Struct, frozen=True):
    """Where he stands in one campaign: held out of it or not, tester or not, open to him now or not yet, and in which
    arm of each experiment he is (or would be, when he has not met it, unless its arms are learned)."""

    campaign: str
    title: str
    holdout: bool
    tester: bool
    open: bool
    block_list: bool
    arms: dict[str, str]


class Referral(Struct, frozen=True):
    """His side of one referral: who invited him, and how many he brought."""

    campaign: str
    mechanic: str
    inviter: str | None
    friends: int
    rewarded: int


class Sheet(Struct, frozen=True):
    """Everything about one member. `personal` is masked unless it may be read."""

    number: int
    id: str
    ids: list[str]
    registered: datetime | None
    blocked: bool
    profile: dict[str, Any]
    personal: dict[str, Any]
    balances: list[Balance]
    progress: list[ProgressLine]
    campaigns: list[InCampaign]
    referrals: list[Referral]
    held: list[Held]
    requests: list[Request]
    consents: list[Answer] = []
    """Where he may be written to, and where not, by channel; of others he was never asked."""
    priority: bool = False
    """Whether his level brings priority support."""

    @property
    def visitor(self) -> bool:
        """Whether nobody knows yet who it is."""
        return self.number >= FIRST_NUMBER


_MEMBER = """SELECT m.subject, m.registered, m.profile, p.fields,
        (SELECT array_agg(i.subject ORDER BY i.subject) FROM identity i WHERE i.member_id = m.id) AS ids
    FROM member m LEFT JOIN member_personal p ON p.member_id = m.id WHERE m.id = $1"""


async def sheet(
    connection: asyncpg.Connection,
    program: Program,
    number: int,
    now: datetime,
    language: str,
    show: Show = masked,
) -> Sheet:
    """The sheet of the member of a number, which there is."""
    row = await connection.fetchrow(_MEMBER, number)
    assert row is not None, "the number was looked up"
    profile = msgspec.json.decode(row["profile"])
    member = Member(number, row["subject"], complete=True, registered=row["registered"], profile=profile)
    rows = await connection.fetch(
        "SELECT campaign, mechanic, state FROM progress WHERE member_id = $1 ORDER BY campaign, mechanic",
        number,
    )
    for campaign, found in groupby(rows, lambda each: str(each["campaign"])):
        member.parts = {
            **member.parts,
            campaign: Part(states_of((each["mechanic"], each["state"]) for each in found)),
        }
    clock = None if program.rehearsal else now
    lines = list(_progress(program, member, now, language))
    return Sheet(
        number,
        row["subject"],
        row["ids"] or [],
        row["registered"],
        BLOCKED in profile,
        {name: value for name, value in profile.items() if name not in _APART},
        show(msgspec.json.decode(row["fields"] or "{}")),
        await balances(connection, number, clock),
        [line for line, _ in lines],
        [_in_campaign(program, each, member, now, language) for each in program.campaigns.values()],
        await _referrals(connection, lines),
        await held(connection, member=row["subject"]),
        await of_member(connection, number),
        answers_of(profile),
        first_served(program).holds(profile),
    )


def _progress(
    program: Program, member: Member, now: datetime, language: str
) -> Iterator[tuple[ProgressLine, Any]]:
    """Every running mechanic of which something is kept, with its state."""
    for key, listener in program.by_key.items():
        campaign, _, mechanic = key.partition("/")
        raw = member.parts.get(campaign, NOTHING).states.get(mechanic)
        if raw is None:
            continue
        progress = program.decode_progress(key, raw)
        shown: dict[str, Any] = {}
        if progress.state is not None and listener.mechanic.State is not NoState:
            shown = listener.mechanic.shows(progress.state, now.astimezone(listener.zone).date())
        said = in_words(listener, progress.given, shown, progress.state, language)
        title = template_of(listener.plan.title, language) if listener.plan.title else mechanic
        yield (
            ProgressLine(campaign, mechanic, title, listener.mechanic.kind, said, progress.given, shown),
            progress.state,
        )


def in_words(listener: Listener, given: int, shown: Mapping[str, Any], state: Any, language: str) -> str:
    """How far a member is in a mechanic, in a sentence; in general words for a kind that has none of its own."""
    kind = listener.mechanic.kind
    data = {**(msgspec.to_builtins(state) if isinstance(state, Struct) else {}), **shown, "given": given}
    data = {name: "–" if value is None else value for name, value in data.items()}
    if kind in catalogue()["progress"]:
        defaults = {"friends": 0, "rewarded": 0, "packets": 0}
        try:
            return text("progress", kind, language, **{**defaults, **data})
        except KeyError:  # a version of the mechanic that shows something else
            pass
    if not given:
        return text("progress", "nothing", language)
    if listener.per_member is not None:
        return text("progress", "given_of", language, given=given, limit=listener.per_member)
    return text("progress", "given", language, given=given)


def _in_campaign(
    program: Program, campaign: CompiledCampaign, member: Member, now: datetime, language: str
) -> InCampaign:
    listener = next((each for each in program.by_key.values() if each.campaign is campaign), None)
    opening = program.openings.get(campaign.campaign)
    risk = campaign.risk
    segments = set(member.profile.get("segments", ()))
    return InCampaign(
        campaign.campaign,
        template_of(campaign.title, language) if campaign.title else campaign.campaign,
        listener is not None and listener.holdout > 0 and listener.holds_out(member),
        campaign.campaign in program.testers.get(member.subject, ()),
        opening is None or opening.admits(member.subject, now),
        risk is not None
        and (
            member.subject in risk.block.members
            or any(campaign.segment_keys.get(name, name) in segments for name in risk.block.segments)
        ),
        _arms(campaign, member),
    )


def _arms(campaign: CompiledCampaign, member: Member) -> dict[str, str]:
    """The arms he is in. In which arm of an experiment that learns he is, is known when he has seen it."""
    part = member.parts.get(campaign.campaign, NOTHING).states.get(ARMS)
    progress = None if part is None else msgspec.json.decode(part, type=Progress)
    found = {}
    for name, each in campaign.experiments.items():
        if kept := kept_arm(each, progress):
            found[name] = kept[0]
        elif each.learns is None:
            found[name] = each.split.arm(member.subject)
    return found


async def _referrals(
    connection: asyncpg.Connection, lines: Sequence[tuple[ProgressLine, Any]]
) -> list[Referral]:
    found = [(line, state) for line, state in lines if isinstance(state, ReferralState)]
    numbers = [state.inviter for _, state in found if state.inviter is not None]
    names: dict[int, str] = {}
    if numbers:
        rows = await connection.fetch(
            "SELECT id, subject FROM member WHERE id = ANY($1::bigint[]) AND NOT erased", numbers
        )
        names = {row["id"]: row["subject"] for row in rows}
    return [
        Referral(line.campaign, line.mechanic, names.get(state.inviter or 0), state.friends, state.rewarded)
        for line, state in found
    ]
