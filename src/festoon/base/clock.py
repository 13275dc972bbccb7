"""The clocks an engine can run on. Only these read the wall's time; everybody else is given it."""

from datetime import UTC, datetime


def wall() -> datetime:
    """The wall's time, in UTC."""
    return datetime.now(UTC)


class RehearsalClock:
    """A clock that its events drive: it stands at the latest time it was moved to, and never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def move(self, to: datetime) -> None:
        """Move on; an earlier time leaves it where it is."""
        self._at = max(self._at, to)
