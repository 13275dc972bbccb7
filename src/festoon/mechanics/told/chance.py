"""The rules of what goes by chance or by number: draws, grand draws, red packets, places."""

from collections.abc import Iterator

from festoon.base.rewards import only_asset
from festoon.mechanics.draw import Draw
from festoon.mechanics.draw_params import Prize
from festoon.mechanics.grand_draw import GrandDraw
from festoon.mechanics.place import Place
from festoon.mechanics.raises import Raiser
from festoon.mechanics.red_packet import RedPacket
from festoon.mechanics.say import Say
from festoon.mechanics.told import told

SOLD_OUT = {
    "next_prize": (
        "When the prize that was drawn is not to be had, the next one on the list stands in for it.",
        "抽中的奖品暂不可得时，由列表中的下一项代替。",
    ),
    "nothing": (
        "When the prize that was drawn is not to be had, the draw wins nothing.",
        "抽中的奖品暂不可得时，视为未中奖。",
    ),
    "keep_chance": (
        "When the prize that was drawn is not to be had, the chance is not used up.",
        "抽中的奖品暂不可得时，不消耗抽奖机会。",
    ),
    "redistribute": (
        "What is not to be had is left out, and the odds of the others grow.",
        "暂不可得的奖品不参与抽取，其余奖品的概率相应提高。",
    ),
}
FREE = {
    "day": ("{count} free {chances} each day.", "每天免费{count}次。"),
    "week": ("{count} free {chances} each week, from Monday on.", "每周免费{count}次（周一起算）。"),
    "campaign": ("{count} free {chances} in the whole campaign.", "整个活动期间免费{count}次。"),
}


def free_chances(say: Say, per: str, count: int) -> str:
    return say(*FREE[per], count=count, chances="chance" if count == 1 else "chances")


@told.register
def draw(mechanic: Draw, say: Say) -> Iterator[str]:
    if mechanic.free is not None:
        line = free_chances(say, mechanic.free.per, mechanic.free.count)
        yield (
            line
            if mechanic.free_when is None
            else say("{line} A condition applies.", "{line}须符合参与条件。", line=line)
        )
    else:
        yield say(
            "Chances are earned in other parts of the campaign.", "抽奖机会通过参与活动的其他部分获得。"
        )
    if (sale := mechanic.sale) is not None:
        price = say.amount(mechanic.coin, sale.price)
        yield say("A chance can be bought for {price}.", "可用{price}兑换一次机会。", price=price)
        if sale.per_day is not None:
            yield say("At most {count} can be bought a day.", "每天最多兑换{count}次。", count=sale.per_day)
    yield say("The odds of every prize stand on this page.", "每个奖品的中奖概率均在本页公示。")
    for prize in mechanic.params.prizes:
        if (told_of := _prize(prize, say)) is not None:
            yield told_of
    if mechanic.limited:
        yield say(*SOLD_OUT[mechanic.policy])
    if (promise := mechanic.params.guarantee) is not None:
        won = prize_title(mechanic, promise.prize, say)
        yield say("After {after} misses in a row the next draw wins at least: {prize}.",
                  "连续{after}次未中后，下一次至少获得：{prize}。", after=promise.after, prize=won)  # fmt: skip
    for name, more in mechanic.raises:
        yield _raise(say, prize_title(mechanic, name, say), more)
    yield from _randomness(say, mechanic.params.randomness)


def prize_title(mechanic: Draw | GrandDraw, name: str, say: Say) -> str:
    """What a prize is called: its title, or what it gives."""
    for prize in mechanic.params.prizes:
        if prize.id == name:
            titled = say.said(prize.title)
            return titled or say.reward(mechanic.rewards[name])
    return say("Nothing", "未中奖")


def _prize(prize: Prize, say: Say) -> str | None:
    """What there is to say of a prize beside its odds."""
    parts = []
    if prize.stock is not None:
        parts.append(say("{count} in all", "共{count}份", count=say.number(prize.stock)))
    if prize.pace != "none":
        parts.append(say("released over the whole campaign", "在活动期间分批投放"))
    if prize.per_member is not None:
        per = say(" a day", "每天") if prize.per_member_per == "day" else ""
        parts.append(
            say("at most {count} per member{per}", "每人{per}最多{count}份", count=prize.per_member, per=per)
        )
    if not parts:
        return None
    title = say.said(prize.title, prize.id)
    return say("{title}: {parts}.", "{title}：{parts}。", title=title, parts=say.listed(parts))


