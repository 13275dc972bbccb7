"""One server with the console for all tests of a file, and somebody signed in for each role."""

from collections.abc import Iterator

import pytest

from festoon.console.side import console
from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.console.visitors import Visitors
from tests.serving import Running, serving_anew


@pytest.fixture(scope="module")
def plan() -> str:
    """The plan that runs; a test file may have its own."""
    return PLAN


@pytest.fixture(scope="module")
def running(
    server: EmbeddedServer, template: str, database_names: Iterator[str], plan: str
) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), plan, sides=(console,)) as running:
        yield running


@pytest.fixture(scope="module")
def visitors(running: Running) -> Iterator[Visitors]:
    """Who is signed in: `visitors["planner"]` is a client of somebody with that role, `visitors[""]` of a stranger."""
    made = Visitors(running.dsn, running.port)
    yield made
    made.close()
