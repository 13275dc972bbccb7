"""Plans for tests: a small sound one, and the same with sections exchanged."""

from pathlib import Path

from festoon.plan.problems import Problem

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "tests" / "plan" / "every-section.yaml").read_text()

SECTIONS = {
    "festoon": "1",
    "campaign": "spring",
    "title": "Spring",
    "timezone": "Asia/Shanghai",
    "schedule": "{warm_up: 2026-02-25, start: 2026-03-01, end: 2026-03-31, settle: 2026-04-10}",
    "goals": "[{metric: new_members, target: 100}]",
    "budget": "{currency: CNY, lines: {prizes: 1000}}",
    "coupons": "{ten-off: {value: 10, cost: 10, line: prizes, stock: 50}}",
    "rewards": "{welcome: [{coupon: ten-off}, {points: 200}]}",
    "mechanics": "{signup: {kind: gift, on: member.registered, give: welcome, limits: {per_member: 1}}}",
}
"""A plan in which nothing is wrong, one section a line."""


def plan(**sections: str | None) -> str:
    """The small plan with these sections instead; None leaves one out, several lines make a block."""
    told = {**SECTIONS, **sections}
    return "".join(
        f"{name}:\n{text}\n" if text.startswith(" ") else f"{name}: {text}\n"
        for name, text in told.items()
        if text is not None
    )


def said(problems: list[Problem] | tuple[Problem, ...]) -> list[tuple[str, str]]:
    """Codes and paths of problems."""
    return [(problem.code, problem.path) for problem in problems]


def lines_of(text: str, word: str) -> int:
    """The line, from 1, on which a word first stands."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if word in line)
