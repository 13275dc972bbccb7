"""The editor's page: the outline, the form of one section, and the text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from festoon.base.texts import words
from festoon.base.vocabulary import VOCABULARY
from festoon.console.asked import Asked
from festoon.console.editor.called import called
from festoon.console.gate import needs
from festoon.console.texts import language, said
from festoon.engine.drafts import Draft, draft, others, set_aside
from festoon.mechanics.registry import kinds
from festoon.plan.form.changes import fresh_mechanic
from festoon.plan.form.known import names_of
from festoon.plan.form.marks import Look, look
from festoon.plan.form.rows import mechanics_of, section_rows
from festoon.plan.form.sections import SECTIONS
from festoon.plan.form.words import kind_label, kind_purpose

GIFTS = ("points", "growth", "coupon", "badge", "item", "gift", "chances", "membership", "asset")
"""What a line of a reward can be, in the order in which it is offered."""


@needs("plan:make")
def editor(request: Asked, id: int) -> HttpResponse:
    """The whole page. The section is part of its address, so that it can be gone back to."""
    found = request.bridge.ask(draft, id, request.user.actor)
    seen = look(found.text)
    shown = {
        **pieces(seen, found.text, request.GET.get("section", "")),
        "draft": called(found),
        "others": request.bridge.ask(others, id),
        "asides": request.bridge.ask(set_aside, id, request.user.actor),
        "marks": msgspec.json.encode(seen.marks(language())).decode(),
        "sections": msgspec.json.encode(SECTIONS).decode(),
        "texts": msgspec.json.encode(_script_texts()).decode(),
    }
    return render(request, "editor/editor.html", shown)


@needs("plan:make")
def form(request: Asked, id: int) -> HttpResponse:
    """The outline and the form of another section of what is saved."""
    found = request.bridge.ask(draft, id, request.user.actor)
    return HttpResponse(msgspec.json.encode(drawn(found, request.GET.get("section", ""))), "application/json")


def drawn(found: Draft, section: str) -> dict[str, Any]:
    """What the page shows beside the text, as its script takes it."""
    seen = look(found.text)
    shown = pieces(seen, found.text, section)
    return {
        "section": shown["section"],
        "marks": seen.marks(language()),
        "outline": _drawn("editor/outline.html", shown),
        "form": _drawn("editor/section.html", shown),
    }


def _drawn(template: str, shown: dict[str, Any]) -> str:
    return render_to_string(template, shown) + ""  # plain text again: what is marked as safe is no JSON


def pieces(seen: Look, text: str, section: str) -> dict[str, Any]:
    """What the templates of outline and form need."""
    spoken = language()
    mechanics = mechanics_of(seen, spoken)
    section = _known(section, [each.id for each in mechanics])
    data: Mapping[str, Any] = seen.data or {}
    here = section.partition(".")[2]
    return {
        "section": section,
        "outline": seen.outline(),
        "mechanics": mechanics,
        "mechanic": next((each for each in mechanics if each.id == here), None) if here else None,
        "readable": seen.data is not None,
        "first": next(iter(seen.checked.errors), None),
        "first_text": next((each.text(spoken) for each in seen.checked.errors), ""),
        "rows": section_rows(seen, section, spoken) if seen.data is not None else [],
        "gallery": _gallery(spoken) if section == "mechanics" else [],
        "gifts": msgspec.json.encode(_gifts(data)).decode(),
        "rewards": msgspec.json.encode(names_of("reward", data)).decode(),
        "event_types": [
            (each, VOCABULARY[each].title.get("zh-Hans" if spoken != "en" else "en", ""))
            for each in VOCABULARY
        ],
        "lines": text.count("\n") + 1,
    }


def _gallery(spoken: str) -> list[dict[str, str]]:
    return [
        {
            "kind": each,
            "label": kind_label(each, spoken),
            "purpose": kind_purpose(each, spoken),
            "fresh": msgspec.json.encode(fresh_mechanic(each)).decode(),
        }
        for each in kinds()
    ]


def _gifts(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a line of a reward can be, what that is called, and which there are of it in this plan."""
    counted = {"points", "growth"}
    return [
        {
            "thing": each,
            "label": said(f"editor.thing_{each}"),
            "names": [] if each in counted else [*names_of(each, data)],
        }
        for each in GIFTS
    ]


def _known(section: str, mechanics: list[str]) -> str:
    """A section that is there; the first one otherwise."""
    name, _, id = section.partition(".")
    if name not in SECTIONS:
        return next(iter(SECTIONS))
    return section if name == "mechanics" and id in mechanics else name


def _script_texts() -> dict[str, str]:
    """The words of the page's scripts: all whose names begin so."""
    begins = "editor.js_"
    found = words(Path(__file__).with_name("texts.toml"), language())
    return {
        name.removeprefix("js_"): said for name, said in found.items() if f"editor.{name}".startswith(begins)
    }
