"""What waits for the relay is among the measures of a serving process, wherever the relay runs."""

import asyncio
from pathlib import Path

import pytest

from festoon.api import lag
from tests.outbox.writing import relay_all
from tests.serving import Running, order_paid

WAITING = "festoon_relay_waiting_events"


@pytest.fixture(autouse=True)
def measured_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag, "FRESH_SECONDS", 0.0)


def test_what_waits_for_the_relay_is_measured(running: Running, tmp_path: Path) -> None:
    client = running.client
    client.many([order_paid("ann"), order_paid("bob")])
    [(waiting,)] = running.fetch("SELECT count(*) FROM event")
    assert client.metric(WAITING) == waiting >= 2
    assert client.metric("festoon_relay_waiting_ranges") == 1
    assert client.metric("festoon_relay_lag_seconds") > 0
    assert client.metric("festoon_relay_held_back_seconds") == 0
    asyncio.run(relay_all(running.dsn, tmp_path))
    assert client.metric(WAITING) == 0
    assert client.metric("festoon_relay_lag_seconds") == 0


def test_a_measurement_serves_everybody_for_a_while(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = running.client
    before = client.metric(WAITING)
    monkeypatch.setattr(lag, "FRESH_SECONDS", 3600.0)
    client.one(order_paid("ann"))
    assert client.metric(WAITING) == before + 1
    client.one(order_paid("ann"))
    assert client.metric(WAITING) == before + 1
