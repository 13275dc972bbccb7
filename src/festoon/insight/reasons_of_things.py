"""What refusals mean that have to do with things: places, red packets, codes, proofs, and what is worn."""

from typing import Literal

from festoon.insight.results import said

Kind = Literal["planned", "look", "misuse"]
"""`planned`: a rule of the plan did its work. `look`: something ran short. `misuse`: somebody tried what he
may not."""

OF_THINGS: dict[str, tuple[Kind, dict[str, str]]] = {
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
