"""What templates say in the same words everywhere."""

from datetime import UTC, datetime

from festoon.console.templatetags.festoon import since, until

SHANGHAI = "Asia/Shanghai"


def test_what_ends_with_a_day_is_said_to_last_until_that_day() -> None:
    midnight = datetime(2026, 12, 16, 16, tzinfo=UTC)  # in Shanghai the 17th begins
    assert until(midnight, SHANGHAI) == '<time datetime="2026-12-16T16:00:00+00:00">2026-12-16</time>'
    assert ">2026-12-17 00:30<" in until(datetime(2026, 12, 16, 16, 30, tzinfo=UTC), SHANGHAI)
    assert until(None) == "—"


def test_what_begins_with_a_day_is_said_to_begin_on_it() -> None:
    midnight = datetime(2026, 12, 16, 16, tzinfo=UTC)
    assert since(midnight, SHANGHAI) == '<time datetime="2026-12-16T16:00:00+00:00">2026-12-17</time>'
    assert ">2026-12-17 00:30<" in since(datetime(2026, 12, 16, 16, 30, tzinfo=UTC), SHANGHAI)
    assert since(None) == "—"
