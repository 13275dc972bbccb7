"""What can be wrong with what a plan says: undeclared names, money, times, and what cannot work."""

from festoon.plan.problems import error, warning

# Names

UNKNOWN_NAME = error(
    "plan.unknown_name",
    "there is no `{name}` under `{section}`",
    "`{section}` 中没有 `{name}`",
    todo="Declare it under `{section}`; there are: {known}.",
    todo_zh="请在 `{section}` 中声明；现有：{known}。",
)
UNKNOWN_KIND = error(
    "plan.unknown_kind",
    "there is no mechanic of kind `{kind}`",
    "没有名为 `{kind}` 的玩法",
    todo="There are: {known}.",
    todo_zh="现有：{known}。",
)
KIND_TOO_NEW = error(
    "plan.kind_too_new",
    "this was written for version {written} of the mechanic `{kind}`; version {installed} is installed",
    "该方案是为玩法 `{kind}` 的第{written}版编写的；当前安装的是第{installed}版",
    todo="Install the package that has the newer mechanic.",
    todo_zh="请安装包含新版玩法的软件包。",
)
UNKNOWN_ZONE = error(
    "plan.unknown_zone",
    "{zone} is not a time zone",
    "{zone} 不是有效的时区",
    todo="Use an IANA name such as Asia/Shanghai.",
    todo_zh="请使用 IANA 名称，例如 Asia/Shanghai。",
)
UNKNOWN_CURRENCY = error(
    "plan.unknown_currency",
    "{currency} is not a currency",
    "{currency} 不是有效的货币",
    todo="Use an ISO 4217 code such as CNY.",
    todo_zh="请使用 ISO 4217 代码，例如 CNY。",
)
UNKNOWN_METRIC = error(
    "plan.unknown_metric",
    "there is no metric `{metric}`",
    "没有指标 `{metric}`",
    todo="Use one of {known}, or describe one of your own under `outside`.",
    todo_zh="可用：{known}；外部指标请在 `outside` 中说明。",
)
NAME_TAKEN = error(
    "plan.name_taken",
    "`{name}` is built in and cannot be declared",
    "`{name}` 是内置名称，不能声明",
    todo="Choose another name.",
    todo_zh="请换一个名称。",
)
REPEATED_TASK = error(
    "plan.repeated_task",
    "another task has the id `{task}` already",
    "任务编号 `{task}` 重复",
    todo="Give every task and sub-task an id of its own.",
    todo_zh="请为每个任务和子任务设置不同的编号。",
)
UNKNOWN_EVENT_TYPE = warning(
    "plan.unknown_event_type",
    "`{type}` is not a known event type; nothing can be asked of its data",
    "`{type}` 不是已知的事件类型；无法使用其数据字段",
    todo="If the platform sends it, declare it under `events` with a JSON Schema of its data.",
    todo_zh="如果平台会发送该事件，请在 `events` 中用 JSON Schema 声明。",
)

# Rewards and money

