"""`festoon demo`: a year of real purchases through a campaign, from the check of its plan to its evaluation."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from festoon.access.invitations import invite
from festoon.access.keys import create
from festoon.api.server import Serving
from festoon.base.clock import wall
from festoon.base.collector import calm
from festoon.base.processors import processors
from festoon.cli.application import serving_application
from festoon.cli.audit import examine, show_audit
from festoon.cli.background import Working, beside
from festoon.cli.backtests import show_backtest
from festoon.cli.database import database
from festoon.cli.listening import listen, vacant
from festoon.cli.plans import show_problems
from festoon.cli.reports import write_reports
from festoon.cli.serving import first_link_of
from festoon.cli.terminal import FAILED, err, failures, out, progress, say_json
from festoon.demo.data import DemoFiles, prepare
from festoon.demo.journey import MEMBERS_IN_ALL
from festoon.demo.run import (
    AFTER,
    ASSUMED,
    Counted,
    count_outcomes,
    hand_on,
    live_year,
    plan_text,
    publish_in_rehearsal,
    with_responses,
)
from festoon.engine.audit import Audited
from festoon.engine.backtest import Backtest, ParquetHistory, backtest
from festoon.insight.jobs.task import Folders
from festoon.intake.files import read_event_parquet
from festoon.plan.check import check_plan
from festoon.store.home import data_home
from festoon.store.pool import connect

HOST = "127.0.0.1"
DATABASE = "festoon_demo"
SEEDS = 4
VISITOR = ("planner", "reviewer", "operator", "judge", "support", "analyst")
"""Whoever looks around: all that needs no second factor."""
SCOPES = ["events:write", "members:read", "members:write", "campaigns:read", "metrics:read"]


def demo(
    once: Annotated[bool, typer.Option("--once", help="do it all and leave, without serving")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one last line of JSON")] = False,
    port: Annotated[int, typer.Option(help="the port to serve on, on loopback", min=1, max=65535)] = 8800,
    seeds: Annotated[int, typer.Option(help="seeds of the back-test", min=1, max=100)] = SEEDS,
) -> None:
    """Run the demo: check, back-test, a year through the live engine, audit, evaluation; then serve on loopback.

    Example: `festoon demo --once --json`
    """
    with failures(as_json=as_json):
        if not once:
            vacant(HOST, port)  # before the database of the last demo goes, which may still be served there
        with database(DATABASE, fresh=True) as dsn:
            calm()
            steps = Steps(dsn, data_home() / "demo", seeds)
            steps.run()
            if as_json:
                say_json(steps.summary())
            if not steps.audited.holds:
                raise typer.Exit(FAILED)
            if not once:
                _serve(dsn, steps, port)


class Steps:
    """The demo, step by step, with what each one took."""

    files: DemoFiles
    tested: Backtest
    counted: Counted
    audited: Audited

    def __init__(self, dsn: str, home: Path, seeds: int) -> None:
        self.dsn = dsn
        self.home = home
        self.seeds = seeds
        self.seconds: dict[str, float] = {}
        self.reports: list[Path] = []
        self.campaign = ""
        self.rehearsed = 0
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(home / "facts", ignore_errors=True)  # those of the database that has just been emptied

    def run(self) -> None:
        """Every step, in the order a platform would take it."""
        self._data()
        self._check()
        self._backtest()
        self._year()
        self._audit()
        self._facts()
        self._report()

    @contextmanager
    def _step(self, name: str, title: str) -> Iterator[None]:
        out.rule(f"[bold]{title}")
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 2)

    def _data(self) -> None:
        with self._step("data", "1 · a year of purchases"), progress() as bars:
            task = bars.add_task("events written", total=None)
            self.files = prepare(
                self.home / "data", lambda done, of: bars.update(task, completed=done, total=of)
            )
            out.print(
                "The Complete Journey (84.51°): 2,469 households, 155,848 baskets, 2,102 coupon redemptions, 2017"
            )

    def _check(self) -> None:
        with self._step("check", "2 · the plan is checked"):
            show_problems(check_plan(plan_text()), Path("plan.yaml"))

    def _backtest(self) -> None:
        with self._step("backtest", "3 · the plan is back-tested on the year"), progress() as bars:
            task = bars.add_task(f"events decided, {self.seeds} seeds", total=None)
            seen: dict[int, int] = {}

            def heard(seed: int, events: int) -> None:
                seen[seed] = events
                bars.update(task, completed=sum(seen.values()))

            history = ParquetHistory(str(self.files.events), read_event_parquet).for_plan(plan_text())
            workers = min(processors(), self.seeds)
            self.tested = backtest(
                plan_text(),
                history,
                seeds=self.seeds,
                processes=workers,
                assumptions=ASSUMED,
                on_progress=heard,
            )
        show_backtest(self.tested)

    def _year(self) -> None:
        events = self.home / "data" / "year-with-responses.parquet"
        with self._step("responses", "4 · the year as the campaign would have seen it"), progress() as bars:
            task = bars.add_task("events", total=None)
            total = with_responses(self.files.events, events, lambda count: bars.update(task, advance=count))
        with self._step("rehearsal", "5 · the year through the live engine, durably"), progress() as bars:
            self.campaign = asyncio.run(publish_in_rehearsal(self.dsn, plan_text()))
            task = bars.add_task("events answered", total=total + MEMBERS_IN_ALL)
            began = time.perf_counter()
            done = asyncio.run(
                live_year(
                    self.dsn, events, self.files.members, self.home / "facts",
                    lambda count: bars.update(task, advance=count),
                )
            )  # fmt: skip
            self.rehearsed, self.engine_seconds = done.events, time.perf_counter() - began
        self.counted = asyncio.run(count_outcomes(self.dsn))
        self._show_year()

    def _show_year(self) -> None:
        rate = self.counted.events / self.engine_seconds
        out.print(
            f"{self.counted.events:,} events decided and stored, timers among them: [bold]{rate:,.0f} events/s[/]"
        )
        table = Table("outcome", "times", title="outcomes by kind", title_justify="left")
        for kind, count in sorted(self.counted.outcomes.items(), key=lambda row: -row[1]):
            table.add_row(kind, f"{count:,}")
        out.print(table)
        table = Table("code", "times", title="refusals by code", title_justify="left")
        for code, count in sorted(self.counted.refusals.items(), key=lambda row: -row[1]):
            table.add_row(code, f"{count:,}")
        out.print(table)

    def _audit(self) -> None:
        with self._step("audit", "6 · the books are audited"), err.status("auditing …") as status:
            began = time.perf_counter()
            self.audited, broken = asyncio.run(
                examine(self.dsn, lambda rule: status.update(f"auditing: {rule} …"))
            )
            show_audit(self.audited, broken, time.perf_counter() - began)

    def _facts(self) -> None:
        with self._step("facts", "7 · facts are handed on"), progress() as bars:
            task = bars.add_task("rows written", total=None)
            rows = asyncio.run(
                hand_on(self.dsn, self.home / "facts", lambda count: bars.update(task, advance=count))
            )
            out.print(f"{rows:,} rows of facts in {self.home / 'facts'}")

    def _report(self) -> None:
        with self._step("report", "8 · the campaign is evaluated"), err.status("writing the report …"):
            self.reports = asyncio.run(
                write_reports(self.dsn, self.campaign, self.home / "facts", self.home / "reports", AFTER)
            )
            for report in self.reports:
                out.print(f"report: {report}", soft_wrap=True)

    def summary(self) -> dict[str, Any]:
        """The last line of `--json`."""
        counted = self.counted
        return {
            "events": counted.events,
            "outcomes": counted.outcomes,
            "refusals": counted.refusals,
            "grants": counted.grants,
            "transfers": counted.transfers,
            "audit": {"holds": self.audited.holds, "findings": msgspec.to_builtins(self.audited.findings)},
            "seconds": self.seconds,
            "events_per_second": round(counted.events / self.engine_seconds),
            "report": str(self.reports[0]) if self.reports else "",
            "reports": [str(report) for report in self.reports],
        }


def _serve(dsn: str, steps: Steps, port: int) -> None:
    """Serve on loopback until told to stop."""

    async def given() -> tuple[str, str]:
        connection = await connect(dsn)
        try:
            return (
                await create(connection, "demo", SCOPES, wall(), "demo"),
                await invite(connection, VISITOR, wall(), "demo"),
            )
        finally:
            await connection.close()

    token, invitation = asyncio.run(given())
    home = f"http://{HOST}:{port}"
    visit = f"/console/welcome/{invitation}/?next=/console/board/{steps.campaign}/"
    lines = [
        ("API", f"{home}/docs"),
        *(("report", f"{home}/reports/{report.name}") for report in steps.reports),
        ("members' side", f"{home}/m/{steps.campaign}"),
        (
            "live board, for a visitor who makes himself an account",
            f"{home}{visit}",
        ),
        ("console, for its first administrator", f"{home}{first_link_of(dsn) or '/console/'}"),
        ("a key for this run", token),
    ]

    def opened() -> None:
        out.rule("[bold]9 · open")
        for what, where in lines:
            out.print(f"{what}\n  {where}", highlight=False, soft_wrap=True)
        out.print("this is a rehearsal database; stop with Ctrl-C", style="dim")

    folders = Folders(steps.home / "facts", data_home() / "histories", steps.home / "reports")
    serving = Serving(dsn, clock=False, reports=str(folders.reports), reports_for_all=True,
                      histories=str(folders.histories), facts=str(folders.facts))  # fmt: skip
    application = serving_application(serving, beside(Working(folders)))
    listen(application, HOST, port, opened)


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "demo": lambda app: app.command("demo")(demo),
}
