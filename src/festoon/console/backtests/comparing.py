"""Two back-tests side by side."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from festoon.base.errors import NotFound
from festoon.console.asked import Asked
from festoon.console.backtests.showing import shown_difference
from festoon.console.gate import needs
from festoon.insight.backtests import asking
from festoon.insight.backtests.difference import difference
from festoon.insight.jobs import jobs


@needs("campaigns:read")
def compare(request: Asked) -> HttpResponse:
    """Figure by figure: `first` and `second` of the query are their numbers."""
    first, second = (_number(request.GET.get(name, "")) for name in ("first", "second"))
    if first == second:
        return redirect("backtests:one", first)
    results = [request.bridge.ask(asking.done, number) for number in (first, second)]
    found = difference(*results)
    shown = {
        "jobs": [request.bridge.ask(jobs.job, number, asking.KIND) for number in (first, second)],
        "difference": shown_difference(found, results[0].places, results[1]),
    }
    return render(request, "backtests/compare.html", shown)


def _number(said: str) -> int:
    """Raises NotFound for what no back-test is called."""
    if not said.isascii() or not said.isdecimal() or len(said) > 15:
        raise NotFound(jobs.UNKNOWN, number=said[:20])
    return int(said)
