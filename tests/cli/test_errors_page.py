"""Error codes: each is declared once, used as it is declared, said in both languages, and on its page."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from festoon.base import errors
from festoon.base.errors import CODES, Code, FestoonError
from festoon.cli.errors_page import every_code, modules
from tests.house.sources import ROOT, SOURCE, calls, place

PAGE = ROOT / "docs" / "reference" / "errors.md"
KINDS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, FestoonError)
}
CHINESE = re.compile("[\u4e00-\u9fff]")
OURS = [code for code in every_code().values() if not code.code.startswith("test")]


def test_the_page_is_current() -> None:
    """Asked of a process of its own: in this one mechanics of other packages may have brought their codes."""
    command = [sys.executable, "-m", "festoon.cli.errors_page"]
    page = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert PAGE.read_text(encoding="utf-8") == page, (
        "run: python -m festoon.cli.errors_page > docs/reference/errors.md"
    )


def test_every_module_can_be_imported_for_its_codes() -> None:
    assert {
        "festoon.api.server",
        "festoon.cli.plans",
        "festoon.mechanics.draw",
        "festoon.insight.goals",
    } & set(modules())
    assert len(OURS) > 150


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", OURS, ids=lambda code: code.code)
def test_a_code_says_the_same_in_both_languages(code: Code) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", code.code)
    for texts in (code.texts, code.todo):
        if texts:
            assert CHINESE.search(texts["zh-Hans"]), texts
            assert not CHINESE.search(texts["en"]), texts
            assert placeholders(texts["zh-Hans"]) <= placeholders(code.texts["en"]) | placeholders(
                texts["en"]
            )
    assert placeholders(code.texts["en"]) == placeholders(code.texts["zh-Hans"])
    if code.todo:
        assert code.todo["zh-Hans"] != code.texts["zh-Hans"], "what to do is not said in Chinese"


def raised() -> Iterator[tuple[Path, ast.Call, str]]:
    """Every making of an error in the source, with its kind."""
    for name in sorted(SOURCE.rglob("*.py")):
        if "migrations" in name.parts:
            continue
        for call, called in calls(name):
            if called.rpartition(".")[2] in KINDS and call.args and name != SOURCE / "base" / "errors.py":
                yield name, call, called.rpartition(".")[2]


def code_of(path: Path, said: ast.expr) -> Any:
    """What stands for the code, or None when it is only known at run time."""
    if isinstance(said, ast.Constant):
        return said.value
    module = importlib.import_module(".".join(("festoon", *path.relative_to(SOURCE).with_suffix("").parts)))
    match said:
        case ast.Name(id=name):
            return getattr(module, name, None)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return getattr(getattr(module, owner, None), name, None)
    return None


def test_every_error_has_a_code_that_is_declared() -> None:
    every_code()
    known = [(place(path, call), kind, code_of(path, call.args[0])) for path, call, kind in raised()]
    assert len(known) > 150
    strays = [(where, code) for where, _, code in known if code is not None and code not in CODES]
    assert strays == []
    assert len([code for _, _, code in known if code is not None]) > 0.8 * len(known)


def test_a_refusal_is_an_answer_and_an_error_is_not() -> None:
    """What a mechanic refuses with is stored with the event and answered with 200; anything else is not."""
    every_code()
    for path, call, kind in raised():
        code = CODES.get(code_of(path, call.args[0]))
        if code is not None:
            assert (code.status == 200) == (kind == "Refused"), (place(path, call), code.code, code.status)
