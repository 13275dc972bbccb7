"""What a process keeps in memory of the members it has met."""

import pytest

from festoon.base.events import Event
from festoon.engine import engine as kept
from festoon.engine.members import known
from tests.live import HEAD, Platform, event

PLAN = HEAD + "mechanics: {hello: {kind: gift, on: page.viewed, give: [{points: 1}]}}\n"


def view(member: str) -> Event:
    return event("page.viewed", member, page="home")


async def test_who_comes_often_stays_known_and_who_does_not_is_forgotten(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KNOWN_MEMBERS", 4)
    platform = await Platform.open(database, PLAN)
    await platform.send(view("once"))
    for number in range(12):
        await platform.send(event("page.viewed", "often", f"o{number}", page="home"), view(f"m{number}"))
    _, unnamed = known(platform.engine, [view("once"), view("often"), view("m11")])
    assert unnamed == ["once"]
    assert len(platform.engine.numbers) + len(platform.engine.earlier) <= 8
    assert await platform.balance("often") == 12
    await platform.audit()
    await platform.close()
