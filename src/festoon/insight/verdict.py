"""What a comparison means, in one sentence that a manager understands."""

from collections.abc import Mapping

from msgspec import Struct

from festoon.insight import wording
from festoon.insight.compare import ENOUGH, Comparison, Measure
from festoon.insight.results import said

Texts = Mapping[str, str]


class _Words(Struct, frozen=True):
    """How a measure is spoken of: `more` and `less` are templates over `{by}`, `same` over nothing."""

    more: Texts
    less: Texts
    same: Texts


_WORDS = {
    "spend": _Words(
        said("spent {by} more", "人均消费高 {by}", "人均消費高 {by}"),
        said("spent {by} less", "人均消费低 {by}", "人均消費低 {by}"),
        said("spent as much", "人均消费相同", "人均消費相同"),
    ),
    "orders": _Words(
        said("ordered {by} more often", "人均订单数多 {by}", "人均訂單數多 {by}"),
        said("ordered {by} less often", "人均订单数少 {by}", "人均訂單數少 {by}"),
        said("ordered as often", "人均订单数相同", "人均訂單數相同"),
    ),
    "buyers": _Words(
        said("were {by} more likely to buy", "购买占比高 {by}", "購買占比高 {by}"),
        said("were {by} less likely to buy", "购买占比低 {by}", "購買占比低 {by}"),
        said("were as likely to buy", "购买占比相同", "購買占比相同"),
    ),
    "active_days": _Words(
        said("were active on {by} more days", "人均活跃天数多 {by}", "人均活躍天數多 {by}"),
        said("were active on {by} fewer days", "人均活跃天数少 {by}", "人均活躍天數少 {by}"),
        said("were active on as many days", "人均活跃天数相同", "人均活躍天數相同"),
    ),
    "order_value": _Words(
        said("placed orders worth {by} more", "客单价高 {by}", "客單價高 {by}"),
        said("placed orders worth {by} less", "客单价低 {by}", "客單價低 {by}"),
        said("placed orders worth as much", "客单价相同", "客單價相同"),
    ),
}

_WHO = {
    "holdout": said(
        "Members in the campaign {what} than those kept out",
        "与对照组相比，活动组会员{what}",
        "與對照組相比，活動組會員{what}",
    ),
    "arms": said(
        "Members with “{side}” {what} than those with “{other}”",
        "与“{other}”组相比，“{side}”组会员{what}",
        "與“{other}”組相比，“{side}”組會員{what}",
    ),
    "before_after": said(
        "The same members {what} during the campaign than in as long a time before it",
        "与活动前等长时段相比，同一批会员在活动期间{what}",
        "與活動前等長時段相比，同一批會員在活動期間{what}",
    ),
}
_RANGE = said(
    "; the true difference lies between {low} and {high} with 95% confidence",
    "；真实差异有 95% 的把握介于 {low} 与 {high} 之间",
    "；真實差異有 95% 的把握介於 {low} 與 {high} 之間",
)
_SO = {
    ("holdout", "better"): said(", so it worked.", "，可以认为活动有效。", "，可以認為活動有效。"),
    ("holdout", "worse"): said(
        ", so it did harm.", "，可以认为活动起了反作用。", "，可以認為活動起了反作用。"
    ),
    ("holdout", "cannot_tell"): said(
        ", so we cannot say that it worked.", "，因此还不能断定活动有效。", "，因此還不能斷定活動有效。"
    ),
    ("arms", "better"): said(
        ", so “{side}” does more.", "，可以认为“{side}”更有效。", "，可以認為“{side}”更有效。"
    ),
    ("arms", "worse"): said(
        ", so “{side}” does less.", "，可以认为“{side}”效果较差。", "，可以認為“{side}”效果較差。"
    ),
    ("arms", "cannot_tell"): said(
        ", so we cannot say which does more.", "，因此还不能断定孰优孰劣。", "，因此還不能斷定孰優孰劣。"
    ),
    ("before_after", "better"): said(
        ". That is an increase, whatever its cause.",
        "。确有上升，但原因不一定是活动。",
        "。確有上升，但原因不一定是活動。",
    ),
    ("before_after", "worse"): said(
        ". That is a decrease, whatever its cause.",
        "。确有下降，但原因不一定是活动。",
        "。確有下降，但原因不一定是活動。",
    ),
    ("before_after", "cannot_tell"): said(
        ", so we cannot say that anything changed.",
        "，因此不能断定有变化。",
        "，因此不能斷定有變化。",
    ),
}
_TOO_FEW = {
    "holdout": said(
        "There are {inside} members in the campaign and {outside} kept out. A comparison needs at least"
        " {enough} on each side, and enough of them who differ, so it says nothing here.",
        "活动组 {inside} 人，对照组 {outside} 人。每组至少需要 {enough} 人，"
        "且须有足够多的会员存在差异才能比较，因此不作结论。",
        "活動組 {inside} 人，對照組 {outside} 人。每組至少需要 {enough} 人，"
        "且須有足夠多的會員存在差異才能比較，因此不作結論。",
    ),
    "arms": said(
        "{inside} members saw “{side}” and {outside} saw “{other}”. A comparison needs at least {enough} on each"
        " side, and enough of them who differ, so it says nothing here.",
        "“{side}”组 {inside} 人，“{other}”组 {outside} 人。每组至少需要 {enough} 人，"
        "且须有足够多的会员存在差异才能比较，因此不作结论。",
        "“{side}”組 {inside} 人，“{other}”組 {outside} 人。每組至少需要 {enough} 人，"
        "且須有足夠多的會員存在差異才能比較，因此不作結論。",
    ),
    "before_after": said(
        "{inside} members were known before the campaign. A comparison needs at least {enough}, and enough of"
        " them who differ, so it says nothing here.",
        "活动前已知会员 {inside} 人。至少需要 {enough} 人，"
        "且须有足够多的会员存在差异才能比较，因此不作结论。",
        "活動前已知會員 {inside} 人。至少需要 {enough} 人，"
        "且須有足夠多的會員存在差異才能比較，因此不作結論。",
    ),
}
_NOTICEABLE = said(
    " With this many members, only a difference of at least {least} would probably have been noticed.",
    "以目前的人数，至少相差 {least} 才大概率能被发现。",
    "以目前的人數，至少相差 {least} 才大概率能被發現。",
)