def _raise(say: Say, what: str, more: Raiser) -> str:
    factor = say.share((more.factor - 1).numerator, (more.factor - 1).denominator)
    if more.asset:
        name, _ = say.asset(more.asset)
        return say("Who has {name} has better odds: {what}, {factor} more.",
                   "持有{name}可提高概率：{what}，提高{factor}。", name=name, what=what, factor=factor)  # fmt: skip
    return say("Who meets a condition has better odds: {what}, {factor} more.",
               "符合条件者可提高概率：{what}，提高{factor}。", what=what, factor=factor)  # fmt: skip


def _randomness(say: Say, public: str) -> Iterator[str]:
    yield say(
        "Every result can be checked: the fingerprint of the seed is published beforehand, the seed itself afterwards.",
        "结果可验证：种子的指纹事先公布，种子在结束后公布。",
    )
    if public:
        yield say("Mixed with a number that nobody can know beforehand: {public}.",
                  "并混入事先无人知晓的公开随机数：{public}。", public=public)  # fmt: skip


@told.register
def grand_draw(mechanic: GrandDraw, say: Say) -> Iterator[str]:
    for prize in mechanic.params.prizes:
        title = say.said(prize.title) or say.reward(mechanic.rewards[prize.id])
        yield say(
            "{title}: {count} in all.", "{title}：共{count}份。", title=title, count=say.number(prize.count)
        )
    yield say("Tickets count until {at}.", "抽奖券截止时间：{at}。", at=say.moment(mechanic.frozen))
    if mechanic.drawn != mechanic.frozen:
        yield say("The draw is on {at}.", "开奖时间：{at}。", at=say.moment(mechanic.drawn))
    yield say(
        "Every ticket is as likely as any other. Nobody wins twice.", "每张券中奖机会相同，每人最多中奖一次。"
    )
    yield from _randomness(say, mechanic.params.randomness)


@told.register
def red_packet(mechanic: RedPacket, say: Say) -> Iterator[str]:
    params, asset = mechanic.params, only_asset(mechanic.everything)
    whole = say.amount(asset, params.pool.amount)
    yield say("{whole} in {count} red packets.", "红包池共{whole}，{count}个红包。", whole=whole,
              count=say.number(params.packets))  # fmt: skip
    if params.split == "equal":
        yield say("All of them hold the same.", "每个红包金额相同。")
    else:
        span = say.amount(asset, mechanic.least, mechanic.most)
        yield say("Each holds {span}; chance decides.", "每个红包{span}，金额随机。", span=span)
    yield say("At most {count} per member.", "每人最多{count}个。", count=params.per_member)
    if mechanic.odds < 1:
        odds = say.share(mechanic.odds.numerator, mechanic.odds.denominator)
        yield say("A try gets a packet with odds of {odds}.", "每次获得红包的概率为{odds}。", odds=odds)
    for more in mechanic.raises:
        yield _raise(say, say("a red packet", "获得红包"), more)
    if mechanic.free is not None:
        yield free_chances(say, mechanic.free.per, mechanic.free.count)
    yield say("From {opens} until {closes}, or until all are gone.", "{opens}至{closes}，发完即止。",
              opens=say.moment(mechanic.opens), closes=say.moment(mechanic.closes))  # fmt: skip


@told.register
def place(mechanic: Place, say: Say) -> Iterator[str]:
    params = mechanic.params
    yield say("There are {count} places.", "共{count}个名额。", count=say.number(params.places))
    if mechanic.drawn_at is None:
        yield say("Who comes first has one.", "先到先得。")
    else:
        yield say("They are drawn by lot among all who apply until {at}.", "在{at}之前申请的会员中抽签决定。",
                  at=say.moment(mechanic.drawn_at))  # fmt: skip
    if params.waiting != 0:
        yield say("Who gets none waits in line; a place that is given back is offered to the next.",
                  "未获得名额者进入候补，有名额退回时按顺序递补。")  # fmt: skip
        yield say(
            "An offered place is kept for {hours} hours.",
            "递补名额保留{hours}小时。",
            hours=params.take_up_hours,
        )
    if mechanic.give is not None:
        yield say(
            "A place brings: {reward}.", "获得名额即得：{reward}。", reward=say.reward(mechanic.give.reward)
        )
