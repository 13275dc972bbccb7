"""What a plan may be told about the campaigns that run beside it."""

from festoon.plan.problems import error, warning

CAP_DIFFERS = error(
    "plan.cap_differs",
    "`{name}` is another cap in `{campaign}`: {theirs}, and here {ours}",
    "`{name}` 在活动 `{campaign}` 中的定义不同：{theirs}，此处为 {ours}",
    todo="What a shared cap is of, its period and its zone are the same everywhere; use another name.",
    todo_zh="跨活动上限的对象、周期和时区必须一致；请改用其他名称。",
)
CAP_AMOUNT_DIFFERS = warning(
    "plan.cap_amount_differs",
    "`{name}` is {theirs} in `{campaign}`, and {ours} here; each plan holds its own gifts to its own amount",
    "`{name}` 在活动 `{campaign}` 中为 {theirs}，此处为 {ours}；各方案按各自的数量执行",
)
CAP_NOT_TAKEN = warning(
    "plan.cap_not_taken",
    "`{campaign}` caps {of} with `{name}`; what this plan gives of it at the same time does not count",
    "活动 `{campaign}` 以 `{name}` 限制 {of}；本方案同期发放的不计入",
    todo="Declare `{name}` here as well, if it shall hold over both.",
    todo_zh="如需合并计算，请在本方案中同样声明 `{name}`。",
)
CAP_NOT_THEIRS = warning(
    "plan.cap_not_theirs",
    "`{campaign}` gives {of} at the same time and does not name `{name}`; that does not count",
    "活动 `{campaign}` 同期发放 {of} 且未声明 `{name}`；其发放不计入",
)
CODE_TAKEN = error(
    "plan.code_taken",
    "the code {code} is one of `{mechanic}` in `{campaign}`, which runs at the same time",
    "兑换码 {code} 属于同期运行的活动 `{campaign}` 中的 `{mechanic}`",
    todo="Use another code. Hyphens, spaces and small letters make no difference.",
    todo_zh="请更换兑换码；连字符、空格和大小写不作区分。",
)
SAME_GROUP = warning(
    "plan.same_group",
    "`{campaign}` runs at the same time in the group `{group}`; who takes part there first is shut out here",
    "活动 `{campaign}` 同期运行且同属互斥组 `{group}`；先参与该活动的会员不能参与本活动",
)
OVERLAPS = warning(
    "plan.overlaps",
    "`{campaign}` runs at the same time ({start} to {end}), and members can take part in both",
    "活动 `{campaign}` 同期运行（{start} 至 {end}），会员可同时参与两个活动",
)
