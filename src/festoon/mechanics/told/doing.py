"""The rules of what members do: check-ins, tasks, gifts, points, exchanges, codes, invitations, levels."""

from collections.abc import Iterator

from festoon.base.rewards import only_asset
from festoon.mechanics.check_in import CheckIn
from festoon.mechanics.code import Code
from festoon.mechanics.counting import Within
from festoon.mechanics.earn import Earn
from festoon.mechanics.exchange import Exchange
from festoon.mechanics.gift import Gift
from festoon.mechanics.level import Levels
from festoon.mechanics.multiplier import Multiplier
from festoon.mechanics.referral import Referral
from festoon.mechanics.say import Say
from festoon.mechanics.task import Task
from festoon.mechanics.task_set import TaskSet
from festoon.mechanics.told import told


def types_of(on: str | tuple[str, ...]) -> tuple[str, ...]:
    return (on,) if isinstance(on, str) else on


HANDED_IN = {
    "either": (
        "What you hand in is looked at by somebody, and counts when it is approved.",
        "提交的凭证经审核通过后生效。",
    ),
    "photo": (
        "The photo that you hand in is looked at by somebody, and counts when it is approved.",
        "需提交照片，审核通过后生效。",
    ),
    "words": (
        "What you write is read by somebody, and counts when it is approved.",
        "需提交文字说明，审核通过后生效。",
    ),
}
CHECKED_WITH = {
    "either": (
        "A check-in comes with a photo or a few words; it counts when it has been approved.",
        "打卡需上传照片或填写文字说明，审核通过后生效。",
    ),
    "photo": (
        "A check-in comes with a photo; it counts when it has been approved.",
        "打卡需上传照片，审核通过后生效。",
    ),
    "words": (
        "A check-in comes with a few words; it counts when they have been approved.",
        "打卡需填写文字说明，审核通过后生效。",
    ),
}
"""By what is to be handed in."""


@told.register
def gift(mechanic: Gift, say: Say) -> Iterator[str]:
    yield say("When you {doing}, you get: {reward}.", "{doing}即得：{reward}。",
              doing=say.doing(types_of(mechanic.params.on)), reward=say.reward(mechanic.reward))  # fmt: skip


@told.register
def task(mechanic: Task, say: Say) -> Iterator[str]:
    params, doing = mechanic.params, say.doing(types_of(mechanic.params.on))
    if params.sum is not None:
        yield say("To do: {doing}, until {goal} are reached.", "任务：{doing}，累计达到{goal}。", doing=doing,
                  goal=say.number(mechanic.goal))  # fmt: skip
    elif mechanic.goal == 1:
        yield say("To do: {doing}.", "任务：{doing}。", doing=doing)
    else:
        yield say("To do: {doing}, {goal} times.", "任务：{doing}{goal}次。", doing=doing, goal=mechanic.goal)
    if params.distinct == "day" or params.reset:
        yield say("Each day counts once.", "每天只计一次。")
    elif params.distinct:
        yield say("Each of them counts once.", "同一对象只计一次。")
    if params.reset:
        yield say("Who misses one begins again.", "中断后重新累计。")
    if params.within is not None:
        yield _within(params.within, say)
    if mechanic.after:
        yield say(
            "After: {tasks}.", "需先完成：{tasks}。", tasks=say.listed(map(say.mechanic, mechanic.after))
        )
    if mechanic.reward is not None:
        yield say("It brings: {reward}.", "完成可得：{reward}。", reward=say.reward(mechanic.reward))
    if mechanic.times is None:
        yield say("It can be done again and again.", "可重复完成。")
    elif mechanic.times > 1:
        yield say("It can be done {times} times.", "最多可完成{times}次。", times=mechanic.times)
    if mechanic.review is not None:
        yield say(*HANDED_IN[mechanic.review.wants])


SINCE = {
    "any": ("Within any {days} days in a row.", "任意连续{days}天内完成。"),
    "first": ("Within {days} days of the first.", "自首次完成起{days}天内。"),
    "registered": ("Within {days} days of registering.", "自注册起{days}天内。"),
    "invited": ("Within {days} days of accepting the invitation.", "自接受邀请起{days}天内。"),
    "campaign": ("In the first {days} days of the campaign.", "活动开始后{days}天内。"),
}
EACH = {
    "day": ("Each day anew.", "每天重新计算。"),
    "week": ("Each week anew, from Monday on.", "每周重新计算（周一起算）。"),
    "month": ("Each month anew.", "每月重新计算。"),
}


