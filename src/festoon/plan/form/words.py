"""What forms call keys, values and kinds, in the reader's language.

A mechanic of another package is called as its types say; with `Meta(extra={"label": {"en": …, "zh-Hans": …}})` on a key
as it wishes.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from festoon.base.errors import template_of
from festoon.mechanics.registry import kinds
from festoon.plan.behaviour import FIGURES
from festoon.plan.form.fields import Field
from festoon.plan.goals import METRICS

_HERE = Path(__file__).parent
_SENTENCE = re.compile(r"(?<=[.。])(?:(?<=。)|\s+(?=[A-Z0-9]))")


@cache
def _file(name: str) -> Mapping[str, list[str]]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


def label(field: Field, language: str = "en") -> str:
    """What a key is called."""
    if field.label:
        return template_of(field.label, language)
    said = _file("labels").get(f"{field.owner}.{field.name}")
    return _in(said, language) if said else key_label(field.name, language)


def key_label(name: str, language: str = "en") -> str:
    """What a key is called wherever it stands."""
    said = _file("labels").get(name)
    return _in(said, language) if said else name.replace("_", " ").capitalize()


def help_of(field: Field, language: str = "en") -> str:
    """What a key is for, as far as it is written in the language."""
    told = _helps().get(f"{field.owner}.{field.name}") or _helps().get(field.name)
    said = {"en": field.about} if told is None else {"en": told[0] or field.about, "zh-Hans": told[1]}
    if told is None and not field.help and language != "en":
        return ""
    return template_of({**said, **field.help}, language).replace("`", "")


def lead(said: str) -> tuple[str, str]:
    """The first sentence of a help, and the rest."""
    first, *rest = _SENTENCE.split(said, maxsplit=1)
    return first, "".join(rest)


@cache
def _helps() -> Mapping[str, tuple[str, str]]:
    """Helps as (English, Simplified); no English where the types say it."""
    found = tomllib.loads((_HERE / "helps.toml").read_text(encoding="utf-8"))
    return {name: ("", said) if isinstance(said, str) else (said[0], said[1]) for name, said in found.items()}


def choice_label(field: Field, value: str, language: str = "en") -> str:
    """What a value of a key is called."""
    known = _file("choices")
    if said := known.get(f"{field.owner}.{field.name}.{value}"):
        return _in(said, language)
    if value in FIGURES and field.name == "by":
        return template_of(FIGURES[value].title, language)
    said = known.get(value)
    return _in(said, language) if said else value.replace("_", " ")


def metric_label(name: str, language: str = "en") -> str:
    return template_of(METRICS[name].title, language) if name in METRICS else name


def kind_label(kind: str, language: str = "en") -> str:
    """What a kind of mechanic is called."""
    said = _file("kinds").get(kind)
    return _in(said[:2], language) if said else kind.replace("_", " ").capitalize()


def kind_purpose(kind: str, language: str = "en") -> str:
    """What a kind is for, in a sentence."""
    said = _file("kinds").get(kind)
    if said:
        return _in(said[2:], language)
    return (kinds()[kind].__doc__ or "").strip().partition("\n\n")[0].replace("\n", " ")


def asked_label(name: str, language: str = "en", of: str = "") -> str:
    """What a condition calls a field, or a function of the member with what it is asked of."""
    said = _file("asked").get(name)
    if said is None:
        return name
    named = _file("asked").get(f"member.{of}")
    return _in(said, language).format(name=_in(named, language) if named else of)


def _in(said: list[str], language: str) -> str:
    return template_of({"en": said[0], "zh-Hans": said[1]}, language)
