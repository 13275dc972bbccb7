"""Errors and refusals: a stable code, the data behind it, the place, and a text in the reader's language.

The tree:

    FestoonError              something could not be done
    ├── Invalid               what was given cannot be right (400, or the code's own status)
    ├── NotFound              it is not there (404)
    ├── Conflict              it is there, but otherwise (409)
    ├── Forbidden             the caller may not (403)
    ├── Unavailable           not now; may be sent again (503 with Retry-After)
    └── Refused               a mechanic's final answer to an event; changes nothing

Every code is declared once with `define`, beside the code that raises it, with its texts. A test walks the
registry and keeps `docs/reference/errors.md` complete. Traditional Chinese is made of the Simplified texts; what is
filled in stays as it is, but for the few data that are words of ours, such as a period.
"""

from collections.abc import Mapping
from string import Formatter
from typing import Any, ClassVar

from msgspec import Struct

from festoon.base.counting import counted
from festoon.base.traditional import traditional

LANGUAGES = ("en", "zh-Hans", "zh-Hant")


class Code(Struct, frozen=True):
    """One declared code. `texts` are `str.format` templates over the error's data; `todo` says what to do."""

    code: str
    status: int
    texts: dict[str, str]
    todo: dict[str, str] = {}


CODES: dict[str, Code] = {}

STATES: Mapping[str, Mapping[str, str]] = {
    "in_review": {"en": "in review", "zh-Hans": "审核中"},
    "approved": {"en": "approved", "zh-Hans": "已批准"},
    "published": {"en": "published", "zh-Hans": "已发布"},
    "superseded": {"en": "superseded", "zh-Hans": "已被取代"},
    "withdrawn": {"en": "withdrawn", "zh-Hans": "已撤回"},
    "waiting": {"en": "waiting", "zh-Hans": "等待处理"},
    "signed": {"en": "signed", "zh-Hans": "已签署"},
    "declined": {"en": "declined", "zh-Hans": "已驳回"},
    "refused": {"en": "refused", "zh-Hans": "已拒绝"},
    "queued": {"en": "queued", "zh-Hans": "排队中"},
    "running": {"en": "running", "zh-Hans": "进行中"},
    "paused": {"en": "paused", "zh-Hans": "已暂停"},
    "done": {"en": "done", "zh-Hans": "已完成"},
    "failed": {"en": "failed", "zh-Hans": "已失败"},
    "owned": {"en": "owned", "zh-Hans": "持有中"},
    "awaiting": {"en": "to be sent", "zh-Hans": "待发货"},
    "shipped": {"en": "shipped", "zh-Hans": "已发货"},
    "delivered": {"en": "delivered", "zh-Hans": "已送达"},
    "used": {"en": "used", "zh-Hans": "已使用"},
    "expired": {"en": "expired", "zh-Hans": "已过期"},
    "reversed": {"en": "taken back", "zh-Hans": "已收回"},
    "revoked": {"en": "taken back", "zh-Hans": "已收回"},
    "taken_back": {"en": "taken back", "zh-Hans": "已收回"},
    "void": {"en": "void", "zh-Hans": "已作废"},
    "cancelled": {"en": "cancelled", "zh-Hans": "已取消"},
}
"""How far something is: a plan, a job, a request, a thing that a member has."""

WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "period": {
        "day": {"en": "a day", "zh-Hans": "每天"},
        "week": {"en": "a week", "zh-Hans": "每周"},
        "month": {"en": "a month", "zh-Hans": "每月"},
        "year": {"en": "a year", "zh-Hans": "每年"},
        "campaign": {"en": "in the whole campaign", "zh-Hans": "整个活动"},
    },
    "reason": {
        "paused": {"en": "it is paused", "zh-Hans": "活动已暂停"},
        "phase": {"en": "it is not the time for it", "zh-Hans": "不在活动时间内"},
        "condition": {"en": "its condition does not hold", "zh-Hans": "不满足参与条件"},
        "audience": {"en": "it is meant for other members", "zh-Hans": "不在活动对象范围内"},
        "holdout": {"en": "it is not open to everybody", "zh-Hans": "未对所有会员开放"},
        "rollout": {"en": "it is not open to everybody yet", "zh-Hans": "尚未对所有会员开放"},
        "visitor": {"en": "it is for members; register first", "zh-Hans": "仅限会员，请先注册"},
        "exclusive": {
            "en": "you take part in a campaign that excludes it",
            "zh-Hans": "您已参加与其互斥的活动",
        },
    },
    "status": STATES,
    "state": STATES,
    "expected": {
        "text": {"en": "text", "zh-Hans": "文本"},
        "{key: value}": {"en": "{key: value}", "zh-Hans": "{键: 值}"},
    },
    "got": {"another value": {"en": "another value", "zh-Hans": "其他值"}},
}
"""Data that are words: by the name of the datum and its value, how a text says it."""
OR = " / "
"""Between several of them in one datum."""


