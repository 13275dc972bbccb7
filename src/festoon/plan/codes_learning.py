"""What can be wrong with an experiment that learns."""

from festoon.plan.problems import error, warning

FLOORS_OVER_ALL = error(
    "plan.floors_over_all",
    "{count} arms that are each given to {floor} at the least would be more than everybody",
    "{count} 个分组各自至少 {floor}，合计超过全部会员",
    todo="Take a lower `floor`, or fewer arms.",
    todo_zh="请降低 `floor`，或减少分组。",
)
LEARNS_TOO_LATE = warning(
    "plan.learns_too_late",
    "success is waited for longer than the campaign runs: nothing is learned before its end",
    "成功的观察期长于活动时间：活动结束前学不到任何东西",
    todo="Take a shorter `within`.",
    todo_zh="请缩短 `within`。",
)
