"""What refusal codes mean for a campaign, in every language, and whether that is how it was planned."""

from typing import Literal

from festoon.engine.decide import NOT_FOR_YOU
from festoon.engine.standing import COUPON_USED
from festoon.insight.results import said
from festoon.ledger.book import BALANCE_SHORT, BUDGET_SHORT, STOCK_EMPTY
from festoon.mechanics.limits import CAP_REACHED, LIMIT_MEMBER, LIMIT_PERIOD, LIMIT_TOTAL, SHARED_CAP

Kind = Literal["planned", "look", "misuse"]
"""`planned`: a rule of the plan did its work. `look`: something ran short. `misuse`: somebody tried what he
may not."""

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
    "proof.photo_wanted": (
        "planned",
        said(
            "handed in words where a photo is asked for",
            "须提交照片，仅提交了文字",
            "須提交照片，僅提交了文字",
        ),
    ),
    "proof.words_wanted": (
        "planned",
        said(
            "handed in a photo where words are asked for",
            "须提交文字说明，仅提交了照片",
            "須提交文字說明，僅提交了照片",
        ),
    ),
    "code.mistyped": ("planned", said("typed the code wrong", "兑换码输入有误", "兌換碼輸入有誤")),
    "code.unknown": ("look", said("entered a code that there is not", "兑换码不存在", "兌換碼不存在")),
    "code.void": ("planned", said("the code had been withdrawn", "兑换码已作废", "兌換碼已作廢")),
    "code.lapsed": ("planned", said("the code had lapsed", "兑换码已过期", "兌換碼已過期")),
    "code.used": (
        "misuse",
        said("the code had been used by somebody", "兑换码已被他人使用", "兌換碼已被他人使用"),
    ),
    "code.used_by_you": ("planned", said("had used the code before", "已使用过该兑换码", "已使用過該兌換碼")),
    "code.not_yours": (
        "misuse",
        said("the code belongs to another member", "兑换码属于其他会员", "兌換碼屬於其他會員"),
    ),
    "code.at_checkout": (
        "planned",
        said(
            "entered a coupon that is used with an order",
            "输入的是下单时使用的优惠券",
            "輸入的是下單時使用的優惠券",
        ),
    ),
    "code.no_coupon": (
        "planned",
        said(
            "used a code with an order that is entered elsewhere",
            "下单时使用了非优惠券的兑换码",
            "下單時使用了非優惠券的兌換碼",
        ),
    ),
    "code.none_left": ("look", said("no codes were left to give", "兑换码已发完", "兌換碼已發完")),
    "place.full": (
        "look",
        said("all places and the waiting list were full", "名额与候补均已满", "名額與候補均已滿"),
    ),
    "place.closed": ("planned", said("applied when applications were over", "申请已截止", "申請已截止")),
    "place.have_one": ("planned", said("had a place already", "已获得名额", "已獲得名額")),
    "place.in_line": ("planned", said("had applied before", "已提交过申请", "已提交過申請")),
    "place.nothing_offered": (
        "planned",
        said("no place was offered to the member", "当时没有可确认的名额", "當時沒有可確認的名額"),
    ),
    "place.offer_lapsed": (
        "planned",
        said("took up a place too late", "未在期限内确认名额", "未在期限內確認名額"),
    ),
    "place.nothing_to_cancel": (
        "planned",
        said("had nothing to give back", "没有可取消的名额或申请", "沒有可取消的名額或申請"),
    ),
    "place.for_good": (
        "planned",
        said(
            "what came with the place had been given", "名额权益已发放，不能取消", "名額權益已發放，不能取消"
        ),
    ),
    "place.being_drawn": (
        "planned",
        said("came while the places were being drawn", "抽签进行中", "抽籤進行中"),
    ),
    "grand_draw.prize_gone": (
        "look",
        said(
            "won a prize that a later version took out of the plan",
            "中奖奖品已不在方案中",
            "中獎獎品已不在方案中",
        ),
    ),
    "red_packet.not_open": ("planned", said("came before the red packets", "红包尚未开抢", "紅包尚未開搶")),
    "red_packet.closed": (
        "planned",
        said("came when the red packets were over", "红包活动已结束", "紅包活動已結束"),
    ),
    "red_packet.empty": ("look", said("all red packets were gone", "红包已抢完", "紅包已搶完")),
    "red_packet.had": (
        "planned",
        said("had had all red packets of one member", "已领取个人上限的红包", "已領取個人上限的紅包"),
    ),
    "red_packet.no_chance": (
        "planned",
        said("had no try left for now", "抢红包机会暂时用完", "搶紅包機會暫時用完"),
    ),
    "grant.awaits_verdict": (
        "planned",
        said("a proof had to be looked at first", "须先审核会员提交的凭证", "須先審核會員提交的憑證"),
    ),
    "grant.appealed_already": ("planned", said("had appealed before", "已提交过申诉", "已提交過申訴")),
    "grant.answer_missing": (
        "planned",
        said("an appeal was decided on without an answer", "处理申诉时未填写答复", "處理申訴時未填寫答覆"),
    ),
    "item.not_yours": ("planned", said("did not own the thing", "会员没有该物品", "會員沒有該物品")),
    "item.not_wearable": ("planned", said("the thing cannot be worn", "该物品不可佩戴", "該物品不可佩戴")),
    "item.not_valid": (
        "planned",
        said("the thing was used, lapsed or taken back", "物品已使用、过期或收回", "物品已使用、過期或收回"),
    ),
    "item.no_room": ("planned", said("wore as many as can be worn", "佩戴数量已达上限", "佩戴數量已達上限")),
    "item.not_worn": ("planned", said("the thing was not worn", "该物品未佩戴", "該物品未佩戴")),
}
