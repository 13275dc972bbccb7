"""Two texts side by side: what was kept beside a draft, and what somebody else writes of the same campaign."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from django.http import HttpResponse
from django.shortcuts import render
from msgspec import Struct

from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.engine.drafts import draft, others_text, set_aside


class Pair(Struct, frozen=True):
    """A line of one's own and the one of the other text that stands there; `same` lines are shown few."""

    mine: str
    theirs: str
    same: bool
    number: int


@needs("plan:make")
def beside(request: Asked, id: int) -> HttpResponse:
    """The texts that were kept beside the draft; one of them, in full."""
    mine = request.bridge.ask(draft, id, request.user.actor)
    kept = request.bridge.ask(set_aside, id, request.user.actor)
    wanted = request.GET.get("kept", "")
    chosen = next((each for each in kept if str(each.id) == wanted), kept[0] if kept else None)
    shown = {"draft": mine, "kept": kept, "chosen": chosen}
    if chosen is not None:
        shown |= {"pairs": list(pairs(mine.text, chosen.text)), "theirs": chosen.text, "at": chosen.at}
    return render(request, "editor/beside.html", shown)


@needs("plan:make")
def other(request: Asked, id: int, other: int) -> HttpResponse:
    """What somebody else writes, beside one's own."""
    mine = request.bridge.ask(draft, id, request.user.actor)
    theirs = request.bridge.ask(others_text, id, other)
    shown = {
        "draft": mine,
        "kept": [],
        "chosen": theirs,
        "who": theirs.maker.removeprefix("user:"),
        "pairs": list(pairs(mine.text, theirs.text)),
        "theirs": theirs.text,
        "at": theirs.updated,
    }
    return render(request, "editor/beside.html", shown)


def pairs(mine: str, theirs: str) -> Iterator[Pair]:
    """What differs, with two lines around it."""
    own, their = mine.splitlines(), theirs.splitlines()
    for group in SequenceMatcher(None, own, their, autojunk=False).get_grouped_opcodes(2):
        for kind, i1, i2, j1, j2 in group:
            for step in range(max(i2 - i1, j2 - j1)):
                left = own[i1 + step] if i1 + step < i2 else ""
                right = their[j1 + step] if j1 + step < j2 else ""
                yield Pair(left, right, kind == "equal", i1 + step + 1)
