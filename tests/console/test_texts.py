"""The words of the console: each key that is used is there, each that is there is used, each in both languages; and no
page has a word of its own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from festoon.access.roles import ROLES
from festoon.base.texts import catalogue
from festoon.console.groups import HERE, NAMES

TAGS = r"say|card|stat|badge|empty|begin|progress|confirm"
WORDS = re.compile(r'{%\s*(?:word|badge)\s+"([a-z_.]+_)"')
TAGGED = re.compile(r"{%\s*(" + TAGS + r")\s([^%]*)%}")
QUOTED = re.compile(r'"([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)"')
CALLED = {"say", "later", "said"}
MARKUP = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>|&[a-z]+;", re.DOTALL)
SPOKEN = re.compile(
    r'(?:title|placeholder|alt|aria-label|data-label|<input[^>]* value)="([^"{]*[A-Za-z一-鿿]{2}[^"{]*)"'
)
NAMES_OF_OURS = {"Festoon"}
TEMPLATES = sorted(HERE.rglob("templates/**/*.html"))
FILES = {"": HERE / "texts.toml"} | {name: HERE / name / "texts.toml" for name in NAMES}


def keys_of_templates() -> Iterator[str]:
    for path in TEMPLATES:
        for _, given in TAGGED.findall(path.read_text()):
            yield from QUOTED.findall(given)
        yield from WORDS.findall(path.read_text())


def keys_of_code() -> Iterator[str]:
    """Every literal that looks like a key of a text that is there, or that is given to `say` and `later`."""
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def said_in_code() -> Iterator[str]:
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in CALLED and isinstance(node.args[0].value, str):
                    yield node.args[0].value


def written() -> dict[str, dict[str, str]]:
    return {
        f"{group}.{name}" if group else name: dict(text)
        for group, file in FILES.items()
        for name, text in catalogue(file).items()
    }


def test_every_text_that_is_said_is_written() -> None:
    known = written()
    in_templates = {
        key
        for path in TEMPLATES
        for tag, given in TAGGED.findall(path.read_text())
        for key in (
            QUOTED.findall(given)[:1]
            if tag != "confirm"
            else [each for each in QUOTED.findall(given) if "." in each]
        )
    }
    assert sorted((in_templates | set(said_in_code())) - known.keys()) == []


def test_every_text_that_is_written_is_said() -> None:
    """A key whose last part is made from a value stands in the code with its beginning, such as `role_`."""
    used = set(keys_of_templates()) | set(keys_of_code())
    beginnings = tuple(key for key in used if re.fullmatch(r"[a-z_.]+_", key))
    made = {f"role_{role}" for role in ROLES}
    unsaid = [
        key for key in written() if key not in used | made and not (beginnings and key.startswith(beginnings))
    ]
    assert unsaid == []


@pytest.mark.parametrize("key", written())
def test_a_text_is_in_both_languages_with_the_same_places(key: str) -> None:
    text = written()[key]
    assert {"en", "zh-Hans"} <= text.keys() <= {"en", "zh-Hans", "zh-Hant"}
    places = [sorted(name for _, name, _, _ in Formatter().parse(said) if name) for said in text.values()]
    assert all(each == places[0] for each in places)
    assert all(said.strip() for said in text.values())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HERE)))
def test_a_template_has_no_word_of_its_own(path: Path) -> None:
    text = path.read_text()
    bare = set(re.findall(r"[A-Za-z一-鿿]{2,}", MARKUP.sub(" ", text)))
    assert bare - NAMES_OF_OURS == set()
    assert [said for said in SPOKEN.findall(text) if said not in NAMES_OF_OURS] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HERE)))
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:", text) == []
    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert [each for each in scripts if "src=" not in each and "application/json" not in each] == []
