"""A mechanic's rules for a reader: what its kind tells, and what the plan holds it to: limits, and for whom it is."""

import re
from collections.abc import Iterator
from functools import partial

from festoon.api.naming import Names
from festoon.mechanics.limits import Limits
from festoon.mechanics.say import Say
from festoon.mechanics.told import chance, doing, rules  # noqa: F401  # so that every kind of ours tells
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic

_SEGMENT = re.compile(r'^member\.segment\("([^"]+)"\)$')
_BIRTHDAY = re.compile(
    r"^month\(member\.\w+\) == month\(event\.date\) and day\(member\.\w+\) == day\(event\.date\)$"
)
_LONG = re.compile(r"^event\.length >= (\d+)$")
_AWAY = re.compile(r'^event\.segment == "([^"]+)"$')


def say_in(names: Names, campaign: CompiledCampaign) -> Say:
    """How rules of a campaign are put into a reader's words."""
    titles = {each.id: names.said(each.title) for each in (*campaign.mechanics, *campaign.modifiers)}
    return Say(
        names.language,
        campaign.zone,
        names.asset,
        partial(names.thing, campaign.campaign),
        lambda id: titles.get(id, id),
        names.event,
        campaign.currency,
    )


def rules_of(plan: CompiledMechanic, campaign: CompiledCampaign, say: Say) -> list[str]:
    """All of a mechanic's rules, in the order they are read."""
    whom = list(_for_whom(plan, campaign, say))
    condition = [] if whom or plan.when is None else [_condition(say)]
    return [*whom, *rules(plan.mechanic, say), *condition, *_limits(plan.limits, say)]


def _for_whom(plan: CompiledMechanic, campaign: CompiledCampaign, say: Say) -> Iterator[str]:
    if plan.when is None:
        return
    text = plan.when.text
    if text == "member.registered_in(campaign)":
        yield say("For members who register during the campaign.", "限活动期间注册的新会员。")
    elif who := _segment(text, campaign, say):
        yield say("For: {who}.", "限：{who}。", who=who)
    elif _BIRTHDAY.match(text):
        yield say("On your birthday.", "限生日当天。")
    elif found := _LONG.match(text):
        yield say("It takes at least {signs} characters.", "内容不少于{signs}字。", signs=found[1])


def _condition(say: Say) -> str:
    """What is said of a condition that we have no words for: after what the mechanic does, not instead of it."""
    return say(
        "A condition applies; this page shows whether you meet it.",
        "须符合参与条件，是否符合以本页显示为准。",
    )


def _segment(text: str, campaign: CompiledCampaign, say: Say) -> str:
    """What the one segment is called that a condition asks for; the parts of a split have no name of their own."""
    found = _SEGMENT.match(text) or _AWAY.match(text)
    titled = {segment.name: segment.title for segment in campaign.segments if segment.cuts is None}
    return say.said(dict(titled[found[1]])) if found and found[1] in titled else ""


def _limits(limits: Limits, say: Say) -> Iterator[str]:
    if limits.per_member is not None:
        yield (
            say("Once per member.", "每人限1次。")
            if limits.per_member == 1
            else say("At most {count} times per member.", "每人最多{count}次。", count=limits.per_member)
        )
    for period, count in limits.periods():
        per = say.per(period)
        yield (
            say("Once {per}.", "{per}限1次。", per=per)
            if count == 1
            else say("At most {count} times {per}.", "{per}最多{count}次。", count=count, per=per)
        )
    if limits.total is not None:
        yield say(
            "{count} in all, first come, first served.",
            "总量{count}份，先到先得，发完即止。",
            count=say.number(limits.total),
        )
