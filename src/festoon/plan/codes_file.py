"""What can be wrong with the file of a plan: its text, its YAML, and values of the wrong shape."""

from festoon.plan.problems import error

NOT_UTF8 = error(
    "plan.not_utf8",
    "the file is not UTF-8 from here on",
    "从此处起文件不是 UTF-8 编码",
    todo="Save it as UTF-8.",
    todo_zh="请另存为 UTF-8 编码。",
)
TOO_LARGE = error(
    "plan.too_large",
    "the plan is larger than {limit} bytes",
    "方案超过 {limit} 字节",
    todo="Keep materials outside.",
    todo_zh="物料请放在方案之外。",
)
LINE_TOO_LONG = error(
    "plan.line_too_long",
    "the line is longer than {limit} characters",
    "该行超过 {limit} 个字符",
    todo="Break it up.",
    todo_zh="请拆成多行。",
)
TOO_MANY_VALUES = error(
    "plan.too_many_values", "the plan has more than {limit} values", "方案中的值超过 {limit} 个"
)
TOO_DEEP = error("plan.too_deep", "this is nested deeper than {limit} levels", "嵌套超过 {limit} 层")
HIDDEN_CHARACTER = error(
    "plan.hidden_character",
    "the character {character} cannot be seen and may not be used",
    "不可见字符 {character} 不能使用",
    todo="Delete it and type the text again.",
    todo_zh="请删除后重新输入。",
)
EMPTY = error(
    "plan.empty",
    "there is nothing in the plan",
    "方案是空的",
    todo="Start from an example plan.",
    todo_zh="请从示例方案开始。",
)
SEVERAL_DOCUMENTS = error(
    "plan.several_documents",
    "another document starts here; a file holds one plan",
    "此处开始了另一个文档；一个文件只放一个方案",
    todo="Delete the line `---`.",
    todo_zh="请删除 `---` 这一行。",
)
TAB = error(
    "plan.tab",
    "a tab cannot be used to indent",
    "不能用制表符缩进",
    todo="Use spaces.",
    todo_zh="请改用空格。",
)
INDENTATION = error(
    "plan.indentation",
    "a `key: value` does not fit in here; the indentation or a quote is probably not right",
    "此处不能出现“键: 值”；缩进或引号可能有误",
    todo="Line it up with its neighbours, and put quotes around a text that contains `: `.",
    todo_zh="请与相邻行对齐；含有“: ”的文字请加引号。",
)
CUT_OFF = error(
    "plan.cut_off",
    "the file ends in the middle: a bracket or a quote is not closed",
    "文件在中途结束：括号或引号没有闭合",
    todo="Close it.",
    todo_zh="请补全。",
)
COLON_MISSING = error(
    "plan.colon_missing",
    "a `:` is missing after a key",
    "键后面缺少“:”",
    todo="Write `key: value`.",
    todo_zh="请写作“键: 值”。",
)
RESERVED_CHARACTER = error(
    "plan.reserved_character",
    "a value cannot begin with {character}",
    "值不能以 {character} 开头",
    todo="Put the value in quotes.",
    todo_zh="请给该值加引号。",
)
ESCAPE = error(
    "plan.escape",
    "this escape is not known in a double-quoted text",
    "双引号文本中没有这种转义",
    todo="Use single quotes, where nothing is escaped.",
    todo_zh="请改用单引号（不转义）。",
)
YAML = error("plan.yaml", "this is not YAML: {reason}", "这不是合法的 YAML：{reason}")
DUPLICATE_KEY = error(
    "plan.duplicate_key",
    "`{key}` stands here a second time; the first is on line {first}",
    "`{key}` 重复；第一次出现在第 {first} 行",
    todo="Keep one of them.",
    todo_zh="请只保留一个。",
)
ANCHOR = error(
    "plan.anchor",
    "anchors, aliases and merge keys (`&`, `*`, `<<`) are not used in plans",
    "方案中不使用锚点、别名和合并键（`&`、`*`、`<<`）",
    todo="Give the reward a name under `rewards`, and use the name.",
    todo_zh="请在 `rewards` 中命名后引用名称；以 `*`、`&` 开头的文字请加引号。",
)
TAG = error(
    "plan.tag",
    "tags (`!…`) are not used in plans",
    "方案中不使用标签（`!…`）",
    todo="Put the value in quotes.",
    todo_zh="请给该值加引号。",
)
KEY_NOT_TEXT = error("plan.key_not_text", "a key is a plain word", "键必须是普通文字")
NO_SUCH_DATE = error(
    "plan.no_such_date",
    "{value} is not a date that exists",
    "{value} 不是存在的日期",
    todo="Dates are written 2027-02-05; put a text that only looks like one in quotes.",
    todo_zh="日期写作 2027-02-05；形似日期的文字请加引号。",
)
NUMBER_TOO_LARGE = error(
    "plan.number_too_large",
    "the number is too large or too long; at most {limit}",
    "数字过大或过长；上限为 {limit}",
)

