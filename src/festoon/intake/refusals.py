"""Why a request or an event is turned away at the door: the codes, with what the sender can do.

Nothing of this is stored; what was turned away may be corrected and sent again.
"""

import re

import msgspec

from festoon.base.errors import Invalid, define

NOT_JSON = define("request.not_json", 400, "the body is not JSON: {reason}", "请求体不是 JSON：{reason}")
CONTENT_TYPE = define(
    "request.content_type",
    415,
    "the content type '{given}' is not taken here",
    "不支持内容类型“{given}”",
    todo="send application/cloudevents+json, application/cloudevents-batch+json, or JSON with ce- headers, in UTF-8",
    todo_zh="请使用 application/cloudevents+json、application/cloudevents-batch+json，"
    "或带 ce- 请求头的 JSON（UTF-8）",
)
HEADER_TWICE = define(
    "request.header_twice", 400, "the header {name} is there more than once", "请求头{name}出现了多次"
)
HEADER_UNREADABLE = define(
    "request.header_unreadable",
    400,
    "the header {name} is not UTF-8 once its percent signs are decoded",
    "请求头{name}经百分号解码后不是有效的 UTF-8",
    todo="encode it as the HTTP binding of CloudEvents says: the UTF-8 bytes of what is not ASCII, as %XX",
    todo_zh="请按 CloudEvents HTTP 绑定编码：非 ASCII 字符按 UTF-8 字节写成 %XX",
)
TOO_MANY = define(
    "request.too_many_events",
    413,
    "{count} events in one request; at most {limit} are taken",
    "一次请求包含{count}个事件，最多{limit}个",
    todo="send them in several requests",
    todo_zh="请分多次发送",
)
NOT_CLOUDEVENT = define(
    "event.not_cloudevent",
    400,
    "a CloudEvent is a JSON object, and a batch is an array of them",
    "CloudEvent 应为 JSON 对象，批量应为对象数组",
)
ATTRIBUTE_MISSING = define(
    "event.attribute_missing",
    400,
    "the event has no {attribute}",
    "事件缺少属性 {attribute}",
    todo="an event has specversion 1.0, id, source, type, subject (the member) and data",
    todo_zh="事件须包含 specversion 1.0、id、source、type、subject（会员）和 data",
)
ATTRIBUTE_NOT_TEXT = define(
    "event.attribute_not_text", 400, "the event's {attribute} is not text", "事件属性 {attribute} 应为字符串"
)
SOURCE_TAKEN = define(
    "event.source_taken",
    400,
    "the source '{source}' says who is behind the event and is not a platform's to use",
    "来源“{source}”表明事件由谁发起，平台不可使用",
    todo="name your own system as the source",
    todo_zh="请以贵方系统名作为来源",
)
ATTRIBUTE_LENGTH = define(
    "event.attribute_length",
    400,
    "the event's {attribute} has from 1 to {longest} characters",
    "事件属性 {attribute} 应为1至{longest}个字符",
)
WRONG_VERSION = define(
    "event.wrong_version",
    400,
    "specversion '{given}' is not taken",
    "不支持 specversion “{given}”",
    todo="send 1.0",
    todo_zh="请使用 1.0",
)
TIME_INVALID = define(
    "event.time_invalid",
    400,
    "the event's time '{time}' is not an RFC 3339 timestamp with an offset",
    "事件时间“{time}”不是带时区偏移的 RFC 3339 时间",
    todo="write it like 2027-02-10T12:00:00+08:00",
    todo_zh="请写作 2027-02-10T12:00:00+08:00",
)
IN_FUTURE = define(
    "event.in_future",
    400,
    "the event's time {time} lies {seconds} s ahead of ours",
    "事件时间{time}比服务器时间超前{seconds}秒",
    todo="set the sender's clock; up to {allowed} s are forgiven",
    todo_zh="请校准发送方时钟，允许误差{allowed}秒",
)
TOO_LATE = define(
    "event.too_late",
    400,
    "the event happened at {time}, longer than {days} days ago",
    "事件发生于{time}，已超过{days}天",
    todo="import it as history instead: festoon events import",
    todo_zh="请改用历史导入：festoon events import",
)
DATA_NOT_JSON = define(
    "event.data_not_json",
    400,
    "the event's data is JSON here, not {kind}",
    "事件的 data 应为 JSON，而不是 {kind}",
    todo="put the data into `data` as a JSON object",
    todo_zh="请将数据作为 JSON 对象放入 data",
)
TOO_LARGE = define(
    "event.too_large",
    413,
    "the event has {size} bytes; one may have {limit}",
    "事件大小为{size}字节，上限为{limit}字节",
    todo="send a reference to what is large, not the thing itself",
    todo_zh="请发送大内容的引用，而非内容本身",
)
TOO_DEEP = define(
    "event.too_deep",
    400,
    "{field} is nested deeper than {limit} levels",
    "{field}的嵌套超过{limit}层",
)
NUL = define(
    "event.nul_character",
    400,
    "{field} has the character NUL, which cannot be stored",
    "{field}含有无法保存的 NUL 字符",
)
HALF_CHARACTER = define(
    "event.half_character",
    400,
    "{field} has half of a surrogate pair, which is no character",
    "{field}含有不成对的代理字符",
)
NUMBER_TOO_LARGE = define(
    "event.number_too_large",
    400,
    "{field} has a number beyond 63 bits",
    "{field}含有超出63位的数值",
    todo="send long numbers that are names, such as card numbers, as text",
    todo_zh="卡号等长数字请以字符串发送",
)
NOT_YOURS = define(
    "event.not_yours",
    403,
    "this key may not send '{type}'",
    "该密钥无权发送“{type}”",
    todo="platforms' types need the scope events:write, or members:write for registrations; "
    "adjustments need events:operate; some types only Festoon itself makes",
    todo_zh="平台事件需要 events:write，注册类事件也可用 members:write，"
    "调整类事件需要 events:operate；部分类型仅由系统产生",
)

DEEPEST = 64
"""Levels of objects and lists in one event: far from what recursion can take, in every reader of the journal."""

_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


def not_json(error: Exception) -> Invalid:
    """For what a JSON decoder raises that is no ValidationError."""
    reason = f"nested deeper than {DEEPEST} levels" if isinstance(error, RecursionError) else str(error)
    return Invalid(NOT_JSON, reason=reason)


def too_deep(field: str = "data") -> Invalid:
    """For what is nested deeper than DEEPEST."""
    return Invalid(TOO_DEEP, field, field=field, limit=DEEPEST)


def not_an_event(error: msgspec.ValidationError) -> Invalid:
    """For a JSON value that is no CloudEvent."""
    said = str(error)
    if missing := _MISSING.match(said):
        return Invalid(ATTRIBUTE_MISSING, missing["field"], attribute=missing["field"])
    at = _AT.search(said)
    path = at["path"] if at else ""
    if "out of range" in said:
        return Invalid(NUMBER_TOO_LARGE, path or "data", field=path or "data")
    if path:
        return Invalid(ATTRIBUTE_NOT_TEXT, path, attribute=path)
    return Invalid(NOT_CLOUDEVENT)
