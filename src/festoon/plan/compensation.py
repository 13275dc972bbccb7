"""A compensation file: who is made good, for what, with what, and who pays (补偿方案).

    compensation: outage-3-april
    campaign: new-year-2027
    reason: The draw was down for an hour
    affected:
      from: 2027-04-03T10:00
      until: 2027-04-03T11:00
      types: [draw.played]
      refused: [engine.contended]
    give: [{points: 100}]
    line: service

Or `members: [...]` (a list of ids, or the name of a file of them) instead of `affected`; or `take_back` instead of
`give`. It is read against the plan that runs, whose things, assets and budget lines it may name.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from festoon.base.amounts import scaled
from festoon.base.effects import Spent
from festoon.base.errors import Invalid, define
from festoon.base.expressions import Condition, ExpressionError, compile_condition
from festoon.base.rewards import AssetGift, Gift, ItemGift
from festoon.mechanics.reward_line import GiveSpec, RewardLine
from festoon.plan.catalogue import Catalogue
from festoon.plan.decode import Broken, Decoder
from festoon.plan.moments import last_instant, local_instant
from festoon.plan.money import minor
from festoon.plan.problems import PlanInvalid, suggestion
from festoon.plan.schema import Plan
from festoon.plan.source import read_source
from festoon.plan.values import LineName, Money, Slug
from festoon.plan.words import vocabulary

WRONG = define(
    "compensation.invalid",
    400,
    "the compensation file has {count} mistake(s); the first: {first}",
    "补偿文件有 {count} 处错误；第一处：{first}",
)
WHOM = define(
    "compensation.whom",
    400,
    "say who is concerned: `affected` or `members`",
    "请写明对象：`affected` 或 `members` 之一",
)
WHAT = define(
    "compensation.what",
    400,
    "say what is done: `give` or `take_back`",
    "请写明内容：`give` 或 `take_back` 之一",
)
NEEDS_EVENTS = define(
    "compensation.needs_events",
    400,
    "what is taken back is what certain events gave: say which under `affected`",
    "追回的是某些事件所发放的内容，请在 `affected` 中写明",
)
NOT_FIXED = define(
    "compensation.not_fixed",
    400,
    "what is given is the same for everybody: no random amounts, no variants",
    "补偿内容须对所有人一致：不能为随机数额或分组",
)
BY_MONTHS = define(
    "compensation.by_months",
    400,
    "months differ in length, and what is given is fixed before it is signed",
    "各月天数不同，而补偿内容须在审核前确定",
    todo="write `days` in place of `months`",
    todo_zh="请用 `days` 代替 `months`",
)
NO_SUCH_LINE = define(
    "compensation.no_such_line",
    400,
    "the plan has no budget line '{line}'; there are {known}",
    "方案中没有预算行“{line}”；现有：{known}",
)
NEVER = define("compensation.never", 400, "`until` is not after `from`", "`until` 必须晚于 `from`")
TOO_DEAR = define(
    "compensation.too_dear",
    400,
    "it would cost {cost} and at most {most} may be spent",
    "预计花费{cost}，超过上限{most}",
)

Moment = Annotated[str, Meta(description="A date or a local time in the campaign's zone.")]
Words = tuple[str, ...]


class Affected(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Whose events are meant, by what happened and by what came of it."""

    from_: Moment = msgspec.field(name="from")
    until: Moment
    types: Annotated[Words, Meta(min_length=1)]
    when: str = "True"
    mechanic: str = ""
    """Only what this mechanic had to do with."""
    refused: Words = ()
    """Only what was refused with one of these codes."""
    given: bool = False
    """Only what gave something."""
    per: Literal["member", "event"] = "member"
    at_most: Annotated[int, Meta(ge=1, le=1000)] = 1
    """How many events of a member count, with `per: event`."""


class TakeBackSpec(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is taken back: all that the mechanic gave in the events that are meant."""

    mechanic: str
    spent: Spent = "to_zero"


class CompensationFile(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What the file says."""

    compensation: Slug
    campaign: Slug
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]
    affected: Affected | None = None
    members: str | Words | None = None
    give: GiveSpec | RewardLine | None = None
    take_back: TakeBackSpec | None = None
    line: LineName | None = None
    """The budget line that pays, instead of those of the things themselves."""
    at_most: Money | None = None
    """The most that it may cost in all, in the budget's currency."""