def define(code: str, status: int, en: str, zh: str, *, todo: str = "", todo_zh: str = "") -> str:
    """Declare a code with its HTTP status and texts, and return the code.

    `zh` is Simplified Chinese. Declaring the same code twice with other texts is a programming error.
    """
    made = Code(
        code, status, {"en": en, "zh-Hans": zh}, {"en": todo, "zh-Hans": todo_zh or zh} if todo else {}
    )
    if CODES.get(code, made) != made:
        raise ValueError(f"the code {code} is declared twice")
    CODES[code] = made
    return code


class _Lenient(Formatter):
    """Leave a placeholder readable when its datum is missing, rather than fail while reporting a failure."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs.get(key, f"<{key}>") if isinstance(key, str) else f"<{key}>"


_format = _Lenient()


def text_of(code: str, data: Mapping[str, Any], language: str = "en") -> str:
    """The text of a code in `language`, falling back to English, then to the code itself."""
    known = CODES.get(code)
    return code if known is None else _filled(known.texts, data, language)


def todo_of(code: str, data: Mapping[str, Any], language: str = "en") -> str:
    """What the reader can do about it, or an empty string."""
    known = CODES.get(code)
    return "" if known is None or not known.todo else _filled(known.todo, data, language)


def template_of(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`: as written, or Traditional Chinese made of Simplified, or else English."""
    if written := texts.get(language):
        return written
    simplified = texts.get(language.split("-", maxsplit=1)[0] + "-Hans")
    if simplified and language == "zh-Hant":
        return traditional(simplified)
    return simplified or texts["en"]


def _filled(texts: Mapping[str, str], data: Mapping[str, Any], language: str) -> str:
    words = {
        name: OR.join(template_of(said[each], language) if each in said else each for each in value.split(OR))
        for name, said in WORDS.items()
        if isinstance(value := data.get(name), str)
    }
    return counted(_format.vformat(template_of(texts, language), (), {**data, **words}))


class FestoonError(Exception):
    """The root of the tree. `place` says where: a line, a path, a field."""

    status: ClassVar[int] = 500

    def __init__(self, code: str, /, place: str = "", **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.place = place
        self.data = data

    def text(self, language: str = "en") -> str:
        """One sentence for the reader; the place comes first when there is one."""
        said = text_of(self.code, self.data, language)
        return f"{self.place}: {said}" if self.place else said

    def todo(self, language: str = "en") -> str:
        return todo_of(self.code, self.data, language)

    def http_status(self) -> int:
        known = CODES.get(self.code)
        return known.status if known else self.status

    def problem(self, language: str = "en") -> dict[str, Any]:
        """The error as RFC 9457 problem details. `type` is where a serving process explains the code."""
        body: dict[str, Any] = {
            "type": f"/errors#{self.code}",
            "title": text_of(self.code, self.data, language),
            "status": self.http_status(),
            "code": self.code,
        }
        if self.place:
            body["place"] = self.place
        if self.data:
            body["data"] = self.data
        if todo := self.todo(language):
            body["detail"] = todo
        return body

    def __str__(self) -> str:
        return f"{self.code}: {self.text()}"


class Invalid(FestoonError):
    status = 400


class NotFound(FestoonError):
    status = 404


class Conflict(FestoonError):
    status = 409


class Forbidden(FestoonError):
    status = 403


class Unavailable(FestoonError):
    """Not now. `retry_after` is in whole seconds."""

    status = 503

    def __init__(self, code: str, /, place: str = "", *, retry_after: int = 1, **data: Any) -> None:
        super().__init__(code, place, retry_after=retry_after, **data)
        self.retry_after = retry_after


class Refused(FestoonError):
    """A mechanic says no. The refusal is stored with the event, and final; nothing else changes."""

    status = 200
