"""Made-up requests to every operation of the document, right and wrong: each is answered as the document says.

`FESTOON_CONTRACT_EXAMPLES=200 pytest -n 0 tests/api/test_contract.py` looks longer.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from festoon.api.openapi import document
from festoon.api.operations import declared
from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.serving import Running, order_paid, serving_anew

EXAMPLES = int(os.environ.get("FESTOON_CONTRACT_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.allow_header_conformance,
    checks.negative_data_rejection,
]
"""The last is not for batches of events: each event is refused alone, and the batch is taken."""
TEA = PLAN.replace("campaign: spring\n", "campaign: spring-tea\n").replace("lucky-draw", "tea-draw")
QUICKLY = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
LABELS = [
    f"{method.upper()} {path}" for path, known in document(declared())["paths"].items() for method in known
]


@cache
def described() -> Any:
    """The document as Schemathesis reads it."""
    return schemathesis.openapi.from_dict(document(declared()))


@pytest.fixture(scope="module")
def tea(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    """A server with the campaign and the member of the document's examples."""
    with serving_anew(server, template, next(database_names), TEA) as running:
        running.client.post("/v1/members", json={"id": "li-hua", "event_id": "r-1"})
        running.client.many([order_paid("li-hua", 100 + n) for n in range(5)])
        yield running


@pytest.fixture(scope="module")
def token(tea: Running) -> str:
    """A token of the member's own."""
    made: str = tea.client.post("/v1/members/li-hua/token", json={}).json()["token"]
    return made


@pytest.mark.parametrize("label", LABELS)
def test_every_answer_is_one_that_the_document_tells(label: str, tea: Running, token: str) -> None:
    operation = described().find_operation_by_label(label)
    key = token if operation.path.startswith("/v1/me/") else tea.key
    known = {each.name: each.definition["example"] for each in operation.path_parameters}

    def check(case: Any) -> None:
        answer = case.call(
            base_url=f"http://127.0.0.1:{tea.port}", headers={"Authorization": f"Bearer {key}"}
        )
        one_by_one = label == "POST /v1/events" and answer.status_code == 200
        case.validate_response(answer, checks=CHECKS[:-1] if one_by_one else CHECKS)

    for strategy in operation.get_strategies_from_examples():
        tried(strategy, check)
    there = {"path_parameters": known} if known else {}
    tried(operation.as_strategy(GenerationMode.POSITIVE, **there), check)
    with suppress(Unsatisfiable):  # where nothing is asked, nothing can be wrong
        tried(operation.as_strategy(GenerationMode.NEGATIVE), check)


def tried(strategy: Any, check: Callable[[Any], None]) -> None:
    """Check some requests of a kind."""
    asking: Any = given(strategy)
    QUICKLY(asking(check))()