def sentence(found: Comparison, language: str, currency: str = "", arms: tuple[str, str] = ("", "")) -> str:
    """The comparison in one sentence; where nothing can be said, a second one says how large an effect
    would have shown. `arms` are the names of the two sides of an experiment."""
    side, other = arms
    if not found.enough:
        return _TOO_FEW[found.method][language].format(
            inside=wording.whole(found.side.members),
            outside=wording.whole(found.other.members),
            enough=ENOUGH,
            side=side,
            other=other,
        )
    effect, low, high = _shown(found, currency)
    words = _WORDS[found.measure.id]
    template = words.more if found.effect > 0 else words.less if found.effect < 0 else words.same
    who = _WHO[found.method][language]
    if found.effect == 0 and language == "en":
        who = who.replace(" than ", " as ")
    what = template[language].format(by=effect.lstrip(f"+{wording.MINUS}"))
    text = who.format(what=what, side=side, other=other)
    text += _RANGE[language].format(low=low, high=high)
    text += _SO[found.method, found.verdict][language].format(side=side)
    if found.verdict == "cannot_tell" and found.noticeable is not None:
        text += _NOTICEABLE[language].format(least=wording.share(found.noticeable))
    return text


def _shown(found: Comparison, currency: str) -> tuple[str, str, str]:
    """The effect and its bounds: relative where that makes sense, else in the measure's own unit."""
    if found.relative is not None:
        bounds = (found.relative, found.relative_low, found.relative_high)
        return wording.change(bounds[0]), wording.change(bounds[1]), wording.change(bounds[2])
    effect, low, high = (
        value_text(found, number, currency) for number in (found.effect, found.low, found.high)
    )
    return effect, low, high


def value_text(found: Comparison, number: float, currency: str) -> str:
    """A value of the comparison's measure, in its unit."""
    return unit_text(found.measure, number, currency)


def unit_text(measure: Measure, number: float, currency: str) -> str:
    """A value of a measure, in its unit."""
    match measure.unit:
        case "money":
            return wording.round_money(number, currency)
        case "share":
            return wording.share(number)
        case _:
            return wording.decimal(number)
