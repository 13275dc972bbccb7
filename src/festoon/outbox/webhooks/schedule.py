"""When a message that did not get through is sent again, and when Festoon gives up.

The steps are those that Standard Webhooks recommends. Each is stretched or shortened by up to a fifth, so that what
failed together does not come back together.
"""

from datetime import timedelta

STEPS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The waits between attempts: ten attempts within about three days."""
JITTER = 0.2
LONGEST_WAIT = timedelta(hours=24)
"""A receiver that asks to be left alone is not left alone for longer."""
GIVE_UP = timedelta(days=5)
"""An endpoint where nothing has got through for so long is disabled."""


def wait(tries: int, dice: float, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after the attempt numbered `tries`, from 1 on; None after the last. `dice` is between 0 and 1;
    `asked` is what the receiver asks for."""
    if tries > len(STEPS):
        return None
    planned = STEPS[tries - 1] * (1 + JITTER * (2 * dice - 1))
    return planned if asked is None else max(planned, min(asked, LONGEST_WAIT))
