"""The lines of a text file, decoded one by one so that an error can name its line."""

from collections.abc import Iterator
from typing import BinaryIO

from festoon.base.errors import Invalid
from festoon.intake.files.errors import ENCODING, LINE_TOO_LONG, ROW_UNREADABLE

MAX_LINE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class TextLines:
    """An iterator over the lines of a file. `number` is that of the line it stands at; `ended` is False at a
    last line without a line feed.

    In UTF-8, GB18030 and Big5 the byte of a line feed is never part of another character. Raises Invalid
    `file.encoding` or `file.line_too_long`.
    """

    def __init__(self, file: BinaryIO, name: str, encoding: str) -> None:
        self.number = 0
        self.ended = True
        self._file, self._name, self._encoding = file, name, encoding

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.ended = line.endswith(b"\n")
        if self.number == 1:
            if line.startswith(_UTF16):
                raise Invalid(ENCODING, self.place, encoding=self._encoding)
            line = line.removeprefix(_BOM)
        if len(line) > MAX_LINE:
            raise Invalid(LINE_TOO_LONG, self.place, limit=MAX_LINE)
        try:
            text = line.decode(self._encoding)
        except UnicodeDecodeError:
            raise Invalid(ENCODING, self.place, encoding=self._encoding) from None
        if "\0" in text:
            raise Invalid(ROW_UNREADABLE, self.place, reason="NUL")
        return text

    @property
    def place(self) -> str:
        return f"{self._name}:{self.number}"
