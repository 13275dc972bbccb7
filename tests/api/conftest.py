"""One server for all tests of a file, with a campaign that has a draw, stock and a budget."""

from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.serving import Client, Running, head, serving_anew

PLAN = (
    head(budget=1000)
    + """
assets:
  points: {cost: 0.01, line: prizes, expires: {days: 90}}
coupons:
  five-off: {value: 5, cost: 5, line: prizes, stock: 30, valid: {days: 7}}
gifts: {phone: {cost: 300, line: prizes}}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 1, give: 1}
  claim: {kind: gift, on: page.viewed, give: [{coupon: five-off}], limits: {per_day: 1}}
  grow: {kind: gift, on: content.liked, give: [{growth: 5}]}
  friends: {kind: referral, actions: [order.paid], inviter: {points: 1}, link: "https://tea.example/{code}"}
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 5}}
    prizes: [{id: phone, weight: 1, stock: 2, give: {gift: phone}}, {id: few, weight: 5, give: {points: 2}}]
    sold_out: next_prize
    raises: [{prize: phone, by: 50, when: "member.count('signup') >= 1"}, {prize: phone, by: 100, asset: growth}]
"""
)


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


@pytest.fixture
def client(running: Running) -> Client:
    return running.client
