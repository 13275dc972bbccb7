"""What can be wrong with the segments of a plan."""

from festoon.plan.problems import error

SEGMENT_WAYS = error(
    "plan.segment_ways",
    "a segment says at most one of `list`, `absent` and `split`; this one says {given}",
    "分群最多写明 `list`、`absent`、`split` 之一；此处写了 {given}",
    todo="Make them two segments, and ask for one of them in the other's `when`.",
    todo_zh="请拆成两个分群，并在 `when` 中引用另一个。",
)
SEGMENT_TWICE = error(
    "plan.segment_twice",
    "there is another segment called `{name}`",
    "已有名为 `{name}` 的分群",
    todo="The parts of a split are segments too; give each a name of its own.",
    todo_zh="分段后的每一部分也是分群；请使用不同的名称。",
)
PARTS_OR_CUTS = error(
    "plan.split_parts_or_cuts",
    "a split says exactly one of `parts` and `cuts`",
    "分段须且只能写明 `parts` 与 `cuts` 之一",
)
SHARES_TOO_LARGE = error(
    "plan.split_shares",
    "the shares come to {sum}, which is more than the whole",
    "各部分合计 {sum}，超过了全体",
    todo="Leave the last part out, and name it under `rest`.",
    todo_zh="可去掉最后一部分，并在 `rest` 中写明其名称。",
)
CUTS_TURNED = error(
    "plan.split_cuts_turned",
    "`{name}` begins at {cut}, which is not below the one before it",
    "`{name}` 的下限 {cut} 不低于前一部分",
    todo="Write the highest cut first.",
    todo_zh="请按从高到低的顺序填写。",
)
NOT_A_LIST = error(
    "plan.segment_not_a_list",
    "`{name}` is not a segment with an uploaded list",
    "`{name}` 不是上传名单的分群",
    todo="Name a segment with `list: uploaded`; there are: {known}.",
    todo_zh="请填写带 `list: uploaded` 的分群；现有：{known}。",
)
NOT_WHOLE = error(
    "plan.split_cut_not_whole",
    "`{name}` begins at {cut}, and this figure is a whole number",
    "`{name}` 的下限为 {cut}，而该指标为整数",
)
