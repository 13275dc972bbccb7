"""The garbage collector while something runs in memory."""

import gc

import pytest

from festoon.base.collector import still


def test_the_collector_stands_still_and_then_goes_on_as_before() -> None:
    assert gc.isenabled()
    with still():
        with still():
            assert not gc.isenabled()
        assert not gc.isenabled(), "who stopped it lets it go on"
    assert gc.isenabled()


def test_the_collector_goes_on_after_a_failure() -> None:
    with pytest.raises(LookupError), still():
        raise LookupError
    assert gc.isenabled()