class Compensation(Struct, frozen=True):
    """A compensation, ready to be worked out: names resolved, conditions compiled, costs on their lines."""

    file: CompensationFile
    since: datetime | None
    until: datetime | None
    when: Condition | None
    gifts: tuple[Gift, ...]
    most: int | None


def read_compensation(text: str | bytes) -> CompensationFile:
    """The file, not yet compared with a plan. Raises PlanInvalid with every mistake."""
    node, problems = read_source(text)
    if node is None or problems:
        raise PlanInvalid(problems, WRONG)
    decoder = Decoder()
    try:
        made: CompensationFile = decoder.decode(CompensationFile, node)
    except Broken:
        raise PlanInvalid(decoder.problems, WRONG) from None
    if decoder.problems:
        raise PlanInvalid(decoder.problems, WRONG)
    return made


def compile_compensation(file: CompensationFile, plan: Plan, zone: ZoneInfo) -> Compensation:
    """Against the plan that runs. Raises Invalid with the place in the file."""
    if (file.affected is None) == (file.members is None):
        raise Invalid(WHOM, "affected")
    if (file.give is None) == (file.take_back is None):
        raise Invalid(WHAT, "give")
    if file.take_back is not None and file.affected is None:
        raise Invalid(NEEDS_EVENTS, "affected")
    catalogue = Catalogue(plan)
    gifts = () if file.give is None else _gifts(file.give, file.line, catalogue)
    most = None if file.at_most is None else minor(file.at_most, catalogue.currency, "at_most")
    if file.affected is None:
        return Compensation(file, None, None, None, gifts, most)
    since = local_instant(file.affected.from_, zone, "affected.from")
    until = last_instant(file.affected.until, zone, "affected.until")
    if until <= since:
        raise Invalid(NEVER, "affected.until")
    try:
        when = compile_condition(file.affected.when, vocabulary(plan, file.affected.types, zone))
    except ExpressionError as wrong:
        wrong.place = f"affected.when{wrong.place and ':'}{wrong.place}"
        raise
    return Compensation(file, since, until, when, gifts, most)


def _gifts(give: GiveSpec | RewardLine, line: str | None, catalogue: Catalogue) -> tuple[Gift, ...]:
    if line is not None and line not in catalogue.lines:
        known = ", ".join(catalogue.lines)
        raise Invalid(NO_SUCH_LINE, "line", line=line, known=known, **suggestion(line, catalogue.lines))
    reward = catalogue.reward([give] if isinstance(give, RewardLine) else give, "give")
    gifts: list[Gift] = []
    for gift in reward.gifts:
        if not isinstance(gift, AssetGift | ItemGift) or (
            isinstance(gift, AssetGift) and gift.low != gift.high
        ):
            raise Invalid(NOT_FIXED, "give")
        if isinstance(gift, ItemGift) and gift.months:
            raise Invalid(BY_MONTHS, "give")
        if line is not None and gift.cost.line:
            gift = replace(gift, cost=replace(gift.cost, line=catalogue.lines[line].account))
        gifts.append(gift)
    return tuple(gifts)


def written_gifts(gifts: tuple[Gift, ...]) -> list[dict[str, Any]]:
    """Gifts as an event carries them."""
    return [
        {"asset" if isinstance(gift, AssetGift) else "thing": msgspec.to_builtins(gift)} for gift in gifts
    ]


def read_gifts(written: list[dict[str, Any]]) -> tuple[Gift, ...]:
    """The reverse."""
    return tuple(
        msgspec.convert(each["asset"], AssetGift)
        if "asset" in each
        else msgspec.convert(each["thing"], ItemGift)
        for each in written
    )


def cost_of(gifts: tuple[Gift, ...], times: int) -> dict[str, int]:
    """What it costs to give them so many times, by budget line's account. The same rounding as when it is given."""
    found: dict[str, int] = {}
    for gift in gifts:
        if gift.cost.line:
            if isinstance(gift, AssetGift):
                cost = scaled(gift.low * times, gift.cost.amount, gift.cost.per)
            else:
                cost = gift.cost.amount * gift.count * times
            found[gift.cost.line] = found.get(gift.cost.line, 0) + cost
    return found
