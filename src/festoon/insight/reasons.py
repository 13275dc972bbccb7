"""Refusals in plain words, for who reads about all of them at once.

The text of a code speaks to one member about his own case; here it is said what the code means for the
campaign, and whether that is how it was planned or something to look at. A code that is not here is shown
in its own words.
"""

import msgspec
from msgspec import Struct

from festoon.base.errors import text_of
from festoon.engine.decide import NOT_FOR_YOU
from festoon.engine.standing import COUPON_USED
from festoon.insight.reasons_of_things import OF_THINGS, Kind
from festoon.insight.results import said
from festoon.ledger.book import BALANCE_SHORT, BUDGET_SHORT, STOCK_EMPTY
from festoon.mechanics.limits import CAP_REACHED, LIMIT_MEMBER, LIMIT_PERIOD, LIMIT_TOTAL, SHARED_CAP
from festoon.mechanics.registry import kinds


class Reason(Struct, frozen=True):
    """A refusal code for a reader: what it means, and of which kind it is."""

    text: str
    kind: Kind


KNOWN: dict[str, tuple[Kind, dict[str, str]]] = {
    LIMIT_MEMBER: (
        "planned",
        said("had it as often as each member may", "已达每人次数上限", "已達每人次數上限"),
    ),
    LIMIT_PERIOD: (
        "planned",
        said("had it as often as allowed in that period", "已达周期内次数上限", "已達週期內次數上限"),
    ),
    LIMIT_TOTAL: ("look", said("all places were taken", "名额已发完", "名額已發完")),
    CAP_REACHED: (
        "planned",
        said("the amount a member can earn was reached", "已达可获得数量上限", "已達可獲得數量上限"),
    ),
    SHARED_CAP: (
        "planned",
        said(
            "the amount a member can earn over all campaigns was reached",
            "已达各活动合计可获得数量上限",
            "已達各活動合計可獲得數量上限",
        ),
    ),
    BUDGET_SHORT: (
        "look",
        said(
            "the budget line could not pay for it any more",
            "预算科目余额不足，无法继续发放",
            "預算科目餘額不足，無法繼續發放",
        ),
    ),
    STOCK_EMPTY: ("look", said("nothing was left in stock", "库存已发完", "庫存已發完")),
    BALANCE_SHORT: (
        "planned",
        said("the member had too few points for it", "会员余额（如积分）不足", "會員餘額（如積分）不足"),
    ),
    "task.done": (
        "planned",
        said("the task was done already", "任务已完成，不重复奖励", "任務已完成，不重複獎勵"),
    ),
    "task.done_for_now": (
        "planned",
        said("the task was done for that period", "本周期任务已完成", "本週期任務已完成"),
    ),
    "task.not_yet": ("planned", said("another task comes first", "前置任务未完成", "前置任務未完成")),
    "task.outside_window": (
        "planned",
        said("it came outside the time the task can be done in", "不在任务时间内", "不在任務時間內"),
    ),
    "task.counted_already": (
        "planned",
        said(
            "the same thing had been counted before",
            "同一对象已计入，不重复计算",
            "同一對象已計入，不重複計算",
        ),
    ),
    "check_in.already_that_day": (
        "planned",
        said("checked in twice on one day", "当日已签到", "當日已簽到"),
    ),
    "check_in.future_day": (
        "misuse",
        said("tried to check in for a day to come", "试图为未来日期签到", "試圖為未來日期簽到"),
    ),
    "check_in.not_rejected": (
        "planned",
        said(
            "no photo had been rejected for that day, or too long ago",
            "该日没有被驳回的照片或已超期",
            "該日沒有被駁回的照片或已超期",
        ),
    ),
    "check_in.no_make_up": ("planned", said("missed days cannot be made up", "不支持补签", "不支援補簽")),
    "check_in.not_missed": (
        "planned",
        said("the day was not over and needed no making up", "当天未结束，无需补签", "當天未結束，無需補簽"),
    ),
    "check_in.before_start": (
        "planned",
        said("the day was before check-ins began", "补签日期早于活动开始", "補簽日期早於活動開始"),
    ),
    "check_in.too_long_ago": (
        "planned",
        said("the missed day was too long ago", "已超过补签期限", "已超過補簽期限"),
    ),
    "check_in.repairs_used": (
        "planned",
        said("all make-ups of the month were used", "当月补签次数已用完", "當月補簽次數已用完"),
    ),
    "draw.no_chances": (
        "planned",
        said("had no chance left for now", "抽奖机会暂时用完", "抽獎機會暫時用完"),
    ),
    "draw.no_chances_left": (
        "planned",
        said("had no chance left", "抽奖机会已用完", "抽獎機會已用完"),
    ),
    "draw.sold_out": ("look", said("every prize was gone", "奖品已全部发完", "獎品已全部發完")),
    "draw.sold_out_now": (
        "look",
        said("no prize was released at that moment", "当时没有可抽的奖品", "當時沒有可抽的獎品"),
    ),
    "draw.not_for_sale": (
        "planned",
        said("chances are not for sale", "不支持购买抽奖机会", "不支援購買抽獎機會"),
    ),
    "draw.bought_enough": (
        "planned",
        said("bought as many chances as a day allows", "当日购买机会已达上限", "當日購買機會已達上限"),
    ),
    "referral.self_invite": ("misuse", said("invited himself", "自己邀请自己", "自己邀請自己")),
    "referral.inviter_unknown": ("planned", said("the inviter is unknown", "邀请人不存在", "邀請人不存在")),
    "referral.already_invited": (
        "planned",
        said("had been invited before", "已接受过邀请", "已接受過邀請"),
    ),
    "referral.not_new": ("planned", said("was no new member", "不是新会员", "不是新會員")),
    "referral.ring": (
        "misuse",
        said("invited each other in a ring", "互相邀请（环状邀请）", "互相邀請（環狀邀請）"),
    ),
    "referral.same_device": (
        "misuse",
        said("used one device for several invitations", "同一设备多次接受邀请", "同一裝置多次接受邀請"),
    ),
    "referral.too_late": ("planned", said("the invitation had lapsed", "邀请已过期", "邀請已過期")),
    "referral.inviter_full": (
        "planned",
        said("the inviter had all the rewards he can have", "邀请人奖励次数已满", "邀請人獎勵次數已滿"),
    ),
    "referral.inviter_full_period": (
        "planned",
        said(
            "the inviter had all the rewards of the period",
            "邀请人本周期奖励次数已满",
            "邀請人本週期獎勵次數已滿",
        ),
    ),
    "referral.nobody_invited": (
        "planned",
        said("had followed nobody's link in time", "有效期内没有邀请人", "有效期內沒有邀請人"),
    ),
    "referral.code_unknown": (
        "planned",
        said("gave an invite code that is nobody's", "邀请码不存在", "邀請碼不存在"),
    ),
    "risk.blocked": ("misuse", said("was on the block list", "在黑名单中", "在黑名單中")),
    "risk.refused": (
        "misuse",
        said("was too much at risk to be given it", "风险评分过高，未发放", "風險評分過高，未發放"),
    ),
    "grant.not_held": (
        "planned",
        said("the held reward had been decided already", "待发奖励已有处理结果", "待發獎勵已有處理結果"),
    ),
    "proof.missing": ("planned", said("came without the proof that is asked for", "未附凭证", "未附憑證")),
    "proof.used": ("misuse", said("handed in the same proof again", "重复提交同一凭证", "重複提交同一憑證")),
    "proof.in_review": (
        "planned",
        said("an earlier proof was still being looked at", "之前的凭证正在审核", "之前的憑證正在審核"),
    ),
    "proof.decided": ("planned", said("the proof had its verdict already", "凭证已审核过", "憑證已審核過")),
    "proof.unknown": (
        "look",
        said("the verdict was on a proof that is not here", "审核的凭证不存在", "審核的憑證不存在"),
    ),
    NOT_FOR_YOU: (
        "planned",
        said("was not open to the member", "不符合参与条件", "不符合參與條件"),
    ),
    COUPON_USED: (
        "planned",
        said("the coupon was used or had expired", "优惠券已使用或已过期", "優惠券已使用或已過期"),
    ),
    **OF_THINGS,
}


def reason_of(code: str, note: str, language: str) -> Reason:
    """What a refusal code means. `note` is the data of one refusal as JSON, for codes that are not known
    here."""
    kinds()  # a mechanic declares its codes when it is loaded
    known = KNOWN.get(code)
    if known is not None:
        text = known[1][language]
        return Reason(text[:1].upper() + text[1:], known[0])
    try:
        data = msgspec.json.decode(note, type=dict) if note else {}
    except msgspec.DecodeError:
        data = {}
    text = text_of(code, data, language)
    return Reason(text[:1].upper() + text[1:], "planned")
