"""Lists come page by page: nothing is left out, nothing comes twice, and what is misspelt is said."""

from typing import Any

import pytest

from tests.serving import Client, head


def pages(client: Client, path: str, items: str, limit: int, **asked: Any) -> list[list[Any]]:
    """All pages of a list."""
    found = []
    after: dict[str, str] = {}
    while True:
        page = client.get(path, params={**asked, "limit": limit, **after}).json()
        found.append(page[items])
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


def submit(client: Client, campaign: str) -> int:
    plan = head(campaign) + "\nmechanics:\n  hello: {kind: gift, on: page.viewed, give: [{points: 1}]}\n"
    version: int = client.post("/v1/plans", json={"source": plan}).json()["version"]
    return version


def test_what_is_added_meanwhile_neither_hides_nor_repeats_what_was_there(client: Client) -> None:
    for _ in range(4):
        submit(client, "pages")
    first = client.get("/v1/plans", params={"campaign": "pages", "limit": 2}).json()
    submit(client, "pages")
    second = client.get("/v1/plans", params={"campaign": "pages", "limit": 2, "after": first["next"]}).json()
    seen = [each["version"] for page in (first, second) for each in page["versions"]]
    assert seen == [1, 2, 3, 4]


@pytest.mark.parametrize("limit", [1, 2, 5, 200])
def test_pages_of_any_size_hold_the_same(client: Client, limit: int) -> None:
    if not client.get("/v1/plans", params={"campaign": "sizes"}).json()["versions"]:
        for _ in range(5):
            submit(client, "sizes")
    found = pages(client, "/v1/plans", "versions", limit, campaign="sizes")
    assert [each["version"] for page in found for each in page] == [1, 2, 3, 4, 5]
    assert all(len(page) == limit for page in found[:-1])


@pytest.mark.parametrize(
    ("query", "code", "place"),
    [
        ("after=x", "request.parameter_invalid", "after"),
        ("after=WyJ4Il0", "request.parameter_invalid", "after"),
        ("after=WyJcdTAwMDAiLDFd", "request.parameter_invalid", "after"),
        ("limit=0", "request.parameter_invalid", "limit"),
        ("limit=201", "request.parameter_invalid", "limit"),
        ("campain=x", "request.parameter_unknown", "campain"),
        ("limit=1&limit=2", "request.parameter_unknown", "limit"),
    ],
)
def test_a_query_that_is_not_right_is_said(client: Client, query: str, code: str, place: str) -> None:
    answer = client.get(f"/v1/plans?{query}")
    assert (answer.status_code, answer.json()["code"], answer.json()["place"]) == (400, code, place)
