"""Reports say what a campaign cost: they are for whoever may read campaigns."""

from pathlib import Path

import pytest

from tests.serving import serving


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "spring.html").write_text("<p>4,711 yuan</p>")
    return str(tmp_path)


def test_reports_want_a_key_that_may_read_campaigns(database: str, folder: str) -> None:
    with serving(database, reports=folder) as running:
        for path in ("/reports/spring.html", "/reports/", "/reports/none.html"):
            with running.with_key(None) as nobody:
                answer = nobody.get(path)
                assert (answer.status_code, answer.json()["code"]) == (401, "key.missing")
                assert answer.headers["www-authenticate"].startswith("Basic ")
            with running.with_scopes("events:write") as sender:
                assert sender.get(path).status_code == 403
        with running.with_scopes("campaigns:read") as reader:
            assert "4,711" in reader.get("/reports/spring.html").text
            assert reader.get("/reports/none.html").status_code == 404
            assert reader.get("/reports/%2E%2E/%2E%2E/etc/passwd").status_code == 404


def test_a_browser_gives_the_key_as_a_password(database: str, folder: str) -> None:
    with serving(database, reports=folder) as running, running.with_key(None) as browser:
        assert browser.get("/reports/spring.html", auth=("lin", running.key)).status_code == 200
        assert browser.get("/reports/spring.html", auth=("lin", "password")).status_code == 401


def test_on_a_machine_of_ones_own_they_can_be_open(database: str, folder: str) -> None:
    with (
        serving(database, reports=folder, reports_for_all=True) as running,
        running.with_key(None) as anybody,
    ):
        assert "4,711" in anybody.get("/reports/spring.html").text
        assert anybody.get("/v1/campaigns").status_code == 401
