"""The OpenAPI document is valid, complete, and tells the truth."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from festoon.api.examples import EXAMPLES
from festoon.api.operations import declared
from tests.api.documented import conforms
from tests.serving import Client, Running, cloud_event, order_paid

METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def document(running: Running) -> dict[str, Any]:
    found: dict[str, Any] = running.client.get("/openapi.json").json()
    return found


def everything(part: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document, at any depth."""
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from everything(value)
    elif isinstance(part, list):
        for value in part:
            yield from everything(value)


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"]
    assert document["info"]["version"]
    names = set()
    for path, methods in document["paths"].items():
        assert path.startswith("/")
        assert methods.keys() <= METHODS
        for operation in methods.values():
            names.add(operation["operationId"])
            named = {
                p["name"] for p in operation.get("parameters", ()) if p["in"] == "path" and p["required"]
            }
            assert named == set(re.findall(r"{(\w+)}", path))
            assert operation["summary"]
            for status, response in operation["responses"].items():
                assert re.fullmatch(r"[1-5]\d\d", status)
                assert response["description"]
    assert len(names) == sum(map(len, document["paths"].values()))
    assert all(re.fullmatch(r"\w+", name) for name in names)


def test_it_is_valid_against_the_schema_of_the_specification(document: dict[str, Any]) -> None:
    jsonschema_rs.Draft202012Validator(OPENAPI_31).validate(document)


def test_every_operation_stands_under_a_known_part_and_is_told_with_examples(
    document: dict[str, Any],
) -> None:
    known = {tag["name"] for tag in document["tags"]}
    for methods in document["paths"].values():
        for operation in methods.values():
            assert set(operation["tags"]) <= known
            told = [each for each in operation.get("parameters", ()) if each["name"] != "after"]
            assert [each["name"] for each in told if "example" not in each and not chosen(each)] == []
            for content in operation.get("requestBody", {}).get("content", {}).values():
                assert "example" in content, operation["operationId"]
            for status, answer in operation["responses"].items():
                for header in answer.get("headers", {}).values():
                    assert header["description"]
                    assert "example" in header
                for kind, content in answer["content"].items():
                    if kind == "application/problem+json":
                        assert "examples" in content, (operation["operationId"], status)
                    elif kind == "application/json":
                        assert "example" in content, operation["operationId"]


def chosen(parameter: dict[str, Any]) -> bool:
    """Whether it says by itself what it may be."""
    return "enum" in parameter["schema"] or parameter["schema"]["type"] in ("integer", "boolean")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_the_shape_it_is_called_by(document: dict[str, Any], name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(EXAMPLES[name])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = {part["$ref"] for part in everything(document) if "$ref" in part}
    assert references
    for reference in references:
        _, components, kind, name = reference.split("/")
        assert name in document[components][kind]


def test_every_schema_is_a_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_whatever_needs_a_key_says_so(document: dict[str, Any]) -> None:
    open_ = {
        path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if "security" not in operation
    }
    public = {"/v1/public/campaigns/{campaign}", "/v1/public/campaigns/{campaign}/winners"}
    assert open_ == {"/healthz", "/readyz"} | public
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_answers_look_as_the_document_says(document: dict[str, Any], running: Running) -> None:
    client = running.client
    refused = cloud_event("draw.played", "ann", data={"campaign": "spring", "mechanic": "none"})
    answers = [
        client.one(order_paid("ann")),
        client.one(refused, **{"accept-language": "zh"}),
        client.one({}),
        client.raw(b"", "text/plain"),
        client.many([order_paid("ann"), {}, refused]),
        client.post("/v1/members", json={"id": "ben", "event_id": "1"}),
        client.post("/v1/members", json={"id": "ben"}),
        client.get("/v1/members/ann"),
        client.get("/v1/members/nobody"),
        client.get("/v1/members/ann/statement"),
        client.get("/v1/members/ann/statement", params={"limit": 0}),
        client.get("/v1/campaigns"),
        client.get("/v1/campaigns/spring"),
        client.get("/v1/campaigns/none"),
        client.get("/metrics"),
        client.get("/healthz"),
        client.get("/readyz"),
    ]
    assert all(conforms(document, answer) for answer in answers)
    with running.with_key(None) as nobody, running.with_scopes("metrics:read") as reader:
        for other in (nobody, reader):
            paths = ("/v1/campaigns", "/v1/members/ann", "/v1/members/ann/statement")
            assert all(conforms(document, other.get(path)) for path in paths)
            assert conforms(document, other.one(order_paid("ann")))


def test_an_errors_type_leads_to_its_place_on_the_errors_page(client: Client) -> None:
    problem = client.get("/v1/campaigns/none").json()
    path, _, code = problem["type"].partition("#")
    assert code == problem["code"]
    assert f'id="{code}"' in client.get(path).text


def test_whatever_acts_takes_an_idempotency_key_unless_it_may_be_sent_again_as_it_is() -> None:
    acting = [each for each in declared() if each.method == "POST"]
    assert [each.path for each in acting if not each.once and not each.repeatable] == []
