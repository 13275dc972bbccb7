"""The schema for editors accepts what the reader accepts, and is the one in the docs."""

from typing import Any

import jsonschema_rs
import msgspec
import pytest

from festoon.mechanics.registry import kinds
from festoon.plan.json_schema import field_texts, plan_schema
from festoon.plan.reference import SCHEMA, schema_text
from festoon.plan.schema import Plan
from festoon.plan.source import plain, read_source
from tests.plan.plans import EXAMPLE, ROOT, plan

VALIDATOR = jsonschema_rs.Draft202012Validator(plan_schema())
EXAMPLES = sorted((ROOT / "examples").rglob("*.plan.yaml")) + sorted(
    (ROOT / "examples" / "plans").glob("*.yaml")
)
_json = msgspec.json.Encoder(decimal_format="number")


def data(text: str) -> Any:
    node, problems = read_source(text)
    assert node is not None
    assert problems == []
    return msgspec.json.decode(_json.encode(plain(node)))


def mistakes(text: str) -> list[str]:
    return ["/".join(map(str, error.instance_path)) for error in VALIDATOR.iter_errors(data(text))]


def test_the_file_in_the_docs_is_current() -> None:
    assert (ROOT / "docs" / "reference" / SCHEMA).read_text() == schema_text(), (
        "write it anew: python -m festoon.plan.reference docs/reference"
    )


def test_it_is_a_json_schema() -> None:
    jsonschema_rs.meta.validate(plan_schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_plans_are_valid(path: Any) -> None:
    assert mistakes(path.read_text()) == []


def test_the_small_plan_is_valid() -> None:
    assert mistakes(plan()) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (plan(colour="red"), ""),
        (plan(timezone=None), ""),
        (plan(campaign="Spring Sale"), "campaign"),
        (plan(schedule="{start: soon, end: 2026-03-31}"), "schedule/start"),
        (plan(mechanics="{one: {kind: gift, on: a.b, give: [{points: 1}], colour: red}}"), "mechanics/one"),
        (plan(mechanics="{one: {kind: gift, on: a.b}}"), "mechanics/one"),
        (plan(mechanics="{one: {kind: gfit, on: a.b}}"), "mechanics/one/kind"),
        (plan(coupons="{x: {value: ten}}"), "coupons/x/value"),
        (plan(coupons="{x: {value: 10, stock: 1.5}}"), "coupons/x/stock"),
    ],
)
def test_mistakes_of_shape_are_seen_in_the_editor(text: str, place: str) -> None:
    assert place in mistakes(text)


def test_money_and_shares_may_be_written_as_the_reader_takes_them() -> None:
    assert mistakes(plan(audience="{holdout: 5%}", budget="{lines: {prizes: 12.50}}")) == []
    assert mistakes(plan(audience="{holdout: some}")) != []


def test_every_kind_is_an_alternative_of_its_own() -> None:
    parts = plan_schema()["$defs"]
    for name, mechanic in kinds().items():
        of = parts[f"mechanic.{name}"]
        assert of["properties"]["kind"] == {"const": name}
        assert of["description"]
        for field in msgspec.structs.fields(mechanic.Params):
            assert field.encode_name in of["properties"]


def test_sections_are_described_from_the_source() -> None:
    assert plan_schema()["properties"]["goals"]["description"] == field_texts(Plan)["goals"]


FOR_SOME = {"exclusive", "experiments", "risk", "rollout", "shared_caps"}
"""Sections that most plans have no use for; the reference page shows them."""


def test_the_example_is_more_than_a_page() -> None:
    every = {field.encode_name for field in msgspec.structs.fields(Plan)}
    assert every - set(data(EXAMPLE)) <= FOR_SOME
