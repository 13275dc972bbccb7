"""What can be wrong with a file of events and with one of its rows."""

from collections.abc import Iterable
from difflib import get_close_matches

from festoon.base.errors import define

FILE_MISSING = define("file.missing", 404, "There is no file {file}.", "找不到文件 {file}。")
FORMAT_UNKNOWN = define(
    "file.format_unknown",
    400,
    "The ending of {file} does not say what it is.",
    "无法从 {file} 的后缀判断格式。",
    todo="Write format: csv, ndjson or parquet in the map.",
    todo_zh="请在映射中写明 format：csv、ndjson 或 parquet。",
)
COLUMN_MISSING = define(
    "file.column_missing",
    400,
    "There is no column {column}. {near}",
    "没有名为 {column} 的列。{near}",
    todo="Correct the column's name in the map. The file has: {known}.",
    todo_zh="请更正映射中的列名。文件中有：{known}。",
)
HEADER_DUPLICATE = define(
    "file.header_duplicate",
    400,
    "The header names {column} twice.",
    "表头中 {column} 出现了两次。",
    todo="Rename one of the two columns.",
    todo_zh="请重命名其中一列。",
)
EMPTY = define("file.empty", 400, "The file is empty.", "文件是空的。")
ENCODING = define(
    "file.encoding",
    400,
    "This is not {encoding}.",
    "内容不是 {encoding} 编码。",
    todo="Save the file as UTF-8, or write its encoding in the map: utf-8, gb18030 or big5.",
    todo_zh="请将文件另存为 UTF-8，或在映射中写明编码：utf-8、gb18030 或 big5。",
)
LINE_TOO_LONG = define(
    "file.line_too_long",
    400,
    "The line is longer than {limit} bytes.",
    "该行超过 {limit} 字节。",
    todo="See whether the lines of the file end with a line feed, and whether a quote is left open.",
    todo_zh="请检查文件的行是否以换行符结尾，以及是否有未闭合的引号。",
)
CUT_OFF = define(
    "file.cut_off",
    400,
    "The file ends in the middle; {events} events before that are whole.",
    "文件不完整，中途截断；此前有 {events} 个完整事件。",
    todo="Fetch the file again and import it again: what is in already is not done twice. "
    "If a CSV file is whole and only lacks the last line feed, write last_line: open in the map.",
    todo_zh="请重新获取文件并再次导入：已导入的事件不会重复处理。"
    "若 CSV 文件完整、仅缺末尾换行符，请在映射中写 last_line: open。",
)
DAMAGED = define(
    "file.damaged",
    400,
    "The file cannot be read any further: {reason}. {events} events before that are whole.",
    "文件无法继续读取：{reason}。此前有 {events} 个完整事件。",
    todo="Fetch the file again and import it again: what is in already is not done twice.",
    todo_zh="请重新获取文件并再次导入：已导入的事件不会重复处理。",
)
ROW_UNREADABLE = define(
    "file.row_unreadable", 400, "The row cannot be read: {reason}.", "该行无法读取：{reason}。"
)
ROW_WIDTH = define(
    "file.row_width",
    400,
    "The row has {cells} cells; the header has {columns}.",
    "该行有 {cells} 个单元格，而表头有 {columns} 列。",
    todo="See whether a cell holds the delimiter or a line break without quotes around it.",
    todo_zh="请检查单元格内是否有未加引号的分隔符或换行。",
)
CELL_MISSING = define(
    "file.cell_missing",
    400,
    "{column} is empty, and {field} needs it.",
    "{column} 为空，而 {field} 需要它。",
)
CELL_INVALID = define(
    "file.cell_invalid",
    400,
    "{column} holds {value}, which does not read as {expected}.",
    "{column} 的值 {value} 无法按 {expected} 解读。",
)
CELL_INEXACT = define(
    "file.cell_inexact",
    400,
    "{column} holds {value}, which has more than {scale} decimals.",
    "{column} 的值 {value} 超过 {scale} 位小数。",
    todo="Raise scale in the map, or write how to round: rounding: half_up.",
    todo_zh="请在映射中增大 scale，或写明取整方式：rounding: half_up。",
)
CELL_UNMAPPED = define(
    "file.cell_unmapped",
    400,
    "{column} holds {value}, which is not among the values of the map.",
    "{column} 的值 {value} 不在映射的取值之中。",
    todo="Add it under values.",
    todo_zh="请在 values 下补充。",
)
ZONE_MISSING = define(
    "file.zone_missing",
    400,
    "{column} holds {value}, a time without an offset, and the map names no zone.",
    "{column} 的值 {value} 没有时区偏移，映射中也没有写明时区。",
    todo="Write the zone of the file's times in the map, such as zone: Asia/Shanghai.",
    todo_zh="请在映射中写明文件时间的时区，例如 zone: Asia/Shanghai。",
)
TIME_AMBIGUOUS = define(
    "file.time_ambiguous",
    400,
    "{value} happens twice in {zone}, when clocks are set back.",
    "{zone} 在时钟回拨时 {value} 出现两次。",
    todo="Write ambiguous: earlier or later in the map.",
    todo_zh="请在映射中写 ambiguous: earlier 或 later。",
)
TIME_SKIPPED = define(
    "file.time_skipped",
    400,
    "{value} does not happen in {zone}, where clocks are set forward.",
    "{zone} 在时钟拨快时 {value} 并不存在。",
    todo="Write skipped: forward in the map to count on from the hour before.",
    todo_zh="请在映射中写 skipped: forward，按此前的偏移顺延。",
)
GROUP_DIFFERS = define(
    "file.group_differs",
    400,
    "{column} differs within the group {group}.",
    "{column} 在分组 {group} 内不一致。",
    todo="Put it under lines, total it, or group by something finer.",
    todo_zh="请放入 lines、用 total 求和，或使用更细的分组。",
)
GROUP_SCATTERED = define(
    "file.group_scattered",
    400,
    "The rows of the group {group} do not stand together.",
    "分组 {group} 的行没有连续排列。",
    todo="Sort the file by {column}; for Parquet, write scattered: true in the map.",
    todo_zh="请按 {column} 排序；Parquet 文件可在映射中写 scattered: true。",
)
NOT_SORTED_HERE = define(
    "file.not_sorted_here",
    400,
    "Only Parquet files are sorted while they are read.",
    "只有 Parquet 文件可以在读取时排序。",
    todo="Sort the file by {column} and take scattered out of the map.",
    todo_zh="请先按 {column} 排序，并从映射中去掉 scattered。",
)
LOOKUP_DUPLICATE = define(
    "file.lookup_duplicate",
    400,
    "{file} has {value} in {column} more than once.",
    "{file} 的 {column} 中 {value} 出现多次。",
)
LOOKUP_TOO_LARGE = define(
    "file.lookup_too_large", 400, "{file} has more than {limit} rows.", "{file} 超过 {limit} 行。"
)


def near(name: str, known: Iterable[str]) -> str:
    """A remark on what may have been meant, or an empty string."""
    close = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"→ {', '.join(close)}?" if close else ""


def shown(value: object) -> str:
    """A cell in an error, no longer than a line can hold."""
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
