"""Why an invitation is refused, or brings nothing."""

from festoon.base.errors import define

SELF = define("referral.self_invite", 200, "nobody can invite himself", "不能邀请自己")
NOBODY = define("referral.nobody_invited", 200, "it is not known who invited you", "无法确定邀请人")
ALREADY = define("referral.already_invited", 200, "you have been invited already", "已接受过邀请")
NOT_NEW = define(
    "referral.not_new",
    200,
    "an invitation is for new members, up to {days} day(s) after registering",
    "仅限注册{days}天内的新会员接受邀请",
)
RING = define("referral.ring", 200, "whom you invited cannot invite you", "被邀请的人不能反过来邀请邀请人")
SAME_DEVICE = define(
    "referral.same_device", 200, "this device has been used for an invitation before", "该设备已用于接受邀请"
)
TOO_LATE = define("referral.too_late", 200, "the invitation was open until {until}", "邀请已于{until}截止")
INVITER_FULL = define(
    "referral.inviter_full", 200, "at most {limit} invitation(s) are rewarded", "最多奖励{limit}次邀请"
)
INVITER_FULL_PERIOD = define(
    "referral.inviter_full_period",
    200,
    "at most {limit} invitation(s) are rewarded {period}",
    "{period}最多奖励{limit}次邀请",
)
