"""The clock moves a campaign through its phases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from festoon.plan.moments import schedule_of
from festoon.plan.phases import PHASES, next_transition, passed, phase, transitions
from festoon.plan.schema import SchedulePlan

ZONE = ZoneInfo("Asia/Shanghai")
SCHEDULE = schedule_of(
    SchedulePlan(warm_up="2027-01-25", start="2027-02-05", end="2027-02-20", settle="2027-03-06"), ZONE
)
TICK = timedelta(microseconds=1)


def test_each_phase_begins_at_its_own_instant_and_not_before() -> None:
    for before, (begins, after) in zip(PHASES, transitions(SCHEDULE), strict=False):
        assert phase(SCHEDULE, begins - TICK) == before
        assert phase(SCHEDULE, begins) == after


def test_the_last_day_is_running_until_local_midnight() -> None:
    assert phase(SCHEDULE, datetime(2027, 2, 20, 23, 59, 59, tzinfo=ZONE)) == "running"
    assert phase(SCHEDULE, datetime(2027, 2, 21, tzinfo=ZONE)) == "closing"


def test_the_phase_does_not_depend_on_the_zone_the_instant_is_told_in() -> None:
    assert phase(SCHEDULE, datetime(2027, 2, 4, 16, tzinfo=UTC)) == "running"
    assert phase(SCHEDULE, datetime(2027, 2, 4, 5, tzinfo=ZoneInfo("America/New_York"))) == "warm_up"


def test_the_next_transition_is_the_first_one_after_now() -> None:
    now = datetime(2027, 2, 10, tzinfo=UTC)
    assert next_transition(SCHEDULE, now) == (SCHEDULE.end, "closing")
    assert next_transition(SCHEDULE, SCHEDULE.end) == (SCHEDULE.settle, "settled")
    assert next_transition(SCHEDULE, SCHEDULE.archive) is None


def test_without_a_warm_up_the_campaign_starts_at_once() -> None:
    schedule = schedule_of(SchedulePlan(start="2027-02-05", end="2027-02-20"), ZONE)
    assert next_transition(schedule, schedule.start - TICK) == (schedule.start, "running")
    assert phase(schedule, schedule.start) == "running"


def test_what_has_passed_is_listed_with_its_instants() -> None:
    assert passed(SCHEDULE, SCHEDULE.warm_up - TICK) == ()
    assert passed(SCHEDULE, SCHEDULE.end) == (
        ("warm_up", SCHEDULE.warm_up),
        ("running", SCHEDULE.start),
        ("closing", SCHEDULE.end),
    )
