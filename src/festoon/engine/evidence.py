"""Files that show where a figure comes from: known by their first bytes, of a few kinds, and not too large.

What is kept is only ever handed out again as a file to save, never to be shown or run.
"""

import unicodedata

from msgspec import Struct

from festoon.base.errors import Invalid, define

LARGEST = 5 * 1024 * 1024
"""Bytes of a file."""
LONGEST_NAME = 120
KINDS = {
    "application/pdf": (b"%PDF-", (".pdf",)),
    "image/png": (b"\x89PNG\r\n\x1a\n", (".png",)),
    "image/jpeg": (b"\xff\xd8\xff", (".jpg", ".jpeg")),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04", (".xlsx",)),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04", (".docx",)),
}
"""What may be kept: how each kind begins, and what its names end with. Besides, tables as text."""
TEXT, TEXT_ENDS = "text/csv", (".csv", ".txt")
ENDS = tuple(sorted({end for _, ends in KINDS.values() for end in ends} | set(TEXT_ENDS)))
TOO_LARGE = define(
    "evidence.too_large",
    400,
    "the file is larger than {limit} MB",
    "文件超过 {limit} MB",
    todo="give a link to where it is kept",
    todo_zh="请改为填写存放位置的链接",
)
NOT_KEPT = define(
    "evidence.not_kept",
    400,
    "a file of this kind is not kept; there are {known}",
    "不支持该类文件；可用：{known}",
    todo="save it as PDF, or give a link",
    todo_zh="请另存为 PDF，或填写链接",
)


class Evidence(Struct, frozen=True):
    """A file as it was uploaded: what it is called and its bytes."""

    name: str
    content: bytes


def kind_of(file: Evidence) -> str:
    """The media type of a file, by what it is and what it is called. Raises Invalid for one that is not kept."""
    if len(file.content) > LARGEST:
        raise Invalid(TOO_LARGE, "file", limit=LARGEST // 1024 // 1024)
    name = file.name.lower()
    for kind, (begins, ends) in KINDS.items():
        if name.endswith(ends) and file.content.startswith(begins):
            return kind
    if name.endswith(TEXT_ENDS) and _is_text(file.content):
        return TEXT
    raise Invalid(NOT_KEPT, "file", known=", ".join(ENDS))


def plain_name(name: str) -> str:
    """The name without a folder and without what is no letter of any script; its end stays."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        each for each in last if unicodedata.category(each)[0] in "LNPSZ" and each not in '"<>|:*?'
    )
    stem, dot, end = kept.strip(" .").rpartition(".")
    return f"{(stem or 'file')[:LONGEST_NAME]}{dot}{end[:8]}"


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False