UNKNOWN_KEY = error(
    "plan.unknown_key",
    "there is no `{key}` here",
    "此处没有 `{key}`",
    todo="Known here: {known}.",
    todo_zh="可用：{known}。",
)
MISSING_KEY = error(
    "plan.missing_key",
    "`{key}` is missing",
    "缺少 `{key}`",
    todo="Add a line `{key}: …`.",
    todo_zh="请补充 `{key}: …`。",
)
EXPECTED_TEXT = error(
    "plan.expected_text",
    "a text is wanted here",
    "此处应为文字",
    todo="Put it in quotes if it is meant as a text.",
    todo_zh="如果是文字，请加引号。",
)
EXPECTED_INTEGER = error("plan.expected_integer", "a whole number is wanted here", "此处应为整数")
EXPECTED_NUMBER = error("plan.expected_number", "a number is wanted here", "此处应为数字")
EXPECTED_SHARE = error("plan.expected_share", "a share such as 5% is wanted here", "此处应为百分比，例如 5%")
EXPECTED_BOOL = error("plan.expected_bool", "`true` or `false` is wanted here", "此处应为 `true` 或 `false`")
EXPECTED_DATE = error(
    "plan.expected_date", "a date such as 2027-02-05 is wanted here", "此处应为日期，例如 2027-02-05"
)
EXPECTED_LIST = error(
    "plan.expected_list",
    "a list is wanted here",
    "此处应为列表",
    todo="Write `[…]`, or one `- …` a line.",
    todo_zh="请写作 `[…]`，或每行一个 `- …`。",
)
EXPECTED_MAPPING = error(
    "plan.expected_mapping",
    "`key: value` pairs are wanted here",
    "此处应为“键: 值”",
    todo="Known keys: {known}.",
    todo_zh="可用的键：{known}。",
)
EXPECTED_OTHER = error("plan.expected_other", "{expected} is wanted here", "此处应为 {expected}")
NOT_ONE_OF = error(
    "plan.not_one_of",
    "{given} is not one of the choices here",
    "{given} 不是此处的可选值",
    todo="Choose one of: {known}.",
    todo_zh="可选：{known}。",
)
OUT_OF_RANGE = error("plan.out_of_range", "{given} is out of range: {rule}", "{given} 超出范围：{rule}")
NOT_THIS_FORM = error(
    "plan.not_this_form",
    "{given} is not written as it should be here",
    "{given} 的写法不对",
    todo="{rule}",
    todo_zh="格式：{rule}",
)
WRONG_LENGTH = error(
    "plan.wrong_length", "there are {given} here, and {rule} are wanted", "此处有 {given} 个，应为 {rule}"
)
NOT_RIGHT = error("plan.not_right", "this cannot be right: {reason}", "此处有误：{reason}")
