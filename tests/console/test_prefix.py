"""The console under a prefix: every link and file stays below it."""

import re
from collections.abc import Iterator

import httpx
import pytest

from festoon.console.side import console
from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.serving import Running, serving_anew


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(
        server, template, next(database_names), PLAN, sides=(console,), root_path="/engage"
    ) as running:
        yield running


def test_links_and_files_stay_below_the_prefix(running: Running) -> None:
    page = httpx.get(f"http://127.0.0.1:{running.port}/console/", follow_redirects=False)
    assert page.headers["location"].startswith("/engage/console/sign-in/")
    text = httpx.get(f"http://127.0.0.1:{running.port}/console/sign-in/").text
    paths = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
    assert paths
    assert [path for path in paths if not path.startswith("/engage/console/")] == []
    (style,) = [path for path in paths if path.endswith("festoon.css")]
    answer = httpx.get(f"http://127.0.0.1:{running.port}{style.removeprefix('/engage')}")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
