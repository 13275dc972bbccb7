"""What can be wrong with an expression: found when it is written, so that nothing is left to run time."""

from typing import Any

from festoon.base.errors import Invalid, define

EMPTY = define("expression.empty", 400, "There is nothing to decide on", "表达式为空")
SYNTAX = define(
    "expression.syntax",
    400,
    "This cannot be read as an expression, from `{found}` on",
    "从 `{found}` 起无法作为表达式解读",
)
UNFINISHED = define(
    "expression.unfinished",
    400,
    "Something is missing at the end of the expression",
    "表达式不完整，末尾缺少内容",
)
TOO_LONG = define(
    "expression.too_long",
    400,
    "The expression is longer than {limit} characters",
    "表达式超过 {limit} 个字符",
)
TOO_DEEP = define(
    "expression.too_deep",
    400,
    "The expression is nested deeper than {limit} levels",
    "表达式嵌套超过 {limit} 层",
)
TOO_MANY_PARTS = define(
    "expression.too_many_parts",
    400,
    "The expression has more than {limit} parts",
    "表达式的组成部分超过 {limit} 个",
)
TEXT_TOO_LONG = define(
    "expression.text_too_long",
    400,
    "A text in an expression may have {limit} characters at the most",
    "表达式中的文本最多 {limit} 个字符",
)
NUMBER_TOO_LARGE = define(
    "expression.number_too_large",
    400,
    "The number is larger than {limit} here",
    "此处的数字大于 {limit}",
)
HIDDEN_CHARACTER = define(
    "expression.hidden_character",
    400,
    "The character {character} cannot be seen and may not be used",
    "不可见字符 {character} 不能使用",
)
CHARACTER = define(
    "expression.character",
    400,
    "The character {character} has no meaning here",
    "字符 {character} 在此处没有意义",
)
NOT_ALLOWED = define(
    "expression.not_allowed",
    400,
    "`{found}` is not allowed in an expression",
    "表达式中不允许使用 `{found}`",
)
UNKNOWN_FIELD = define(
    "expression.unknown_field",
    400,
    "There is no field `{name}` here",
    "此处没有字段 `{name}`",
    todo="The fields known here are: {known}.",
    todo_zh="此处可用的字段：{known}。",
)
FIELD_IN_SOME = define(
    "expression.field_in_some",
    400,
    "`{name}` is known for {known_to}, but not for {unknown_to}",
    "`{name}` 只存在于 {known_to}，不存在于 {unknown_to}",
    todo="Write one mechanic for each event type, or use a field that all of them have.",
    todo_zh="请按事件类型分别编写，或改用它们共有的字段。",
)
FIELD_DIFFERS = define(
    "expression.field_differs",
    400,
    "`{name}` is not of the same kind in all of {types}",
    "`{name}` 在 {types} 中的类型不一致",
    todo="Write one mechanic for each event type.",
    todo_zh="请按事件类型分别编写。",
)
UNKNOWN_FUNCTION = define(
    "expression.unknown_function",
    400,
    "There is no function `{name}` here",
    "此处没有函数 `{name}`",
    todo="The functions known here are: {known}.",
    todo_zh="此处可用的函数：{known}。",
)
UNKNOWN_VALUE = define(
    "expression.unknown_value",
    400,
    "{value} is not one of the values of {name}",
    "{value} 不是 {name} 的可选值",
    todo="It is one of: {known}.",
    todo_zh="可选值：{known}。",
)
WRONG_TYPE = define(
    "expression.wrong_type",
    400,
    "`{found}` is of kind {kind}, and {wanted} is wanted here",
    "`{found}` 的类型是 {kind}，此处需要 {wanted}",
)
NOT_COMPARABLE = define(
    "expression.not_comparable",
    400,
    "{left} and {right} cannot be compared by `{operator}`",
    "{left} 与 {right} 不能用 `{operator}` 比较",
)
WRONG_ARGUMENTS = define(
    "expression.wrong_arguments",
    400,
    "This is not how `{name}` is called; it is written {usage}",
    "`{name}` 的用法不对，应写作 {usage}",
)
WRONG_DATE = define(
    "expression.wrong_date",
    400,
    "{value} is not a {kind} that exists",
    "{value} 不是存在的 {kind}",
    todo='Dates are written "2027-02-05", moments "2027-02-05T20:00" (in the campaign\'s time zone).',
    todo_zh='日期写作 "2027-02-05"，时刻写作 "2027-02-05T20:00"（活动所在时区）。',
)
DIVISION_BY_ZERO = define("expression.division_by_zero", 400, "This divides by zero", "此处除以零")
NO_COLUMN = define("expression.no_column", 400, "No column is given for `{name}`", "没有为 `{name}` 提供列")
WRONG_COLUMN = define(
    "expression.wrong_column",
    400,
    "The column given for `{name}` is {found}, and {wanted} is wanted",
    "为 `{name}` 提供的列是 {found}，需要 {wanted}",
)

_DID_YOU_MEAN = {"en": "Did you mean {suggestion}?", "zh": "是否应为 {suggestion}？"}


class ExpressionError(Invalid):
    """An expression that cannot be used. `line` and `column` count from 1, in characters of the text as
    given.

    `place` is `line:column`; whoever knows where the text itself stands (a plan's path) may put that before
    it.
    """

    def __init__(self, code: str, /, place: str = "", *, line: int = 1, column: int = 1, **data: Any) -> None:
        super().__init__(code, place or f"{line}:{column}", line=line, column=column, **data)
        self.line = line
        self.column = column

    @property
    def suggestion(self) -> str:
        """What was probably meant, ready to be put in place of what was written; or an empty string."""
        return str(self.data.get("suggestion", ""))

    def todo(self, language: str = "en") -> str:
        if not self.suggestion:
            return super().todo(language)
        spoken = "zh" if language.startswith("zh") else "en"
        return _DID_YOU_MEAN[spoken].format(suggestion=self.suggestion)