def _within(within: Within, say: Say) -> str:
    if within.period is not None:
        return say(*EACH[within.period])
    return say(*SINCE[within.since], days=within.days)


@told.register
def task_set(mechanic: TaskSet, say: Say) -> Iterator[str]:
    tasks = say.listed(map(say.mechanic, mechanic.tasks))
    if mechanic.goal == len(mechanic.tasks):
        yield say("Do all of these: {tasks}.", "完成全部任务：{tasks}。", tasks=tasks)
    else:
        yield say(
            "Do {goal} of these: {tasks}.", "完成其中{goal}项：{tasks}。", goal=mechanic.goal, tasks=tasks
        )
    if mechanic.params.period is not None:
        yield say(*EACH[mechanic.params.period])
    yield say("It brings: {reward}.", "完成可得：{reward}。", reward=say.reward(mechanic.reward))


@told.register
def check_in(mechanic: CheckIn, say: Say) -> Iterator[str]:
    params = mechanic.params
    yield say(
        "Check in once a day; a day ends at midnight of the campaign's time.",
        "每天可打卡一次，以活动所在时区零点为界。",
    )
    if mechanic.daily is not None:
        yield say(
            "Each day brings: {reward}.", "每日打卡可得：{reward}。", reward=say.reward(mechanic.daily.reward)
        )
    for rung, reward in mechanic.ladder.items():
        yield say(
            "{days} days in a row: {reward}.",
            "连续{days}天：{reward}。",
            days=rung,
            reward=say.reward(reward),
        )
    for days, reward in mechanic.cumulative.items():
        yield say(
            "{days} days altogether: {reward}.",
            "累计{days}天：{reward}。",
            days=days,
            reward=say.reward(reward),
        )
    if mechanic.ladder:
        yield (
            say("Each step is given once.", "每档奖励仅限一次。")
            if params.each == "campaign"
            else say("A new row climbs the steps anew.", "中断后重新累计，可再次获得。")
        )
    if params.make_up is not None:
        card, _ = say.asset(mechanic.card)
        yield say("A missed day can be made up for with: {card}.", "漏打卡可使用补签卡：{card}。", card=card)
    if params.days_off is not None and params.days_off.missed == "excused":
        yield say("A day off that you miss does not break the row.", "节假日未打卡不中断连续天数。")
    if mechanic.review is not None:
        yield say(*CHECKED_WITH[mechanic.review.wants])


@told.register
def earn(mechanic: Earn, say: Say) -> Iterator[str]:
    params, asset = mechanic.params, only_asset(mechanic.reward)
    title = say.unit(asset)
    doing = say.doing(types_of(params.on))
    if params.fixed is not None:
        yield say("When you {doing}, you get {amount}.", "{doing}可得{amount}。", doing=doing,
                  amount=say.amount(asset, params.fixed))  # fmt: skip
    else:
        yield say("When you {doing}, every {per} brings {amount}.", "{doing}每满{per}得{amount}。", doing=doing,
                  per=say.money(params.per), amount=say.amount(asset, params.give))  # fmt: skip
    if params.by:
        yield say("Some categories and products have rates of their own.", "部分品类或商品适用单独的比例。")
    if params.max:
        yield say(
            "At most {most} {title} at a time.",
            "单次最多{most}{title}。",
            most=say.number(params.max),
            title=title,
        )
    if params.pending is not None and params.pending.days:
        yield say("They can be spent after {days} days.", "{days}天后到账可用。", days=params.pending.days)
    if params.clawback is not None:
        yield say("What is undone or refunded brings nothing.", "撤销或退款的部分不计。")


@told.register
def multiplier(mechanic: Multiplier, say: Say) -> Iterator[str]:
    title = say.unit(mechanic.asset)
    factor = mechanic.params.factor
    if mechanic.params.applies_to:
        of = say.listed(map(say.mechanic, mechanic.params.applies_to))
        yield say(
            "You get {factor} times the {title} for: {of}.",
            "以下获得的{title}×{factor}：{of}。",
            title=title,
            factor=factor,
            of=of,
        )
    else:
        yield say(
            "You get {factor} times the {title} everywhere in this campaign.",
            "活动内获得的{title}×{factor}。",
            title=title,
            factor=factor,
        )
    if mechanic.stack == "highest":
        yield say("When several hold at once, the highest counts.", "同时满足多项时，取最高一项。")


