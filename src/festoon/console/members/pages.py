"""Finding a member, and the tabs of his page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, template_of
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.members.consents import channel_names
from festoon.console.members.happened import changed, happened
from festoon.console.members.person import asset_name, head_of, place_in, program_of, shown_to, tab
from festoon.console.paging import page_of
from festoon.console.texts import language, say
from festoon.engine import member_search, own_rows
from festoon.engine import statement as statements
from festoon.engine.program import Program
from festoon.engine.wearing import worn_among
from festoon.insight.member import events as journal
from festoon.insight.member.sheet import sheet
from festoon.members.profile import segment_key

ROWS = 20
NAMED = ("segments", "level")
"""What of a profile has a name of ours, and not of the platform's."""
PAGE = 30


@needs("members:read")
def search(request: Asked) -> HttpResponse:
    """One box for number, id, phone and name."""
    said = request.GET.get("q", "").strip()
    page, problem = member_search.Page([]), None
    if said:
        try:
            page = request.bridge.ask(
                member_search.search, said, after=request.GET.get("after"), limit=ROWS, show=shown_to(request)
            )
        except FestoonError as error:
            problem = error.text(language())
    return render(
        request,
        "members/search.html",
        {"q": said, "members": page.members, "more": page.next or "", "problem": problem},
    )


@needs("members:read")
def overview(request: Asked, number: int) -> HttpResponse:
    """Everything on one page."""
    head = request.bridge.ask(head_of, number)
    program = program_of(request)
    found = request.bridge.ask(sheet, program, head.number, wall(), language(), shown_to(request))
    balances = [(asset_name(program, each.asset), each) for each in found.balances]
    names, may = channel_names(program), request.user.may("members:adjust")
    consents = [(names.get(each.channel, each.channel), each.agreed) for each in found.consents]
    shown = {
        "sheet": found,
        "known": _known(program, found.profile),
        "consents": consents,
        "balances": balances,
        "may_adjust": may,
    }
    return tab(request, head, "overview", shown)


def _known(program: Program, profile: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What is known of a member: segments by their titles, everything else as the platform calls it."""
    titles = {
        segment_key(campaign.campaign, name): template_of(segment.title, language())
        for campaign in program.campaigns.values()
        for segment in campaign.segments
        for name in segment.names
        if len(segment.names) == 1
    }
    known = []
    for name, value in profile.items():
        values = value if isinstance(value, list) else [value]
        label = str(say(f"members.known_{name}")) if name in NAMED else name
        known.append((label, [titles.get(str(each), str(each)) for each in values]))
    return known


@needs("members:read")
def progress(request: Asked, number: int) -> HttpResponse:
    """How far he is in every mechanic."""
    head = request.bridge.ask(head_of, number)
    found = request.bridge.ask(sheet, program_of(request), head.number, wall(), language(), shown_to(request))
    return tab(request, head, "progress", {"sheet": found})


@needs("members:read")
def statement(request: Asked, number: int) -> HttpResponse:
    """Every change of what he has, with its reason."""
    head = request.bridge.ask(head_of, number)
    names, before = Names(program_of(request), language()), place_in(request.GET.get("after"))
    lines = request.bridge.ask(statements.statement, head.number, before=before, limit=PAGE)
    seqs = {int(line.id.partition("-")[0]) for line in lines}
    shown = {
        "lines": [changed(line, names) for line in lines],
        "more": min(seqs) if len(seqs) == PAGE else "",
    }
    return tab(request, head, "statement", shown)


@needs("members:read")
def items(request: Asked, number: int) -> HttpResponse:
    """His coupons, gifts, badges and other things, newest first."""
    head = request.bridge.ask(head_of, number)
    found = request.bridge.ask(
        own_rows.things, head.number, before=_place(request.GET.get("after")), limit=PAGE + 1
    )
    page, more = page_of(found, PAGE, lambda row: own_rows.Page(row["given"], row["id"]).written())
    program, things = program_of(request), []
    clock = None if program.rehearsal else wall()
    worn = request.bridge.ask(worn_among, head.number, page, clock)
    for row in page:
        campaign = program.campaigns.get(row["campaign"])
        known = None if campaign is None else campaign.things.get(f"{row['kind']}:{row['ref']}")
        title = template_of(known.title, language()) if known is not None and known.title else row["ref"]
        things.append((title, row, row["id"] in worn))
    return tab(request, head, "items", {"things": things, "more": more})


@needs("members:read")
def events(request: Asked, number: int) -> HttpResponse:
    """What he did and what came of it, newest first."""
    head = request.bridge.ask(head_of, number)
    before = place_in(request.GET.get("after"))
    found = request.bridge.ask(journal.events, head.number, before=before, limit=PAGE)
    names = Names(program_of(request), language())
    shown = {
        "events": [happened(each, names) for each in found],
        "more": found[-1].seq if len(found) == PAGE else "",
    }
    return tab(request, head, "events", shown)


def _place(said: str | None) -> own_rows.Page | None:
    """Where a page of things begins; the first page for what is none."""
    given, _, id = (said or "").partition("_")
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        return None
    return own_rows.Page(at, id) if at.tzinfo is not None and "\0" not in id else None
