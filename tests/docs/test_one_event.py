"""The walk of one event: its quotes still stand in the files, in the order it says, and a draw still goes that way."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asyncpg import Connection

from festoon.engine.post import STATEMENTS
from tests.docs.pages import Block, blocks, text_of
from tests.docs.quotes import stands
from tests.house.sources import ROOT
from tests.live import HEAD, Platform, event, play

PAGE = "docs/explanation/one-event.md"
MOST_FILES = 8
FUNCTIONS = ["read_batch", "change_accounts", "change_progress"]
TRANSFERS = {3: "three", 4: "four"}
QUOTES = blocks(PAGE, "python", "sql")
WHEEL = (
    HEAD
    + """
gifts: {phone: {cost: 900, line: prizes}}
mechanics:
  welcome: {kind: gift, on: member.registered, give: [{chances: lucky-draw, count: 3}]}
  lucky-draw:
    kind: draw
    prizes: [{id: phone, weight: 1, stock: 1, give: {gift: phone}}]
    sold_out: nothing
"""
)


@pytest.mark.parametrize("quote", QUOTES, ids=str)
def test_a_quote_stands_in_its_file_in_that_order(quote: Block) -> None:
    stands(quote)


def test_the_walk_opens_no_more_than_eight_files_and_all_are_there() -> None:
    headings = re.findall(r"^## \d+\. `([\w/.]+)`", text_of(PAGE), re.MULTILINE)
    assert len(headings) == len(set(headings)) <= MOST_FILES
    assert [name for name in headings if not (ROOT / "src" / "festoon" / name).is_file()] == []


def test_every_file_it_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.(?:py|sql|md|yaml))`", text_of(PAGE)))
    places = (ROOT, ROOT / "src" / "festoon", ROOT / "docs")
    assert {name for name in named if not any((place / name).is_file() for place in places)} == set()


def test_everything_it_quotes_comes_from_a_file_it_walks_through_or_names() -> None:
    named = set(re.findall(r"`([\w/]+\.(?:py|sql))`", text_of(PAGE)))
    assert {quote.told.removeprefix("src/festoon/") for quote in QUOTES} <= named


async def test_a_draw_sends_the_statements_of_the_table_in_that_order(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One member who is known, one chance that he was given before, one prize: as the page tells it."""
    platform = await Platform.open(database, WHEEL)
    await platform.outcomes(event("member.registered", "m1"))
    asked = "SELECT proname, prosrc FROM pg_proc WHERE proname = ANY($1)"
    bodies = {row["proname"]: row["prosrc"] for row in await platform.connection.fetch(asked, FUNCTIONS)}
    said: list[str] = []
    script: list[str] = []
    monkeypatch.setattr(Connection, "copy_records_to_table", copying(script))
    with platform.connection.query_logger(lambda query: said.append(query.query)):
        (outcome,) = await platform.outcomes(play("m1", "p1"))
    moved = await platform.connection.fetchval(
        "SELECT count(*) FROM transfer WHERE member_id = 1 AND seq > 1"
    )
    await platform.close()
    assert [given.ref for given in outcome.mechanics[0].given] == ["spring/phone"]
    assert TRANSFERS[moved] + " transfers" in text_of(PAGE)
    sent = [step for statement in said + script for step in steps(statement)]
    assert [told(bodies.get(called(statement), statement)) for statement in sent] == table()


def copying(said: list[str]) -> Callable[..., Awaitable[str]]:
    """The driver's own way to copy; it tells its listeners of every statement but this one and what goes with it."""
    copy = Connection.copy_records_to_table

    async def copied(connection: Connection, table: str, **given: Any) -> str:
        said.append(f"COPY INTO {table};" + given["where"].partition(";")[2])
        return await copy(connection, table, **given)

    return copied


def steps(said: str) -> list[str]:
    """The statements of a script, each as the connection prepared it; or the one that was sent."""
    if "EXECUTE" not in said:
        return [said]
    prepared = {each.name: each.text for each in STATEMENTS}
    return [prepared.get(step.removeprefix("EXECUTE ").partition("(")[0], step) for step in said.split(";")]


def called(statement: str) -> str:
    """The function that does what a statement says."""
    found = re.match(r"SELECT (?:\* FROM )?(\w+)\(", statement)
    return found[1] if found else ""


def told(statement: str) -> list[str]:
    """A statement as the table on the page has it: its verb and the tables it is about."""
    if changed := re.search(r"UPDATE (\w+) \w SET", statement):
        return ["UPDATE", changed[1]]
    verb = re.findall(r"BEGIN$|COMMIT|COPY|INSERT|SELECT", statement.upper())[0]
    if verb in ("BEGIN", "COMMIT"):
        return [verb]
    names = "member|event|timer|account|lot|progress|item|parcel|hold|shared_account|outbox"
    return [verb, *dict.fromkeys(re.findall(rf"\b(?:FROM|INTO|UPDATE|JOIN) ({names})\b", statement))]


def table() -> list[list[str]]:
    """The rows of the page's table of statements: a verb, and tables."""
    rows = re.findall(r"^\| \d+ \| ((?:`\w+` ?)+)\|", text_of(PAGE), re.MULTILINE)
    return [re.findall(r"\w+", row) for row in rows]
