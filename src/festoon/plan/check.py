"""Read a plan and say everything that is wrong with it: its YAML, shape, names, numbers and sense."""

from collections.abc import Mapping

from msgspec import Struct

from festoon.mechanics.grand_params import NEVER_COLLECTED
from festoon.plan import codes_plan as codes
from festoon.plan.assemble import STAND_INS, Parsed, parse
from festoon.plan.compile import compiled_as_far, make_site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.places import Findings, Place
from festoon.plan.problems import Problem, errors_of
from festoon.plan.schema import Plan
from festoon.plan.sense import check_sense


class Checked(Struct, frozen=True):
    """A plan's text after checking. `plan` and `compiled` are there when there are no errors."""

    plan: Plan | None
    compiled: CompiledCampaign | None
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]

    @property
    def errors(self) -> list[Problem]:
        return errors_of(self.problems)

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "warning"]


def check_plan(
    text: str | bytes, *, version: int = 1, written_for: Mapping[str, int] | None = None
) -> Checked:
    """Everything that is wrong with a plan, in the order of the file. Never raises.

    `written_for` says for which version of each mechanic kind the text was written (the newest by default).
    """
    parsed = parse(text, written_for)
    if parsed.plan is None:
        return Checked(None, None, _ordered(parsed.problems), parsed.places)
    site = make_site(parsed.plan, Findings(parsed.places))
    compiled = compiled_as_far(site, version)
    check_sense(site, compiled)
    problems = _ordered((*parsed.problems, *_independent(site.findings, parsed)))
    if errors_of(problems):
        return Checked(None, None, problems, parsed.places)
    return Checked(parsed.plan, compiled, problems, parsed.places)


def _independent(findings: Findings, parsed: Parsed) -> list[Problem]:
    """Without what only follows from a mistake that was said already: a name declared by something broken, or what a
    mechanic has to say of itself without something that was left out of it."""
    no_schedule = parsed.plan is not None and parsed.plan.schedule is STAND_INS["schedule"]
    return [
        problem
        for problem in findings.problems
        if not (problem.code in _OF_TIME and no_schedule)
        and not _of_torn(problem, parsed)
        and not _of_torn_line(problem, parsed)
        and not (
            problem.code == codes.UNKNOWN_NAME
            and problem.data["name"] in parsed.names.get(str(problem.data["section"]), ())
        )
    ]


def _of_torn(problem: Problem, parsed: Parsed) -> bool:
    """Whether it is a mechanic's own word, whose codes begin with its kind, on one of which something is missing."""
    section, _, rest = problem.path.partition(".")
    mechanic = rest.partition(".")[0]
    if parsed.plan is None or section != "mechanics" or mechanic not in parsed.torn:
        return False
    made = parsed.plan.mechanics.get(mechanic)
    return made is not None and problem.code.partition(".")[0] == made.kind


def _of_torn_line(problem: Problem, parsed: Parsed) -> bool:
    """Whether a reward's line lacks what is written on it and could not be read."""
    lacks = problem.code == codes.LINE_NEEDS or (
        problem.code == codes.NOT_ONE_THING and not problem.data["count"]
    )
    return lacks and any(each.path.startswith(f"{problem.path}.") for each in parsed.problems)


_OF_TIME = frozenset(
    {
        codes.PHASES_TURNED,
        codes.OUTSIDE_SCHEDULE,
        codes.EXPIRES_TOO_SOON,
        codes.DUE_TOO_EARLY,
        NEVER_COLLECTED,
    }
)
"""What cannot be said of a plan without a schedule."""


def _ordered(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """In the order of the file. What was said of the text is not said again of the plan."""
    once = {(each.code, each.path, each.line, each.column): each for each in reversed(problems)}
    return tuple(sorted(once.values(), key=lambda each: (each.line, each.column, each.path)))