NOT_ONE_THING = error(
    "plan.not_one_thing",
    "a reward line gives exactly one thing; this one gives {count}",
    "每行奖励只能发放一种东西；此行有 {count} 种",
    todo="Write one line for each: {known}.",
    todo_zh="请分行书写：{known}。",
)
LINE_NEEDS = error(
    "plan.reward_line_needs", "`{thing}` needs `{key}` beside it", "`{thing}` 需要同时写明 `{key}`"
)
LINE_HAS_NO = error(
    "plan.reward_line_has_no", "`{key}` means nothing beside `{thing}`", "`{key}` 与 `{thing}` 同用没有意义"
)
NESTED_VARIANTS = error(
    "plan.nested_variants",
    "what a case or an arm gives is the same for everybody who gets it",
    "分支或实验组中的奖励不能再分支",
    todo="Write the cases beside each other, or the other choice as a line of its own.",
    todo_zh="请将各分支并列书写，或另起一行。",
)
VARIANT_VARIES = error(
    "plan.variant_varies",
    "a case or an arm gives a fixed amount, not {low} to {high}",
    "分支或实验组中的数量须为固定值，而不是 {low} 至 {high}",
)
ARM_MISSING = error(
    "plan.arm_missing",
    "nothing is said of {arms} of `{experiment}`",
    "未写明实验 `{experiment}` 的 {arms} 组",
    todo="Say what every arm gives; `[]` is nothing.",
    todo_zh="请写明每一组的奖励；`[]` 表示不发放。",
)
ROLLOUT_SHRINKS = error(
    "plan.rollout_shrinks",
    "a step of the rollout is later and larger than the one before it",
    "灰度的每一步必须晚于且大于前一步",
)
ROLLOUT_STAYS = warning(
    "plan.rollout_stays",
    "the rollout ends at {share}: the others take part only after a command",
    "灰度止于 {share}：其余会员须经命令放开后才能参与",
    todo="Add a step of 100%, or open it by hand: festoon plan rollout.",
    todo_zh="请增加 100% 的一步，或使用 festoon plan rollout 手动放开。",
)
NOT_SHARED = error(
    "plan.not_shared",
    "campaigns cannot share a cap of `{of}`: it is not the platform's",
    "`{of}` 不属于平台，不能设置跨活动上限",
    todo="Use one of {known}; for an asset of the plan's own use `caps` of a mechanic.",
    todo_zh="可用：{known}；方案自有资产请使用玩法的 `caps`。",
)
UNUSED_CAP = warning(
    "plan.unused_cap",
    "nothing in this plan gives what `{name}` caps: {of}",
    "方案中没有玩法发放 `{name}` 所限制的 {of}",
)
UNUSED_EXPERIMENT = warning(
    "plan.unused_experiment",
    "nothing that is given depends on `{name}`",
    "没有任何奖励使用实验 `{name}`",
    todo="Name it in a reward line: `{{experiment: {name}, arms: {{…}}}}`.",
    todo_zh="请在奖励行中使用：`{{experiment: {name}, arms: {{…}}}}`。",
)
NOT_POSITIVE = error(
    "plan.not_positive", "at least 1 is given, not {given}", "发放数量至少为 1，而不是 {given}"
)
RANGE_TURNED = error(
    "plan.range_turned",
    "the range runs from {low} down to {high}",
    "范围从 {low} 到 {high}，上下颠倒",
    todo="Write the smaller number first.",
    todo_zh="请把较小的数写在前面。",
)
EMPTY_REWARD = error(
    "plan.empty_reward",
    "the reward gives nothing",
    "奖励是空的",
    todo="Give it a line.",
    todo_zh="请写明给什么。",
)
NO_CHANCES_HERE = error(
    "plan.no_chances_here",
    "`{mechanic}` is of kind {kind}, which has no chances",
    "`{mechanic}` 的类型是 {kind}，没有抽奖机会",
    todo="Name a draw.",
    todo_zh="请填写抽奖玩法的编号。",
)
NEGATIVE_MONEY = error("plan.negative_money", "{amount} is below zero", "{amount} 小于零")
TOO_MANY_DECIMALS = error(
    "plan.too_many_decimals",
    "{amount} has more decimal places than {currency}, which has {places}",
    "{amount} 的小数位超过 {currency} 的 {places} 位",
)
TOO_MUCH_MONEY = error(
    "plan.too_much_money", "{amount} is more than can be counted", "{amount} 超出可计数的范围"
)
COST_WITHOUT_LINE = error(
    "plan.cost_without_line",
    "`{name}` costs something, and no budget line pays for it",
    "`{name}` 有成本，但没有预算科目承担",
    todo="Set `line` to one of: {known}.",
    todo_zh="请设置 `line`，可选：{known}。",
)
STOCK_WITHOUT_LINE = warning(
    "plan.stock_without_line",
    "`{name}` has a stock, and no cost on any budget line",
    "`{name}` 有库存，但没有计入任何预算科目的成本",
    todo="Set `cost` and `line`, so that the budget knows of it.",
    todo_zh="请设置 `cost` 和 `line`，以便计入预算。",
)
OVER_BUDGET = error(
    "plan.over_budget",
    "at its most `{mechanic}` costs {worst} {currency}, and the line `{line}` has {amount}",
    "`{mechanic}` 最多花费 {worst} {currency}，而科目 `{line}` 只有 {amount}",
    todo="Raise the line, lower the reward, or set a limit or a stock.",
    todo_zh="请增加预算、降低奖励，或设置次数上限或库存。",
)
LINE_OVERDRAWN = warning(
    "plan.line_overdrawn",
    "all together could cost the line `{line}` {worst} {currency}; it has {amount}, and stops there",
    "科目 `{line}` 最多可能花费 {worst} {currency}，而预算为 {amount}；到额后将停止发放",
)
NO_BOUND = warning(
    "plan.no_bound",
    "nothing bounds what `{mechanic}` can cost; the line `{line}` stops it at {amount} {currency}",
    "`{mechanic}` 的花费没有上限；科目 `{line}` 到 {amount} {currency} 时将停止发放",
    todo="Set `limits.total` or a stock, and `max` or a cap where an amount is computed, if that is not what is meant.",
    todo_zh="如非本意，请设置 `limits.total` 或库存；按金额计算时还需设置 `max` 或上限（caps）。",
)
EDITION_AND_STOCK = error(
    "plan.edition_and_stock",
    "an edition of {edition} cannot have a stock of {stock}",
    "限量 {edition} 件不能有 {stock} 件库存",
    todo="Leave `stock` out: an edition is its own stock.",
    todo_zh="请去掉 `stock`：限量数即库存。",
)
NOT_ONE_VALUE = error(
    "plan.coupon_value",
    "a coupon says exactly one of `value`, `percent` and `free_shipping`",
    "优惠券须且只能写明 `value`、`percent`、`free_shipping` 之一",
)
SHARE_OUT_OF_RANGE = error(
    "plan.share_out_of_range", "{given} is not between {low} and {high}", "{given} 不在 {low} 与 {high} 之间"
)
NEVER_GIVEN = warning(
    "plan.never_given",
    "no mechanic gives `{name}`",
    "没有玩法会发放 `{name}`",
    todo="Give it somewhere, or leave it out.",
    todo_zh="请在某处发放，或删除。",
)

