"""Why a code that somebody types is refused."""

from festoon.base.errors import define

MISTYPED = define(
    "code.mistyped",
    200,
    "this code was typed wrong: {code}",
    "兑换码输入有误：{code}",
    todo="Compare it sign by sign with the one you have; it has no 0, O, 1 or I.",
    todo_zh="请逐字核对；兑换码中没有 0、O、1 和 I。",
)
UNKNOWN = define("code.unknown", 200, "there is no code {code}", "不存在兑换码 {code}")
VOID = define("code.void", 200, "the code {code} has been withdrawn", "兑换码 {code} 已作废")
LAPSED = define(
    "code.lapsed", 200, "the code {code} could be used until {until}", "兑换码 {code} 已于{until}过期"
)
USED = define("code.used", 200, "the code {code} has been used", "兑换码 {code} 已被使用")
USED_BY_YOU = define("code.used_by_you", 200, "you have used the code {code}", "您已使用过兑换码 {code}")
NOT_YOURS = define(
    "code.not_yours", 200, "the code {code} belongs to somebody else", "兑换码 {code} 属于其他会员"
)
AT_CHECKOUT = define(
    "code.at_checkout",
    200,
    "{code} is a coupon: it is used with an order",
    "{code} 是优惠券，请在下单时使用",
)
NO_COUPON = define(
    "code.no_coupon",
    200,
    "{code} is no coupon: it is entered where codes are",
    "{code} 不是优惠券，请在兑换码页面输入",
)
NONE_LEFT = define(
    "code.none_left",
    200,
    "no codes of {owner} are left to give",
    "{owner} 的兑换码已发完",
    todo="make more: festoon codes make",
    todo_zh="请用 festoon codes make 生成更多",
)
