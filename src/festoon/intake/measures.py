"""What a serving process counts, in the form Prometheus reads."""

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("festoon_events_total", "Events answered, by what came of them", ["kind"])
UNKNOWN_TYPES = Counter(
    "festoon_unknown_types_total", "Events of a type nobody declared: recorded, without effect"
)
TURNED_AWAY = Counter("festoon_turned_away_total", "Events not taken, by code", ["code"])
STORE_FAILURES = Counter("festoon_store_failures_total", "Batches that lost their database connection")
QUEUED = Gauge("festoon_queued_events", "Events waiting for a batch")
BATCH_SIZE = Histogram(
    "festoon_batch_events", "Events a batch", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
)
REQUEST_SECONDS = Histogram(
    "festoon_request_seconds",
    "Time from an event's request to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
TIMERS_FIRED = Counter("festoon_timer_wakes_total", "Members woken for timers that came due")
