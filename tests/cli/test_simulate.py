"""`festoon plan simulate`: what cannot be simulated is said before anything runs."""

from pathlib import Path

import pytest

from tests.cli.commands import Commands
from tests.house.sources import ROOT

PLANS = ROOT / "examples" / "plans"
SMALL = ("--members", "5", "--days", "2", "--seeds", "1", "--processes", "1")


class Simulate(Commands):
    group = ("plan", "simulate")

    def code(self, plan: str, *words: str) -> str:
        """The code of the error that it leaves with."""
        error: str = self.json(str(PLANS / f"{plan}.yaml"), *SMALL, *words, code=3)["error"]["code"]
        return error


simulate = Simulate()


def test_a_rate_of_a_type_that_nobody_knows_is_not_passed_over() -> None:
    assert simulate.code("new-year", "--rate", "order.payd=0.2") == "population.unknown_type"


@pytest.mark.parametrize("segment", ["returning", "returnin", "", "care-list"])
def test_a_list_belongs_to_a_segment_that_takes_one(segment: str, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("m1\n")
    assert simulate.code("new-year", "--list", f"{segment}={listed}") == "segment.takes_no_list"


def test_a_list_that_is_not_there_is_said_without_numbers_of_the_system() -> None:
    whole = simulate(
        str(PLANS / "community-benefits.yaml"), *SMALL, "--list", "care-list=none.csv", "--json"
    ).output
    assert "none.csv cannot be read: No such file or directory" in whole


def test_what_nobody_did_since_it_has_no_rate_is_said() -> None:
    said = simulate(str(PLANS / "auto-top-up.yaml"), *SMALL, "--rate", "topup.succeeded=0.5").output
    assert "a day and member: topup.succeeded 0.5" in said
    assert "nobody did: invite.accepted, invite.sent, topup.reversed" in said
    assert "nobody did" not in simulate(str(PLANS / "auto-top-up.yaml"), *SMALL, "--json").output
