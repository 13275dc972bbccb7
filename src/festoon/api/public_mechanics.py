"""What everybody is told of each mechanic of a campaign."""

from collections.abc import Sequence

from festoon.api.naming import Names
from festoon.api.public_answers import PublicEpoch, PublicLevel, PublicMechanic, PublicPrize
from festoon.api.rules_told import rules_of, say_in
from festoon.engine.listener import Listener
from festoon.engine.mine import TYPED, acts_of
from festoon.engine.program import Program
from festoon.mechanics.base import Mechanic
from festoon.mechanics.check_in import CheckIn
from festoon.mechanics.code import Code
from festoon.mechanics.draw import Draw
from festoon.mechanics.exchange import Exchange
from festoon.mechanics.gift import Gift
from festoon.mechanics.grand_draw import GrandDraw
from festoon.mechanics.level import Levels
from festoon.mechanics.place import Place
from festoon.mechanics.red_packet import RedPacket
from festoon.mechanics.say import Say
from festoon.mechanics.task import Task
from festoon.mechanics.task_set import TaskSet
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic


def mechanics_told(
    program: Program, campaign: CompiledCampaign, language: str, epochs: dict[str, list[PublicEpoch]]
) -> list[PublicMechanic]:
    """Every mechanic of a campaign, those that raise what others give included, in plan order. `epochs` are the
    published sides of the draws' seeds by mechanic."""
    names = Names(program, language)
    say = say_in(names, campaign)
    return [
        _told(plan, program.by_key.get(plan.key), campaign, say, epochs.get(plan.id, []))
        for plan in (*campaign.mechanics, *campaign.modifiers)
    ]


def _told(
    plan: CompiledMechanic,
    listener: Listener | None,
    campaign: CompiledCampaign,
    say: Say,
    epochs: list[PublicEpoch],
) -> PublicMechanic:
    mechanic = plan.mechanic
    acts = [] if listener is None else list(acts_of(listener))
    if isinstance(mechanic, Code):
        acts = [TYPED]
    return PublicMechanic(
        plan.id,
        mechanic.kind,
        say.said(dict(plan.title), plan.id),
        rules_of(plan, campaign, say),
        acts,
        _gives(mechanic, say),
        say.amount(mechanic.price.asset, mechanic.price.amount) if isinstance(mechanic, Exchange) else "",
        _prizes(mechanic, say),
        epochs,
        isinstance(mechanic, CheckIn) and mechanic.review is not None,
        mechanic.review.wants if isinstance(mechanic, CheckIn | Task) and mechanic.review is not None else "",
        mechanic.card if isinstance(mechanic, CheckIn) else "",
        listener is None or not listener.paused,
        _levels(mechanic, say),
        mechanic.asset if isinstance(mechanic, Levels) else "",
    )


def _gives(mechanic: Mechanic, say: Say) -> str:
    """What taking part brings, in words; empty when that is no one thing."""
    if isinstance(mechanic, Gift):
        return say.reward(mechanic.reward)
    if isinstance(mechanic, Exchange | Code):
        return say.reward(mechanic.give.reward)
    if isinstance(mechanic, Task | TaskSet):
        return say.reward(mechanic.reward) if mechanic.reward is not None else ""
    if isinstance(mechanic, CheckIn):
        return say.reward(mechanic.daily.reward) if mechanic.daily is not None else ""
    if isinstance(mechanic, Place):
        return say.reward(mechanic.give.reward) if mechanic.give is not None else ""
    if isinstance(mechanic, RedPacket):
        return say.amount(mechanic.params.pool.asset, mechanic.params.pool.amount)
    return ""


def _prizes(mechanic: Mechanic, say: Say) -> list[PublicPrize]:
    if isinstance(mechanic, Draw):
        return _of_draw(mechanic, mechanic.odds(), say)
    if isinstance(mechanic, GrandDraw):
        return [
            PublicPrize(each.id, say.said(each.title) or say.reward(mechanic.rewards[each.id]),
                        say.reward(mechanic.rewards[each.id]), count=each.count)
            for each in mechanic.params.prizes
        ]  # fmt: skip
    return []


def _levels(mechanic: Mechanic, say: Say) -> list[PublicLevel]:
    if not isinstance(mechanic, Levels):
        return []
    return [PublicLevel(each.id, say.said(each.title, each.id)) for each in mechanic.params.levels]


def _of_draw(mechanic: Draw, odds: Sequence[tuple[str, int, int]], say: Say) -> list[PublicPrize]:
    found = []
    for name, weight, total in odds:
        prize = mechanic.prizes.get(name)
        if prize is None:
            found.append(PublicPrize(name, say("Nothing this time", "谢谢参与"), "", weight, total))
            continue
        gives = say.reward(mechanic.rewards[name])
        found.append(PublicPrize(name, say.said(prize.title) or gives, gives, weight, total, prize.stock))
    return found
