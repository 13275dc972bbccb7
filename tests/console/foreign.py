"""A mechanic of another package, as if it were installed."""

from importlib.metadata import EntryPoint

import pytest

from festoon.mechanics import registry
from tests.house.sources import ROOT


@pytest.fixture
def weekday_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mechanic of examples/custom_mechanic."""
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "custom_mechanic" / "src"))
    entry = EntryPoint("weekday_card", "festoon_weekday_card:WeekdayCard", registry.GROUP)
    monkeypatch.setitem(registry.kinds(), entry.name, entry.load())