# Times

PHASES_TURNED = error(
    "plan.phases_turned",
    "`{later}` is before `{earlier}`",
    "`{later}` 早于 `{earlier}`",
    todo="The order is: warm_up, start, end, settle, archive.",
    todo_zh="顺序为：warm_up、start、end、settle、archive。",
)
OUTSIDE_SCHEDULE = warning(
    "plan.outside_schedule",
    "{moment} lies outside the campaign ({start} to {end})",
    "{moment} 不在活动期间（{start} 至 {end}）",
)
EXPIRES_TOO_SOON = warning(
    "plan.expires_too_soon",
    "`{name}` is valid until {until}, and the campaign ends on {end}: what is given in between has lapsed",
    "`{name}` 有效期至 {until}，早于活动结束日 {end}：此后发放的会立即失效",
)
ENDS_BEFORE_IT_BEGINS = error(
    "plan.ends_before_it_begins", "this ends before it begins", "结束时间早于开始时间"
)
MOMENT_OUT_OF_REACH = error("plan.moment_out_of_reach", "{moment} is too far away", "{moment} 过于遥远")
CALENDAR_UNKNOWN = warning(
    "plan.calendar_unknown",
    "China's working days of {year} have not been announced; Monday to Friday is used until they are",
    "{year} 年的法定节假日安排尚未公布；在公布之前按周一至周五计算",
    todo="Add the days you know under `calendar.off` and `calendar.work`.",
    todo_zh="已知的日期可写入 `calendar.off` 和 `calendar.work`。",
)

# Mechanics

NO_MECHANICS = warning(
    "plan.no_mechanics", "the plan has no mechanics; nothing will happen", "方案没有任何玩法"
)
NEVER_HOLDS = warning(
    "plan.never_holds",
    "this condition can never hold",
    "该条件永远不会成立",
    todo="Nobody can reach it like this.",
    todo_zh="这样任何人都无法达成。",
)
LIMIT_ZERO = warning(
    "plan.limit_zero", "a limit of {limit} lets nobody through", "上限为 {limit}，任何人都无法参与"
)
NOBODY_GRANTS = warning(
    "plan.nobody_grants",
    "nothing gives chances for `{mechanic}`: none are free, for sale, or in any reward",
    "没有任何途径获得 `{mechanic}` 的机会：既无免费、也不可购买、也没有奖励发放",
    todo="Set `chances.free` or `chances.bought`, or give `{{chances: {mechanic}}}` somewhere.",
    todo_zh="请设置 `chances.free` 或 `chances.bought`，或在奖励中发放 `{{chances: {mechanic}}}`。",
)
BATCH_WITHOUT_STOCK = error(
    "plan.batch_without_stock",
    "codes made beforehand are counted: `batch` takes a `stock`",
    "预先生成的兑换码需要计数：使用 `batch` 时必须设置 `stock`",
)
APPOINTMENT_TOO_LATE = error(
    "plan.appointment_too_late",
    "`{mechanic}` has something to do at {due}, and the campaign is settled at {settle}",
    "`{mechanic}` 预定于 {due} 执行，但活动在 {settle} 已结算",
    todo="Do it earlier, or settle later.",
    todo_zh="请提前该时间，或推迟结算时间。",
)
STANDS_ABOVE = warning(
    "plan.stands_above",
    "`{mechanic}` stands above `{giver}`, and sees the {asset} that it gives only at its next look",
    "`{mechanic}` 排在 `{giver}` 之前，要到下次查看时才能看到其发放的 {asset}",
    todo="Move `{mechanic}` below `{giver}`.",
    todo_zh="请将 `{mechanic}` 移到 `{giver}` 之后。",
)
AFTER_CIRCLE = error(
    "plan.after_circle",
    "these wait for each other: {circle}",
    "以下项目互相等待：{circle}",
    todo="Take one of them out of `after`.",
    todo_zh="请从 `after` 中去掉其中一个。",
)
GRANTS_CIRCLE = error(
    "plan.grants_circle",
    "what each of these gives brings about the next, without end: {circle}",
    "以下玩法发放的奖励会互相触发，没有尽头：{circle}",
    todo="Say in `when` which grants are meant: event.mechanic, event.kind or event.reward.",
    todo_zh="请在 `when` 中说明针对哪些发放：event.mechanic、event.kind 或 event.reward。",
)
MERGED_NEEDS_LIMIT = error(
    "plan.merged_needs_limit",
    "`{mechanic}` has no `limits.per_member`, so a merge of accounts takes nothing back",
    "`{mechanic}` 没有 `limits.per_member`，合并账号时不会收回任何奖励",
    todo="Say how often one person may have it: `limits: {{per_member: 1}}`.",
    todo_zh="请写明每人可获得几次：`limits: {{per_member: 1}}`。",
)
NOT_A_TASK = error(
    "plan.not_a_task",
    "`{name}` is a {kind}, and a set is made of tasks",
    "`{name}` 的类型是 {kind}，任务集只能由任务组成",
    todo="Name tasks, or sets of tasks.",
    todo_zh="请填写任务或任务集的名称。",
)
UNKNOWN_CAP = warning(
    "plan.unknown_cap",
    "`{mechanic}` gives no `{asset}`, so this cap holds nothing",
    "`{mechanic}` 不发放 `{asset}`，此上限无效",
)

