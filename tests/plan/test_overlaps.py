"""A plan beside others: what it is told of caps and groups, and what keeps it from being published."""

from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.overlaps import overlaps
from festoon.plan.parse import read_plan
from tests.plan.plans import plan

DAILY = "{daily: {of: points, amount: 500, per: day}}"


def campaign(name: str, **sections: str | None) -> CompiledCampaign:
    return compile_plan(read_plan(plan(campaign=name, **sections)))


def told(new: CompiledCampaign, *others: CompiledCampaign) -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in overlaps(new, others)]


def test_campaigns_that_run_at_once_are_named() -> None:
    assert told(campaign("one"), campaign("two")) == [("plan.overlaps", "warning")]


def test_a_campaign_is_not_beside_itself_nor_beside_one_that_ended_before_it() -> None:
    past = campaign("two", schedule="{start: 2026-01-01, end: 2026-02-28}", shared_caps=DAILY)
    assert told(campaign("one"), campaign("one"), past) == []


def test_a_cap_that_the_other_has_and_this_one_does_not_is_pointed_out() -> None:
    assert told(campaign("one"), campaign("two", shared_caps=DAILY)) == [
        ("plan.cap_not_taken", "warning"),
        ("plan.overlaps", "warning"),
    ]
    assert told(campaign("one", shared_caps=DAILY), campaign("two"))[0] == ("plan.cap_not_theirs", "warning")


def test_a_cap_on_what_the_other_does_not_give_concerns_nobody() -> None:
    gifts = "{daily-gifts: {of: gift, amount: 1, per: day}}"
    assert told(campaign("one"), campaign("two", shared_caps=gifts)) == [("plan.overlaps", "warning")]


def test_one_name_is_one_cap_also_of_campaigns_that_run_one_after_the_other() -> None:
    weekly = DAILY.replace("per: day", "per: week")
    past = campaign("two", schedule="{start: 2026-01-01, end: 2026-02-28}", shared_caps=weekly)
    assert told(campaign("one", shared_caps=DAILY), past) == [("plan.cap_differs", "error")]
    elsewhere = campaign("two", timezone="Asia/Tokyo", shared_caps=DAILY)
    assert told(campaign("one", shared_caps=DAILY), elsewhere)[0] == ("plan.cap_differs", "error")


def test_amounts_may_differ_and_that_is_said() -> None:
    less = campaign("two", shared_caps=DAILY.replace("500", "50"))
    (found, _) = overlaps(campaign("one", shared_caps=DAILY), [less])
    assert found.code == "plan.cap_amount_differs"
    assert found.data["theirs"], found.data["ours"] == (50, 500)


def test_campaigns_of_one_group_shut_each_other_out() -> None:
    group = "{group: spring-offers}"
    found = told(campaign("one", exclusive=group), campaign("two", exclusive=group))
    assert found == [("plan.same_group", "warning")]


def with_code(name: str, code: str, **sections: str) -> CompiledCampaign:
    return campaign(name, mechanics=f"{{hello: {{kind: code, codes: [{code}], give: welcome}}}}", **sections)


def test_a_code_is_that_of_one_campaign_at_a_time_however_it_is_written() -> None:
    new, other = with_code("one", "HELLO-27"), with_code("two", "hello27")
    found, _ = overlaps(new, [other])
    assert (found.code, found.severity, found.path) == (
        "plan.code_taken",
        "error",
        "mechanics.hello.codes[0]",
    )
    assert "two" in found.text()
    assert "HELLO-27" in found.text("zh-Hans")
    assert found.todo("zh-Hans")
    past = with_code("two", "hello27", schedule="{start: 2026-01-01, end: 2026-02-28}")
    assert told(new, past) == []
    assert told(new, with_code("two", "HELLO-28")) == [("plan.overlaps", "warning")]
