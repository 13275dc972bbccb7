"""The reference page of error codes, written from where they are declared.

`python -m festoon.cli.errors_page > docs/reference/errors.md` brings it up to date.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from itertools import groupby

import festoon
from festoon.base.errors import CODES, Code
from festoon.store.migrate import setup

HEAD = """\
# Error codes

Every refusal and every error carries a stable code, the data behind it, and a text in the reader's language. Codes do
not change; texts may. A running server explains its codes at `/errors`, where the `type` of every problem leads.

| status | what it means |
|---|---|
| 200 | a refusal inside an outcome: the event was taken, and this is a mechanic's final answer to it |
| 400 | what was given cannot be right; correct it |
| 401, 403 | nobody we know, or one who may not do this |
| 404 | it is not there |
| 409 | it is there, but otherwise |
| 413, 415 | too large, too many, or of a kind that is not taken |
| 500 | a mistake of ours, or of a mechanic; the log says more |
| 503 | not now; try again, after `Retry-After` where that is said |

On the command line the same codes come with the same texts; the status then only says which kind it is. In the texts,
`{…}` stands for the data.

This page is written by `python -m festoon.cli.errors_page`.
"""
TABLE = "| code | status | text | 中文 |\n|---|---|---|---|\n"
_SIGNS = re.compile(r"[|*_`]")


def page() -> str:
    """The whole page, in Markdown."""
    codes = sorted(every_code().values(), key=lambda code: code.code)
    parts = [HEAD]
    for group, members in groupby(codes, key=lambda code: code.code.partition(".")[0]):
        parts.append(f"## {group}\n\n{TABLE}" + "".join(map(_row, members)))
    return "\n".join(parts)


def every_code() -> dict[str, Code]:
    """All codes there are: whatever declares one has been imported."""
    setup()
    for name in modules():
        importlib.import_module(name)
    return CODES


def modules() -> Iterator[str]:
    """The names of all our modules that can be imported without running something."""
    for found in pkgutil.walk_packages(festoon.__path__, "festoon."):
        if not found.name.endswith("__main__"):
            yield found.name


def _row(code: Code) -> str:
    texts = (_cell(code.texts[language], code.todo.get(language, "")) for language in ("en", "zh-Hans"))
    return f"| `{code.code}` | {code.status} | {' | '.join(texts)} |\n"


def _cell(text: str, todo: str) -> str:
    return f"{_plain(text)}<br>*{_plain(todo)}*" if todo else _plain(text)


def _plain(text: str) -> str:
    """Text as it is, whatever signs of Markdown it has."""
    return _SIGNS.sub(r"\\\g<0>", text.replace("<", "&lt;").replace("\n", " "))


if __name__ == "__main__":
    sys.stdout.write(page())
