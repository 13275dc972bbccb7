"""Back-tests: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.backtests import BacktestAnswer, BacktestList, HistoryList
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.assumptions import Assumptions
from festoon.insight.backtests.asked import Facts, File, MadeUp
from festoon.insight.backtests.difference import Difference


class BackTests(Waiting):
    """Back-tests."""

    def ask_for_backtest(
        self,
        history: Facts | File | MadeUp,
        *,
        source: str = "",
        campaign: str = "",
        version: int = 0,
        seeds: int = 5,
        assumptions: Assumptions | None = None,
        idempotency_key: str = "",
    ) -> BacktestAnswer:
        """Ask for a back-test of a plan; it waits until `festoon work` runs it."""
        return self.call(
            Call(
                "POST",
                "/v1/backtests",
                BacktestAnswer,
                body=body(
                    history=history,
                    source=source,
                    campaign=campaign,
                    version=version,
                    seeds=seeds,
                    assumptions=assumptions,
                ),
                once=True,
                key=idempotency_key,
            )
        )

    def backtests(
        self, *, campaign: str | None = None, state: str | None = None, limit: int | None = None
    ) -> Iterator[BacktestAnswer]:
        """Back-tests, newest first, without their results."""
        return self.pages(
            Call("GET", "/v1/backtests", BacktestList, given(campaign=campaign, state=state, limit=limit)),
            "backtests",
        )

    def backtest(self, number: int) -> BacktestAnswer:
        """A back-test: how far it is, and its result."""
        return self.call(Call("GET", f"/v1/backtests/{quoted(number)}", BacktestAnswer))

    def cancel_backtest(self, number: int, *, idempotency_key: str = "") -> BacktestAnswer:
        """Cancel a back-test that waits or runs."""
        return self.call(
            Call(
                "POST",
                f"/v1/backtests/{quoted(number)}/cancel",
                BacktestAnswer,
                once=True,
                key=idempotency_key,
            )
        )

    def run_backtest_again(self, number: int, *, idempotency_key: str = "") -> BacktestAnswer:
        """Start a back-test that failed or was cancelled once more."""
        return self.call(
            Call(
                "POST",
                f"/v1/backtests/{quoted(number)}/again",
                BacktestAnswer,
                once=True,
                key=idempotency_key,
            )
        )

    def compare_backtests(self, number: int, other: int) -> Difference:
        """Two back-tests side by side, figure by figure."""
        return self.call(Call("GET", f"/v1/backtests/{quoted(number)}/against/{quoted(other)}", Difference))

    def histories(self) -> HistoryList:
        """The files of past events that a plan can be tried on."""
        return self.call(Call("GET", "/v1/histories", HistoryList))


class AsyncBackTests(Awaiting):
    """Back-tests."""

    async def ask_for_backtest(
        self,
        history: Facts | File | MadeUp,
        *,
        source: str = "",
        campaign: str = "",
        version: int = 0,
        seeds: int = 5,
        assumptions: Assumptions | None = None,
        idempotency_key: str = "",
    ) -> BacktestAnswer:
        """Ask for a back-test of a plan; it waits until `festoon work` runs it."""
        return await self.call(
            Call(
                "POST",
                "/v1/backtests",
                BacktestAnswer,
                body=body(
                    history=history,
                    source=source,
                    campaign=campaign,
                    version=version,
                    seeds=seeds,
                    assumptions=assumptions,
                ),
                once=True,
                key=idempotency_key,
            )
        )

    def backtests(
        self, *, campaign: str | None = None, state: str | None = None, limit: int | None = None
    ) -> AsyncIterator[BacktestAnswer]:
        """Back-tests, newest first, without their results."""
        return self.pages(
            Call("GET", "/v1/backtests", BacktestList, given(campaign=campaign, state=state, limit=limit)),
            "backtests",
        )

    async def backtest(self, number: int) -> BacktestAnswer:
        """A back-test: how far it is, and its result."""
        return await self.call(Call("GET", f"/v1/backtests/{quoted(number)}", BacktestAnswer))

    async def cancel_backtest(self, number: int, *, idempotency_key: str = "") -> BacktestAnswer:
        """Cancel a back-test that waits or runs."""
        return await self.call(
            Call(
                "POST",
                f"/v1/backtests/{quoted(number)}/cancel",
                BacktestAnswer,
                once=True,
                key=idempotency_key,
            )
        )

    async def run_backtest_again(self, number: int, *, idempotency_key: str = "") -> BacktestAnswer:
        """Start a back-test that failed or was cancelled once more."""
        return await self.call(
            Call(
                "POST",
                f"/v1/backtests/{quoted(number)}/again",
                BacktestAnswer,
                once=True,
                key=idempotency_key,
            )
        )

    async def compare_backtests(self, number: int, other: int) -> Difference:
        """Two back-tests side by side, figure by figure."""
        return await self.call(
            Call("GET", f"/v1/backtests/{quoted(number)}/against/{quoted(other)}", Difference)
        )

    async def histories(self) -> HistoryList:
        """The files of past events that a plan can be tried on."""
        return await self.call(Call("GET", "/v1/histories", HistoryList))
