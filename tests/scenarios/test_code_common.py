"""Codes that many use, in campaigns that follow each other: whoever enters one means the campaign that runs."""

import pytest

from tests.scenarios.story import Story, code


def campaign(name: str, start: str, end: str, written: str, points: int) -> str:
    return f"""
festoon: 1
campaign: {name}
title: {{en: A season}}
timezone: Asia/Shanghai
schedule: {{start: {start}, end: {end}}}
budget: {{currency: CNY, lines: {{prizes: 5000}}}}
assets: {{points: {{cost: 0.01, line: prizes}}}}
mechanics:
  hello: {{kind: code, codes: [{written}], give: {{points: {points}}}}}
"""


SPRING = campaign("spring", "2027-03-01", "2027-03-31", "HELLO-2027", 5)
SUMMER = campaign("summer", "2027-06-01", "2027-06-30", "hello2027", 70)


@pytest.mark.parametrize("plans", [(SPRING, SUMMER), (SUMMER, SPRING)], ids=["spring first", "summer first"])
def test_a_code_of_two_campaigns_is_that_of_the_one_that_runs(plans: tuple[str, str]) -> None:
    story = Story(*plans)
    for at, points, shown in (("2027-03-05", 5, "HELLO-2027"), ("2027-06-05", 75, "hello2027")):
        assert story.happens("code.entered", "mei", at, code="hello 2027")["hello"].note == {"code": shown}
        assert story.points("mei") == points


@pytest.mark.parametrize("plans", [(SPRING, SUMMER), (SUMMER, SPRING)], ids=["spring first", "summer first"])
@pytest.mark.parametrize("at", ["2027-02-05", "2027-05-05", "2027-07-05"])
def test_while_neither_runs_it_is_refused_as_out_of_time(plans: tuple[str, str], at: str) -> None:
    outcome = Story(*plans).send("code.entered", "mei", at, code="HELLO2027")
    assert outcome.refused is not None
    assert (outcome.refused.code, outcome.refused.data["reason"]) == ("request.not_for_you", "phase")


def test_a_code_of_one_campaign_is_entered_as_ever() -> None:
    story = Story(SPRING)
    assert code(story.happens("code.entered", "mei", "2027-03-05", code="Hello-2027")["hello"]) == ""
    assert story.points("mei") == 5
