"""The words for what a new version of a plan changes, and for what becomes of what members have."""

from collections.abc import Mapping


def _in(en: str, zh: str) -> Mapping[str, str]:
    return {"en": en, "zh-Hans": zh}


TEXTS: Mapping[str, Mapping[str, str]] = {
    "campaign": _in("The campaign `{old}` cannot become `{new}`.", "活动 `{old}` 不能改为 `{new}`。"),
    "currency": _in("The budget's currency changes from {old} to {new}.", "预算货币由 {old} 改为 {new}。"),
    "timezone": _in(
        "Days are counted in {new} instead of {old}, from the moment it takes over.",
        "自生效起，日期按 {new} 计算（原为 {old}）。",
    ),
    "schedule": _in("`{phase}` moves from {old} to {new}.", "`{phase}` 由 {old} 改为 {new}。"),
    "calendar": _in(
        "The working calendar changes; waits that have begun keep their date.",
        "工作日历有变；已开始的等待保持原定日期。",
    ),
    "audience": _in(
        "Who may take part changes from `{old}` to `{new}`.", "参与条件由 `{old}` 改为 `{new}`。"
    ),
    "holdout_up": _in(
        "The hold-out grows from {old} to {new}: some who took part until now are held out, which spoils the"
        " comparison.",
        "对照组由 {old} 扩大到 {new}：部分已参与的会员会进入对照组，影响对比结果。",
    ),
    "holdout_down": _in(
        "The hold-out shrinks from {old} to {new}: some who were held out may take part now.",
        "对照组由 {old} 缩小到 {new}：部分原对照组会员可以参与。",
    ),
    "line_new": _in(
        "Budget line `{line}` is new: {amount} {currency}.", "新增预算科目 `{line}`：{amount} {currency}。"
    ),
    "line_gone": _in(
        "Budget line `{line}` ({amount} {currency}) is gone.",
        "取消预算科目 `{line}`（{amount} {currency}）。",
    ),
    "line_up": _in(
        "Budget line `{line}`: {delta}, from {old} to {new}.",
        "预算科目 `{line}`：{delta}，由 {old} 改为 {new}。",
    ),
    "line_down": _in(
        "Budget line `{line}`: {delta}, from {old} to {new}; refused if that much is no longer left.",
        "预算科目 `{line}`：{delta}，由 {old} 改为 {new}；余额不足时将被拒绝。",
    ),
    "line_source": _in(
        "Budget line `{line}` is paid by {new} instead of {old}; what was put in before stays {old}'s.",
        "预算科目 `{line}` 改由 {new} 承担（原为 {old}）；此前投入仍记在 {old} 名下。",
    ),
    "stock_up": _in(
        "Stock of `{name}`: {delta}, from {old} to {new}.", "`{name}` 库存：{delta}，由 {old} 改为 {new}。"
    ),
    "stock_down": _in(
        "Stock of `{name}`: {delta}, from {old} to {new}; refused if that many are no longer left.",
        "`{name}` 库存：{delta}，由 {old} 改为 {new}；余量不足时将被拒绝。",
    ),
    "mechanic_new": _in("Mechanic `{id}` ({kind}) is new.", "新增玩法 `{id}`（{kind}）。"),
    "mechanic_gone": _in(
        "Mechanic `{id}` ({kind}) is gone; its timers come to nothing.",
        "取消玩法 `{id}`（{kind}）；其定时任务作废。",
    ),
    "mechanic_kind": _in(
        "Mechanic `{id}` cannot turn from {old} into {new}; give the new one another id.",
        "玩法 `{id}` 不能由 {old} 改为 {new}；请为新玩法使用另一个编号。",
    ),
    "for_good": _in(
        "`{key}` of `{id}` stands for good, since what was given rests on it; make it another mechanic.",
        "`{id}` 的 `{key}` 发布后不可更改，已发放的内容以其为准；请另建一个玩法。",
    ),
    "mechanic": _in("Mechanic `{id}` changes: {keys}.", "玩法 `{id}` 有变：{keys}。"),
    "goal": _in(
        "`{id}`: what members did so far counts towards the new goal; who has passed it already is"
        " rewarded with his next event.",
        "`{id}`：会员已有的进度计入新目标；已超过新目标者在下一个事件时获得奖励。",
    ),
    "window": _in(
        "`{id}`: the days members counted so far are looked at through the new window.",
        "`{id}`：会员已有的记录按新的时间窗口计算。",
    ),
    "experiment": _in(
        "Arms and weights of the experiment `{name}` stand for good; make it another experiment.",
        "实验 `{name}` 的分组和权重发布后不可更改；请另建一个实验。",
    ),
    "learning": _in(
        "Success and contexts of the experiment `{name}` stand for good, since what it learned is about them; make it"
        " another experiment.",
        "实验 `{name}` 的成功条件和人群发布后不可更改，已学到的内容以其为准；请另建一个实验。",
    ),
    "mechanics_order": _in("Mechanics run in another order: {order}.", "玩法的执行顺序有变：{order}。"),
    "added": _in("`{name}` is new in `{section}`.", "`{section}` 新增 `{name}`。"),
    "removed": _in("`{name}` is gone from `{section}`.", "`{section}` 去掉 `{name}`。"),
    "changed": _in(
        "`{name}` in `{section}` changes, for what is given from now on.",
        "`{section}` 中的 `{name}` 有变，对此后发放的生效。",
    ),
    "section": _in("`{section}` changes.", "`{section}` 有变。"),
    "carried_on": _in(
        "Members' progress, chances and streaks carry on, and half-done tasks go on.",
        "会员的进度、机会和连续记录延续，未完成的任务继续进行。",
    ),
    "kept_unused": _in(
        "What members have of it stays theirs; its progress, chances and stock are kept and have no use.",
        "会员已获得的仍归会员所有；其进度、机会和库存保留但不再使用。",
    ),
    "fresh": _in("Everybody starts fresh in it.", "所有会员从零开始。"),
    "refused": _in("This cannot be done in a new version.", "新版本不能这样修改。"),
}
