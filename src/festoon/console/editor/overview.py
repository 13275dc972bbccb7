"""What somebody is writing, and how to begin: from nothing, from an example, from a campaign that is there."""

from datetime import timedelta
from secrets import token_hex

import asyncpg
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.base.errors import NotFound, define
from festoon.console.asked import Asked
from festoon.console.editor.called import called
from festoon.console.gate import needs
from festoon.console.members.person import program_of
from festoon.console.texts import language
from festoon.engine.drafts import draft_of_version, drafts, new_draft
from festoon.plan.edit import edit
from festoon.plan.examples import BLANK, Example, example, examples
from festoon.plan.form.marks import title_of
from festoon.plan.values import texts

NO_EXAMPLE = define(
    "draft.no_example", 404, "there is no example plan called '{name}'", "没有名为“{name}”的示例方案"
)
ROWS = 100


@needs("plan:make")
def overview(request: Asked) -> HttpResponse:
    """The drafts, the campaigns one can go on with, and the examples."""
    spoken = language()
    names = Names(program_of(request), spoken)
    shown = {
        "drafts": [called(each) for each in request.bridge.ask(drafts, request.user.actor)],
        "campaigns": [(id, names.campaign(id)) for id in request.bridge.ask(_campaigns)],
        "examples": [_shown(each, spoken) for each in examples()],
    }
    return render(request, "editor/overview.html", shown)


@require_POST
@needs("plan:make")
def start(request: Asked) -> HttpResponse:
    """A new campaign from an example, or from nothing."""
    name = request.POST.get("example", "")
    now = wall()
    if not name:
        first = (now + timedelta(days=30)).date()
        text = BLANK.format(
            campaign=f"campaign-{token_hex(3)}", title='""', start=first, end=first + timedelta(days=13)
        )
    elif (found := example(name)) is not None:
        text = edit(found.text, "campaign", f"{name}-{token_hex(3)}")
    else:
        raise NotFound(NO_EXAMPLE, name=name)
    id = request.bridge.ask(new_draft, request.user.actor, text, title_of(text, language()), now)
    return redirect("editor:editor", id)


@require_POST
@needs("plan:make")
def go_on(request: Asked, campaign: str) -> HttpResponse:
    """The next version of a campaign."""
    id = request.bridge.ask(draft_of_version, request.user.actor, campaign, campaign, wall())
    return redirect("editor:editor", id)


async def _campaigns(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(f"SELECT id FROM campaign ORDER BY created DESC LIMIT {ROWS}")
    return [row["id"] for row in rows]


def _shown(found: Example, spoken: str) -> dict[str, str]:
    return {
        "name": found.name,
        "title": texts(found.title, found.name)[spoken],  # type: ignore[arg-type]
        "background": texts(found.background)[spoken],  # type: ignore[arg-type]
    }
