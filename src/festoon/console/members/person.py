"""What every page of one member shows: who he is, where its tabs lead, how things are called."""

from collections.abc import Callable, Mapping
from typing import Any

import asyncpg
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from msgspec import Struct

from festoon.base.errors import template_of
from festoon.console.asked import Asked
from festoon.console.texts import language
from festoon.engine.member_acts import subject_of
from festoon.engine.member_search import whole
from festoon.engine.program import Program
from festoon.members.masking import masked
from festoon.members.profile import BLOCKED

TABS = ("overview", "statement", "items", "progress", "events", "consents")


class Head(Struct, frozen=True):
    """Who it is."""

    number: int
    id: str
    blocked: bool


async def head_of(connection: asyncpg.Connection, number: int) -> Head:
    """Raises NotFound for a number of nobody."""
    stays, subject = await subject_of(connection, number)
    blocked = await connection.fetchval(
        "SELECT profile::jsonb ? $2 FROM member WHERE id = $1", stays, BLOCKED
    )
    return Head(stays, subject, bool(blocked))


def shown_to(request: Asked) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Personal fields whole for who may read them, masked for anybody else."""
    return whole if request.user.may("members:personal") else masked


def program_of(request: Asked) -> Program:
    return request.bridge.inside.engine.program


def asset_name(program: Program, code: str) -> str:
    """What people call an asset."""
    known = program.assets.get(code)
    return code if known is None else template_of(known.title, language())


def place_in(said: str | None) -> int | None:
    """The number before which a page of the journal begins; None for what is none."""
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 19 else None


def tab(request: Asked, head: Head, here: str, shown: Mapping[str, Any]) -> HttpResponse:
    """One tab of a member's page."""
    tabs = [(f"members.tab_{name}", reverse(f"members:{name}", args=[head.number])) for name in TABS]
    why = ("members.tab_why", f"{reverse('why:ask')}?number={head.number}")
    return render(
        request,
        f"members/{here}.html",
        {"head": head, "tabs": [*tabs, why], "here": f"members.tab_{here}", **shown},
    )
