"""Consent given or withdrawn, by the member, the platform or an operator: the newest answer holds."""

from typing import Any

from festoon.base.channels import CHANNELS
from festoon.base.errors import Refused, define
from festoon.engine.barring import member_object
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.program import Program
from festoon.engine.view import EventView
from festoon.engine.world import Trail
from festoon.ledger.transfers import Transfer
from festoon.members.consents import CHANGED, Answer, answer_in, answer_of, with_answer
from festoon.plan.compiled import Consent

CONSENT = CHANGED
UNKNOWN_CHANNEL = define(
    "consent.unknown_channel",
    200,
    "nobody writes by '{channel}' here",
    "没有名为“{channel}”的消息渠道",
    todo="there are: {known}; a plan may name others under `consents`",
    todo_zh="现有：{known}；方案可在 `consents` 中声明其他渠道",
)


def change_consent(view: EventView) -> tuple[MechanicOutcome, list[Transfer]]:
    """Keep an answer. One that comes after a newer one changes nothing, and the outcome says which holds. A platform
    may name channels of its own; others those that are known. Raises Refused."""
    member, event = view.person, view.event
    answer = answer_in(event.data, event.source, event.time)
    was = answer_of(member.profile, answer.channel)
    if was is None and answer.by != "platform" and answer.channel not in (known_here := asked(view.program)):
        raise Refused(UNKNOWN_CHANNEL, channel=answer.channel, known=", ".join(known_here))
    known = with_answer(member.profile, answer)
    note: dict[str, Any] = {"channel": answer.channel, "agreed": answer.agreed, "was": was and was.agreed}
    if known is member.profile:
        note["stands"] = was and {"agreed": was.agreed, "at": was.at}
    else:
        member.profile, member.touched_profile = known, True
    if answer.by == "operator":
        view.world.trail.append(_line(view, answer, was))
    return MechanicOutcome(f"festoon/{CONSENT}", note=note), []


def asked(program: Program, campaign: str = "") -> dict[str, Consent]:
    """The channels of a campaign, by name; without one the well-known ones and those of every campaign."""
    if campaign:
        return {each.channel: each for each in program.campaigns[campaign].consents}
    found = {name: Consent(name, title) for name, title in CHANNELS.items()}
    for running in program.campaigns.values():
        found |= {each.channel: each for each in running.consents}
    return found


def _line(view: EventView, answer: Answer, was: Answer | None) -> Trail:
    after = {
        "channel": answer.channel, "agreed": answer.agreed, "reason": view.event.data.get("reason"),
        "event": view.event.id,
    }  # fmt: skip
    before = None if was is None else {"agreed": was.agreed}
    return Trail(
        view.now, answer.who or view.event.source, "member.consent", member_object(view.number), before, after
    )
