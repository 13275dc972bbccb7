"""One server for all tests of a file that change nothing about it."""

from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.serving import Client, Running, head, serving_anew

PLAN = (
    head()
    + """
events:
  lesson.finished:
    title: {en: Lesson finished}
    data:
      type: object
      required: [lesson]
      properties:
        lesson: {type: string}
        minutes: {type: integer, minimum: 0, maximum: 600}
        note: {type: string, x-personal: true}
assets:
  points: {cost: 0.01, line: prizes}
coupons:
  five-off: {value: 5, cost: 5, line: prizes}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}, {coupon: five-off}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 1, give: 1}
  study: {kind: gift, on: lesson.finished, give: [{points: 7}], limits: {per_day: 1}}
"""
)


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


@pytest.fixture
def client(running: Running) -> Client:
    return running.client
