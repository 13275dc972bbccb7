"""Getting in: the first administrator's link, passwords, second factors, and what keeps others out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time

from festoon.access.invitations import first_link, invite
from festoon.store.pool import connect
from tests.console.visitors import PASSWORD, SECRET, Visitors
from tests.serving import Running, waited


def link(running: Running, *roles: str, at: datetime | None = None) -> str:
    """The path of a fresh invitation."""

    async def go() -> str:
        connection = await connect(running.dsn)
        try:
            return await invite(connection, roles, at or datetime.now(UTC), "tests")
        finally:
            await connection.close()

    return f"/console/welcome/{waited(go())}/"


def newcomer(username: str) -> dict[str, str]:
    return {"username": username, "name": "Ann Li", "password": PASSWORD, "again": PASSWORD}


def code_of_now() -> str:
    return f"{hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))):06d}"


def test_a_stranger_is_led_to_the_sign_in(visitors: Visitors) -> None:
    answer = visitors[""].get("/console/")
    assert answer.url.path == "/console/sign-in/"
    assert answer.status_code == 200


def test_an_invitation_works_once(running: Running, visitors: Visitors) -> None:
    path = link(running, "planner")
    ann = visitors.fresh()
    answer = ann.submit(path, **newcomer("ann"))
    assert "Your account is ready, Ann Li." in answer.text
    assert "access.link_dead" in visitors.fresh().page(path, 410)
    assert running.fetch("SELECT roles FROM person WHERE username = 'ann'")[0]["roles"] == ["planner"]
    (entry,) = running.fetch("SELECT actor FROM audit_entry WHERE act = 'person.join' AND object = 'ann'")
    assert entry["actor"] == "tests"


def test_an_old_invitation_is_dead(running: Running, visitors: Visitors) -> None:
    path = link(running, "planner", at=datetime.now(UTC) - timedelta(days=4))
    assert "access.link_dead" in visitors.fresh().page(path, 410)


def test_a_weak_password_and_a_taken_name_are_said_beside_their_fields(
    running: Running, visitors: Visitors
) -> None:
    visitors.person("bea", "judge")
    path = link(running, "judge")
    short = visitors.fresh().submit(path, **{**newcomer("cleo"), "password": "short", "again": "short"})
    assert re.search(r"id_password_error.*at least 12 characters", short.text, re.DOTALL)
    taken = visitors.fresh().submit(path, **newcomer("bea"))
    assert re.search(r"id_username_error.*is taken", taken.text, re.DOTALL)
    assert 'value="Ann Li"' in taken.text


def test_the_first_administrator_has_a_link_only_while_there_is_nobody(
    running: Running, visitors: Visitors
) -> None:
    visitors.person("dan", "judge")

    async def go() -> str | None:
        connection = await connect(running.dsn)
        try:
            return await first_link(connection, datetime.now(UTC))
        finally:
            await connection.close()

    assert waited(go()) is None


def test_a_password_and_a_code_let_somebody_in(visitors: Visitors) -> None:
    visitors.person("eve", "approver")
    eve = visitors.fresh()
    second = eve.submit("/console/sign-in/", login="eve", password=PASSWORD)
    assert second.url.path == "/console/sign-in/second/authenticate/"
    inside = eve.submit("/console/sign-in/second/authenticate/", code=code_of_now())
    assert "Sign out" in inside.text


def test_wrong_passwords_are_slowed_over_all_processes(visitors: Visitors, running: Running) -> None:
    visitors.person("fay", "planner", second_factor=False)
    fay = visitors.fresh()
    for _ in range(5):
        assert "not correct" in fay.submit("/console/sign-in/", login="fay", password="wrong").text
    assert "Too many failed" in fay.submit("/console/sign-in/", login="fay", password=PASSWORD).text
    assert running.fetch("SELECT count(*) AS n FROM console_cache")[0]["n"] > 0


@pytest.mark.parametrize("role", ["approver", "auditor", "administrator"])
def test_some_roles_do_nothing_without_a_second_factor(visitors: Visitors, role: str) -> None:
    person = visitors.person(f"no-{role}", role, second_factor=False)
    client = visitors.fresh()
    client.cookies.set("festoon_session", visitors.session(person))
    answer = client.get("/console/")
    assert answer.url.path == "/console/sign-in/second/totp/activate/"
    assert "Your role needs a second factor" in answer.text
    piece = client.get("/console/alerts/count/", headers={"HX-Request": "true"})
    assert (piece.status_code, piece.text, piece.history) == (204, "", [])


def test_nobody_signs_himself_up(visitors: Visitors) -> None:
    assert visitors[""].get("/console/sign-in/signup/").status_code == 404
    assert "Sign Up" not in visitors[""].page("/console/sign-in/")


def test_a_form_without_its_token_is_refused(visitors: Visitors) -> None:
    answer = visitors["planner"].post("/console/language/", data={"language": "en"})
    assert answer.status_code == 403
    assert "access.form_expired" in answer.text


def test_the_policy_allows_nothing_inline(visitors: Visitors) -> None:
    headers = visitors[""].get("/console/sign-in/").headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_language_is_remembered_with_the_person(visitors: Visitors, running: Running) -> None:
    gus = visitors.fresh("judge", "gus")
    assert 'lang="en"' in gus.page("/console/")
    assert 'lang="zh-Hant"' in gus.submit("/console/language/", "/console/", language="zh-hant").text
    assert running.fetch("SELECT language FROM person WHERE username = 'gus'")[0]["language"] == "zh-hant"
