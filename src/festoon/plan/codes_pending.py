"""What can be wrong with what is given: amounts that are pending for a time, and things that are worn."""

from festoon.plan.problems import error, warning

PENDING_NOTHING = error(
    "plan.pending_nothing",
    "`pending` needs days, months or years, or a date",
    "`pending` 需要写明天数、月数、年数或日期",
    todo="Say how long, such as `{{days: 7}}`.",
    todo_zh="请写明时长，例如 `{{days: 7}}`。",
)
PENDING_WATCHED = error(
    "plan.pending_watched",
    "`{asset}` cannot be pending: `{mechanic}` goes by what a member has of it",
    "`{asset}` 不能设为待入账：`{mechanic}` 依据其余额判定",
    todo="Give it at once, or let the mechanic go by another asset.",
    todo_zh="请改为即时发放，或让该玩法依据其他资产判定。",
)
WORN_NOWHERE = warning(
    "plan.worn_nowhere",
    "nothing of this plan is worn as `{place}`",
    "方案中没有佩戴在 `{place}` 的物品",
    todo="Say `wear: {place}` of a badge or an item, or leave the limit out; there are: {known}.",
    todo_zh="请在勋章或道具中写明 `wear: {place}`，或删去该上限；现有：{known}。",
)