# Goals and the rest

TARGET_OR_LIFT = error(
    "plan.target_or_lift",
    "a goal says exactly one of `target` and `lift`",
    "目标须且只能写明 `target` 与 `lift` 之一",
)
LIFT_WITHOUT_BASELINE = error(
    "plan.lift_without_baseline",
    "a lift needs a `baseline` to be lifted from",
    "提升幅度需要写明基线 `baseline`",
    todo="Write `baseline: 28 days before start`, or a value.",
    todo_zh="例如 `baseline: 28 days before start`，或给出数值。",
)
BASELINE_VALUE = error(
    "plan.baseline_value",
    "a baseline is either a `value` or a time from `since` to `until`",
    "基线应为 `value`，或 `since` 至 `until` 的时间段",
)
DUE_TOO_EARLY = warning(
    "plan.due_too_early", "this is due before the campaign starts", "截止时间早于活动开始"
)
RISK_WITHOUT_RESPONSE = warning(
    "plan.risk_without_response",
    "the risk `{risk}` (impact × likelihood = {score}) has no response",
    "风险 `{risk}`（影响 × 可能性 = {score}）没有应对措施",
    todo="Say what will be done, by whom, by when.",
    todo_zh="请写明措施、负责人和时间。",
)
RISK_WITHOUT_OWNER = warning(
    "plan.risk_without_owner",
    "nobody owns the response to the risk `{risk}`",
    "风险 `{risk}` 的应对没有负责人",
)
SIGNAL_WITHOUT_BOUND = error(
    "plan.signal_without_bound", "a signal says `above` or `below`", "信号须写明 `above` 或 `below`"
)
NO_TWO_SIDES = warning(
    "plan.no_two_sides",
    "two sides of members cannot be compared by {metric}; they can by {known}",
    "两组会员之间无法比较 {metric}；可比较的有：{known}",
    todo="Judge it by `target` or `before_after`, or take another metric.",
    todo_zh="请改用 `target` 或 `before_after`，或更换指标。",
)
NOBODY_HELD_OUT = warning(
    "plan.nobody_held_out",
    "this is judged against those held out, and nobody is",
    "该项与对照组对比评估，但方案未设置对照组",
    todo="Say in `audience` how many: `holdout: 5%`.",
    todo_zh="请在 `audience` 中设置，例如 `holdout: 5%`。",
)
EVALUATION_MISSING = warning(
    "plan.evaluation_missing",
    "nothing says how the campaign will be judged",
    "没有说明如何评估活动效果",
    todo="Add criteria under `evaluation`, such as participation a week after the end.",
    todo_zh="请在 `evaluation` 中添加评估项，例如结束一周后的参与情况。",
)
RISK_OUT_OF_REACH = warning(
    "plan.risk_out_of_reach",
    "nobody reaches `{name}`: it begins at {at} points, and all rules together give {most}",
    "没有人会达到 `{name}`：该阈值为{at}分，而全部规则合计只有{most}分",
)
RISK_UNUSED = warning(
    "plan.risk_unused",
    "no mechanic says in `at_risk` what happens to who is doubtful, so the rules change nothing",
    "没有任何玩法用 `at_risk` 说明如何处理可疑会员，这些规则不起作用",
)
