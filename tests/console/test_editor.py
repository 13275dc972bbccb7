"""The editor over HTTP: saving, two windows, the condition builder, and a mechanic of another package."""

import re
from typing import Any

import pytest

from festoon.plan.form.changes import fresh_mechanic
from festoon.plan.form.marks import look
from festoon.plan.form.rows import section_rows
from festoon.plan.form.words import kind_label, kind_purpose
from tests.console.foreign import weekday_card
from tests.console.visitors import CSRF, Visitor, Visitors
from tests.house.sources import ROOT
from tests.serving import head

__all__ = ["weekday_card"]

HOME = "/console/editor/"


def begin(visitor: Visitor, example: str = "new-year") -> str:
    """A draft of somebody; its address."""
    return str(visitor.submit(f"{HOME}start/", _from=HOME, example=example).url.path)


def text_of(page: str) -> str:
    found = re.search(r'<textarea id="source"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    said = found[1]
    for sign, meant in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        said = said.replace(sign, meant)
    return said


def keep(visitor: Visitor, at: str, status: int = 200, **fields: Any) -> dict[str, Any]:
    token = CSRF.search(visitor.get(HOME).text)
    assert token is not None
    answer = visitor.post(f"{at}keep/", json=fields, headers={"X-CSRFToken": token[1]})
    assert answer.status_code == status, answer.text[:500]
    found: dict[str, Any] = answer.json()
    return found


def test_what_is_typed_is_there_when_one_comes_back(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pa")
    at = begin(planner)
    text = text_of(planner.page(at)) + "# 春节\n"
    assert '<a href="/console/campaigns/"' in planner.page(at)  # the navigation stands beside it
    answer = keep(planner, at, text=text, revision=1)
    assert (answer["text"], answer["revision"]) == (text, 2)
    assert text_of(planner.page(at)) == text
    assert "New Year 2027" in planner.page(HOME)


def test_a_draft_is_called_in_the_language_of_whoever_reads_it(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pc-two-languages")
    at = begin(planner)
    assert "New Year 2027" in planner.page(HOME)
    planner.headers["accept-language"] = "zh-hans"
    for page in (HOME, at, f"{at}submit/"):
        assert "2027新春季</" in planner.page(page)
        assert "New Year 2027</" not in planner.page(page)


def test_a_campaign_that_runs_is_gone_on_with_by_its_title(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pd-goes-on")
    assert '<span translate="no">Spring <code class="quiet">spring</code></span>' in planner.page(HOME)


def test_a_form_changes_one_place_of_the_text_and_is_drawn_anew(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pb")
    at = begin(planner)
    text = text_of(planner.page(at))
    change = {"act": "set", "path": "mechanics.newcomers-draw.prizes[0].stock", "typed": "9"}
    answer = keep(planner, at, text=text, revision=1, section="mechanics.newcomers-draw", changes=[change])
    assert answer["text"] == text.replace("weight: 1, stock: 10,", "weight: 1, stock: 9,")
    assert answer["marks"] == []
    assert 'value="9"' in answer["form"]


def test_a_text_that_cannot_be_read_is_saved_and_its_mistake_is_told(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pc")
    at = begin(planner)
    answer = keep(planner, at, text="campaign: [\n", revision=1)
    assert [mark["severity"] for mark in answer["marks"]] == ["error"]
    assert text_of(planner.page(at)) == "campaign: [\n"


def test_two_windows_lose_nothing(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pd")
    at = begin(planner)
    keep(planner, at, text="a: 1\n", revision=1)
    told = keep(planner, at, 409, text="b: 2\n", revision=1)
    assert (told["theirs"], told["code"]) == ("a: 1\n", "draft.moved")
    assert "b: 2" in planner.page(f"{at}beside/")
    assert keep(planner, at, text="b: 2\n", revision=1, over=True)["text"] == "b: 2\n"
    assert "a: 1" in planner.page(f"{at}beside/")


def test_nobody_reads_or_writes_the_draft_of_another(visitors: Visitors) -> None:
    at = begin(visitors.fresh("planner", "pe"))
    other = visitors.fresh("planner", "pf")
    assert other.get(at).status_code == 404
    assert keep(other, at, 404, text="", revision=1)["code"] == "draft.unknown"
    assert visitors["support"].get(HOME).status_code == 403


def test_a_condition_goes_to_groups_and_back(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pg")
    at = begin(planner)
    token = CSRF.search(planner.page(HOME))
    assert token is not None

    def ask(**body: Any) -> dict[str, Any]:
        headers = {"X-CSRFToken": token[1]}
        found: dict[str, Any] = planner.post(f"{HOME}condition/", json=body, headers=headers).json()
        return found

    said = 'event.amount >= 100 and member.segment("returning")'
    found = ask(path="mechanics.spend.when", text=text_of(planner.page(at)), said=said)
    assert [part["field"] for part in found["group"]["parts"]] == [
        "event.amount",
        'member.segment("returning")',
    ]
    assert "event.amount" in [each["field"] for each in found["fields"]]
    assert ask(path="mechanics.spend.when", group=found["group"])["said"] == said
    assert "todo" in ask(path="mechanics.spend.when", said="event.amount >=")


def test_who_names_a_thing_is_told_before_it_is_renamed_or_removed(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pj")
    at = begin(planner)
    text, token = text_of(planner.page(at)), CSRF.search(planner.page(HOME))
    assert token is not None

    def ask(**body: Any) -> dict[str, Any]:
        found: dict[str, Any] = planner.post(
            f"{HOME}uses/", json={"text": text, **body}, headers={"X-CSRFToken": token[1]}
        ).json()
        return found

    told = ask(act="rename", path="coupons.ten-off")["uses"]
    assert {use["text"] for use in told} == {
        line.strip() for line in text.split("\n") if "coupon: ten-off" in line
    }
    assert len(ask(act="remove", path="coupons")["uses"]) >= len(told)
    assert ask(act="remove", path="coupons.nothing")["said"] == "there is no `coupons.nothing` in the plan"
    answer = keep(
        planner, at, text=text, revision=1, changes=[{"act": "rename", "path": "coupons.ten-off", "name": "ten-less"}]
    )  # fmt: skip
    assert answer["marks"] == []
    assert answer["text"].replace("ten-less", "ten-off") == text


def test_a_draft_is_looked_over_and_submitted(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "ph")
    at = begin(planner, "community-benefits")
    page = planner.page(f"{at}submit/")
    assert "What members will read" in page
    answer = planner.submit(f"{at}submit/", revision="1", note="first")
    assert "waits for review" in answer.text
    assert planner.get(at).status_code == 404


def test_a_plan_with_mistakes_cannot_be_submitted(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pi")
    at = begin(planner, "")
    keep(planner, at, text="campaign: [\n", revision=1)
    assert "This must be mended first" in planner.page(f"{at}submit/")
    planner.submit(f"{at}throw-away/", _from=f"{at}submit/")
    assert planner.get(at).status_code == 404


def test_what_a_plan_is_warned_of_has_names_as_code_and_no_backticks(visitors: Visitors) -> None:
    planner = visitors.fresh("planner", "pw")
    at = begin(planner, "")
    hello = "mechanics: {hello: {kind: gift, on: nobody.sends_it, give: {points: 1}}}\n"
    keep(planner, at, text=head("warned") + hello, revision=1)
    listed = planner.page(f"{at}submit/")
    assert "<code>nobody.sends_it</code>" in listed
    assert "`" not in listed


@pytest.mark.usefixtures("weekday_card")
def test_a_mechanic_of_another_package_has_its_form() -> None:
    text = (ROOT / "examples" / "custom_mechanic" / "plan.yaml").read_text()
    assert kind_label("weekday_card") == "Weekday card"
    assert kind_purpose("weekday_card")
    assert fresh_mechanic("weekday_card")["kind"] == "weekday_card"
    data = look(text).data or {}
    id = next(id for id, said in data["mechanics"].items() if said["kind"] == "weekday_card")
    labels = [row.path.rpartition(".")[2] for row in section_rows(look(text), f"mechanics.{id}", "en")]
    assert set(data["mechanics"][id]) - {"kind"} <= set(labels)
    assert {"limits", "when"} <= set(labels)
