"""People, keys and the audit trail: what administrators and auditors see and do."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from festoon.access.keys import SCOPES, create, find
from festoon.base.errors import FestoonError
from festoon.engine.publish import approve, submit
from festoon.store.pool import connect
from tests.console.visitors import PASSWORD, Visitors
from tests.serving import Running, head, waited

LINK = re.compile(r"http://[^<\s]+/console/welcome/[\w-]+/")


def act(username: str, what: str, visitors: Visitors) -> httpx.Response:
    page = f"/console/access/people/{username}/"
    return visitors["administrator"].submit(f"{page}{what}/", page)


def test_only_who_may_sees_people_keys_and_trail(visitors: Visitors) -> None:
    for path, allowed in (
        ("/console/access/", {"administrator"}),
        ("/console/access/keys/", {"administrator"}),
        ("/console/access/trail/", {"administrator", "auditor"}),
    ):
        for role in ("planner", "approver", "auditor", "administrator", "support"):
            page = visitors[role].get(path)
            assert page.status_code == (200 if role in allowed else 403), (path, role)
            assert ("access.capability_missing" in page.text) == (role not in allowed)
        assert visitors[""].get(path).url.path == "/console/sign-in/"


def test_an_invitation_is_shown_once_and_can_be_taken_back(visitors: Visitors) -> None:
    boss = visitors["administrator"]
    shown = boss.submit("/console/access/invite/", roles=["judge", "support"])
    (link,) = LINK.findall(shown.text)
    assert link not in boss.page("/console/access/")
    assert visitors.fresh().get(link).status_code == 200
    (waiting,) = re.findall(r'action="(/console/access/links/[0-9a-f]+/)"', boss.page("/console/access/"))
    assert "no longer works" in boss.submit(waiting, "/console/access/").text
    assert visitors.fresh().get(link).status_code == 410


def test_roles_change_from_the_next_page_on(visitors: Visitors, running: Running) -> None:
    hal = visitors.fresh("judge", "hal")
    assert hal.get("/console/access/trail/").status_code == 403
    visitors["administrator"].submit("/console/access/people/hal/", roles=["judge", "auditor"])
    assert hal.get("/console/access/trail/").status_code == 200
    (entry,) = running.fetch("SELECT * FROM audit_entry WHERE act = 'person.roles' AND object = 'hal'")
    assert (entry["actor"], entry["before"]) == ("user:administrator", '{"roles":["judge"]}')
    assert entry["origin"] == "console 127.0.0.1"


def test_the_last_administrator_stays(visitors: Visitors) -> None:
    boss = visitors["administrator"]
    answer = act("administrator", "deactivate", visitors)
    assert (answer.status_code, "access.last_administrator" in answer.text) == (409, True)
    answer = boss.submit("/console/access/people/administrator/", roles=["judge"])
    assert (answer.status_code, "access.last_administrator" in answer.text) == (409, True)


def test_a_deactivated_person_is_out_at_once_with_all_keys(visitors: Visitors, running: Running) -> None:
    ida = visitors.fresh("planner", "ida")
    boss = visitors["administrator"]
    made = boss.submit("/console/access/keys/new/", owner="ida", scopes=["campaigns:read"])
    (key,) = re.findall(r"fst_[0-9a-f_]+", made.text)
    assert key not in boss.page("/console/access/keys/")

    async def scopes() -> frozenset[str]:
        connection = await connect(running.dsn)
        try:
            found = await find(connection, key)
        finally:
            await connection.close()
        assert found.actor == "user:ida"
        return found.scopes

    assert waited(scopes()) == {"campaigns:read"}
    act("ida", "deactivate", visitors)
    assert ida.get("/console/").url.path == "/console/sign-in/"
    assert waited(scopes()) == frozenset()
    act("ida", "activate", visitors)
    assert waited(scopes()) == {"campaigns:read"}


def test_a_key_may_not_do_more_than_whom_it_belongs_to(visitors: Visitors) -> None:
    visitors.person("jan", "analyst")
    made = visitors["administrator"].submit("/console/access/keys/new/", owner="jan", scopes=["plan:check"])
    assert "do not cover the scope plan:check" in made.text
    assert not re.findall(r"fst_[0-9a-f_]+", made.text)


def test_nobody_checks_with_a_key_what_he_made_by_hand(visitors: Visitors, running: Running) -> None:
    visitors.person("kim", "planner", "approver")

    async def go() -> str:
        connection = await connect(running.dsn)
        try:
            now = datetime.now(UTC)
            campaign, version = await submit(connection, head("by-kim"), "user:kim", now)
            key = await create(connection, "somebody-else", ["plan:check"], now, "tests", owner="kim")
            signer = await find(connection, key)
            with pytest.raises(FestoonError) as refused:
                await approve(connection, campaign, version, signer.actor, now)
            return refused.value.code
        finally:
            await connection.close()

    assert waited(go()) == "plan.maker_is_checker"


def test_a_lost_second_factor_and_a_forgotten_password_are_set_anew(
    visitors: Visitors, running: Running
) -> None:
    visitors.person("lea", "auditor")
    act("lea", "second-factor", visitors)
    assert running.fetch("SELECT count(*) AS n FROM mfa_authenticator a JOIN person p ON p.id = a.user_id "
                         "WHERE username = 'lea'")[0]["n"] == 0  # fmt: skip
    (link,) = LINK.findall(act("lea", "password", visitors).text)
    lea = visitors.fresh()
    answer = lea.submit(link, password=f"{PASSWORD} two", again=f"{PASSWORD} two")
    assert "Your new password is set" in answer.text
    inside = lea.submit("/console/sign-in/", login="lea", password=f"{PASSWORD} two")
    assert inside.url.path in ("/console/sign-in/again/", "/console/sign-in/second/totp/activate/")
    assert visitors.fresh().get(link).status_code == 410


def test_the_trail_is_searched_and_its_chain_is_looked_at(visitors: Visitors) -> None:
    visitors["administrator"].submit("/console/access/invite/", roles=["judge"])
    auditor = visitors["auditor"]
    page = auditor.page("/console/access/trail/?actor=user:administrator&act=person.invite")
    assert "person.invite" in page
    assert "<ins>judge</ins>" in page
    assert "The chain holds" in page
    assert "Nothing was found" in auditor.page("/console/access/trail/?actor=nobody-of-that-name")
    assert "Nothing was found" in auditor.page("/console/access/trail/?until=2001-01-01")


def test_pages_of_the_trail_follow_each_other_without_a_gap(visitors: Visitors, running: Running) -> None:
    async def many() -> None:
        connection = await connect(running.dsn)
        for number in range(60):
            await create(connection, f"shop-{number}", ["events:write"], datetime.now(UTC), "tests")
        await connection.close()

    waited(many())
    auditor = visitors["auditor"]
    seen: list[int] = []
    path = "/console/access/trail/?act=key.create"
    while path:
        page = auditor.page(path)
        seen += map(int, re.findall(r'data-label="No.">(\d+)<', page))
        following = re.findall(r'rel="next" href="([^"]+)"', page)
        path = f"/console/access/trail/{following[0].replace('&amp;', '&')}" if following else ""
    stored = running.fetch("SELECT number FROM audit_entry WHERE act = 'key.create' ORDER BY number DESC")
    assert seen == [row["number"] for row in stored]


def test_a_strange_act_is_not_there(visitors: Visitors) -> None:
    visitors.person("moe", "judge")
    assert act("moe", "praise", visitors).status_code == 404


def test_every_scope_is_said_in_words(visitors: Visitors) -> None:
    page = visitors["administrator"].page("/console/access/keys/new/")
    assert [scope for scope in SCOPES if f'value="{scope}"' not in page] == []
    assert [scope for scope in SCOPES if f">{scope}<" in re.sub(r"\s", "", page)] == []
    assert '"><span>Send events' in visitors["administrator"].page("/console/access/keys/")
