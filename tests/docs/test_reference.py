"""The references of command line and API are those of the source."""

import re
from typing import Any, cast

import msgspec
import pytest

from festoon.access.keys import SCOPES
from festoon.api.answers import EventAnswer, NewMember, OddsAnswer, Problem, StatementAnswer
from festoon.api.board import Board
from festoon.api.campaigns import Campaigns
from festoon.api.health import Health
from festoon.api.invites import Invites
from festoon.api.me import Me
from festoon.api.members import Members
from festoon.api.my_answers import NewToken
from festoon.api.odds import MemberOdds
from festoon.api.plans import Plans
from festoon.api.public import Public
from festoon.api.routes import Operation
from festoon.api.webhooks import Hooks
from festoon.cli.page import page
from festoon.intake.cloudevents import CloudEvent
from tests.docs.pages import Block, blocks, text_of

API = "docs/reference/api.md"
CLI = "docs/reference/cli.md"
SHAPES = {
    shape.__name__: shape
    for shape in (CloudEvent, EventAnswer, NewMember, NewToken, OddsAnswer, Problem, StatementAnswer)
}
NOTHING = cast(Any, None)  # routes are declared before there is anything behind them
OPERATIONS: tuple[Operation, ...] = (
    *Members(NOTHING, NOTHING, NOTHING).operations(),
    *Me(NOTHING, NOTHING, NOTHING).operations(),
    *Public(NOTHING, NOTHING, NOTHING).operations(),
    *MemberOdds(NOTHING, NOTHING).operations(),
    *Board(NOTHING, NOTHING).operations(),
    *Campaigns(NOTHING, NOTHING).operations(),
    *Invites(NOTHING, NOTHING).operations(),
    *Plans(NOTHING, NOTHING).operations(),
    *Hooks(NOTHING, NOTHING, NOTHING).operations(),
    *Health(NOTHING, NOTHING).operations(),
)


def test_the_page_of_the_command_line_is_current() -> None:
    assert text_of(CLI) == page(), "write it anew: python -m festoon.cli.page > docs/reference/cli.md"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_the_page_of_the_api_has_every_route_with_its_scope_and_parameters(operation: Operation) -> None:
    path = operation.path.replace(":path}", "}")
    (row,) = re.findall(rf"^\| `{operation.method} {re.escape(path)}` \|(.*?)\|", text_of(API), re.MULTILINE)
    assert row.strip() == (f"`{operation.scope}`" if operation.scope else "")
    asked = [each.name for each in operation.parameters if each.where == "query"]
    assert [name for name in asked if f"`{name}`" not in text_of(API)] == []


def test_the_page_of_the_api_says_what_each_scope_may_do() -> None:
    told = dict(re.findall(r"^\| `([a-z]+:[a-z]+)` \| (.*) \|$", text_of(API), re.MULTILINE))
    assert {scope: text.replace("`", "") for scope, text in told.items()} == SCOPES


@pytest.mark.parametrize("example", blocks(API, "json"), ids=str)
def test_an_example_of_the_api_has_the_shape_it_is_called_by(example: Block) -> None:
    decoded = msgspec.json.decode(example.text, type=SHAPES[example.told])
    shown = msgspec.json.decode(example.text)
    assert set(shown) <= {field.encode_name for field in msgspec.structs.fields(decoded)}
