"""Why something does not count for a task."""

from festoon.base.errors import define

DONE = define(
    "task.done", 200, "this task is done: {times} of {times} time(s)", "任务已完成（{times}/{times}）"
)
DONE_FOR_NOW = define(
    "task.done_for_now",
    200,
    "this task can be done once {period}, and is done for now",
    "该任务{period}可完成一次，目前已完成",
)
NOT_YET = define("task.not_yet", 200, "'{after}' comes first", "请先完成“{after}”")
OUTSIDE = define(
    "task.outside_window", 200, "{day} is outside the time this task can be done in", "{day}不在任务时间内"
)
COUNTED = define(
    "task.counted_already", 200, "this has been counted already: {what}", "已计入，不重复计算：{what}"
)