@told.register
def exchange(mechanic: Exchange, say: Say) -> Iterator[str]:
    price = say.amount(mechanic.price.asset, mechanic.price.amount)
    yield say(
        "{price} for: {reward}.",
        "{price}可兑换：{reward}。",
        price=price,
        reward=say.reward(mechanic.give.reward),
    )


@told.register
def code(mechanic: Code, say: Say) -> Iterator[str]:
    yield say(
        "Enter a code to get: {reward}.",
        "输入兑换码可得：{reward}。",
        reward=say.reward(mechanic.give.reward),
    )
    if mechanic.params.single is not None:
        yield say("Each code can be used once.", "每个兑换码仅可使用一次。")


@told.register
def referral(mechanic: Referral, say: Say) -> Iterator[str]:
    params, doing = mechanic.params, say.doing(mechanic.params.actions)
    yield say("Invite friends with your link or code.", "使用您的邀请链接或邀请码邀请好友。")
    if params.new_within_days is not None:
        yield say("A friend counts if he registered at most {days} days before.", "好友须为注册{days}天内的新会员。",
                  days=params.new_within_days)  # fmt: skip
    times = say(" on {count} days", "（{count}天）", count=params.count) if params.distinct == "day" else say(
        " {count} times", "{count}次", count=params.count)  # fmt: skip
    yield say("He counts when he has done this within {days} days: {doing}{times}.",
              "好友接受邀请后{days}天内完成：{doing}{times}。", days=params.within_days, doing=doing,
              times=times if params.count > 1 else "")  # fmt: skip
    if mechanic.inviter is not None:
        yield say("You get: {reward}.", "您可得：{reward}。", reward=say.reward(mechanic.inviter.reward))
    if params.share is not None:
        yield say(
            "You get {percent}% of the amount.", "您可得金额的{percent}%。", percent=params.share.percent
        )
    if mechanic.invitee is not None:
        yield say(
            "Your friend gets: {reward}.", "好友可得：{reward}。", reward=say.reward(mechanic.invitee.reward)
        )
    for friends, reward in mechanic.tiers:
        yield say(
            "{friends} friends bring, in addition: {reward}.",
            "邀满{friends}位好友，额外获得：{reward}。",
            friends=friends,
            reward=say.reward(reward.reward),
        )
    if params.delay is not None:
        days = params.delay.working_days or params.delay.days
        kind = say("working days", "个工作日") if params.delay.working_days else say("days", "天")
        yield say(
            "Your part comes {days} {kind} later.", "您的奖励将在{days}{kind}后发放。", days=days, kind=kind
        )
    if params.per_inviter is not None:
        yield say("At most {count} friends count.", "最多奖励{count}位好友。", count=params.per_inviter)
    yield say(
        "Inviting yourself, or inviting each other in a ring, does not count.", "自我邀请、循环邀请等无效。"
    )


BENEFITS = {
    "entry": ("{level}, once when it is reached: {reward}.", "{level}升级礼：{reward}。"),
    "monthly": ("{level}, each month: {reward}.", "{level}每月：{reward}。"),
    "birthday": ("{level}, on your birthday: {reward}.", "{level}生日礼：{reward}。"),
}


@told.register
def levels(mechanic: Levels, say: Say) -> Iterator[str]:
    title, scale = say.asset(mechanic.asset)
    for level in mechanic.params.levels:
        growth, called = say.number(level.growth, scale), say.said(level.title, level.id)
        yield say("{level}: from {growth} {title} on.", "{level}：{title}达到{growth}。", level=called, growth=growth,
                  title=title)  # fmt: skip
        for benefit, words in BENEFITS.items():
            if (pack := mechanic.packs.get((benefit, level.id))) is not None:
                yield say(*words, level=called, reward=say.reward(pack.reward))
    if mechanic.params.review is None:
        yield say("A level that has been reached is kept.", "已达到的等级不会下降。")
    else:
        yield say("A level is safe until the date that stands beside it, and is looked at again then.",
                  "等级在所示日期前有效，到期后重新评定。")  # fmt: skip
