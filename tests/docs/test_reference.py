"""The references of command line and API are those of the source."""

import re

import msgspec
import pytest

from festoon.access.keys import SCOPES
from festoon.api.answers import EventAnswer, NewMember, OddsAnswer, Problem, StatementAnswer
from festoon.api.my_answers import NewToken
from festoon.api.operation import Operation
from festoon.api.operations import declared
from festoon.cli.page import page
from festoon.intake.cloudevents import CloudEvent
from tests.docs.pages import Block, blocks, text_of

API = "docs/reference/api.md"
CLI = "docs/reference/cli.md"
SHAPES = {
    shape.__name__: shape
    for shape in (CloudEvent, EventAnswer, NewMember, NewToken, OddsAnswer, Problem, StatementAnswer)
}
OPERATIONS: tuple[Operation, ...] = declared()


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
