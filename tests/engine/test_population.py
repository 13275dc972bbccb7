"""Made-up members: what is in their events, and that the same seed makes the same ones."""

import pytest

from festoon.base.errors import Invalid
from festoon.engine.population import Population

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31}
budget: {currency: CNY, lines: {prizes: 1000}}
events:
  quiz.ranked:
    data:
      type: object
      properties: {rank: {type: integer}}
      examples: [{rank: 1}, {rank: 20}]
  quiz.seen: {}
mechanics:
  rank: {kind: gift, on: quiz.ranked, when: event.rank < 5, give: {badge: champion}}
  seen: {kind: gift, on: quiz.seen, give: {badge: champion}}
  eve: {kind: red_packet, pool: {asset: CNY, amount: 100, line: prizes}, packets: 10}
  morning: {kind: red_packet, pool: {asset: CNY, amount: 100, line: prizes}, packets: 10}
badges: {champion: {}}
"""


def made(*rates: str) -> list[dict[str, object]]:
    population = Population.of(PLAN, 50, 10, rates, None)
    types = {rate.partition("=")[0] for rate in rates}
    return [event.data for batch in population() for event in batch if event.type in types]


def test_what_a_plan_s_own_event_says_is_one_of_the_examples_of_its_schema() -> None:
    ranks = [data["rank"] for data in made("quiz.ranked=0.2")]
    assert set(ranks) == {1, 20}
    assert len(ranks) > 50


def test_without_examples_it_says_nothing() -> None:
    assert {str(data) for data in made("quiz.seen=0.2")} == {"{}"}


def test_a_request_goes_to_the_mechanics_that_listen_to_it() -> None:
    asked = {(data["campaign"], data["mechanic"]) for data in made("red_packet.claimed=0.2")}
    assert asked == {("spring", "eve"), ("spring", "morning")}


def test_a_type_that_nobody_knows_is_a_mistake_and_one_of_the_vocabulary_is_none() -> None:
    with pytest.raises(Invalid) as no:
        made("quiz.rankd=0.2")
    assert no.value.code == "population.unknown_type"
    assert no.value.data["known"] == "quiz.ranked, quiz.seen, red_packet.claimed"
    assert made("content.commented=0.2")


def test_the_same_seed_makes_the_same_events() -> None:
    assert made("quiz.ranked=0.2", "red_packet.claimed=0.1") == made(
        "quiz.ranked=0.2", "red_packet.claimed=0.1"
    )
