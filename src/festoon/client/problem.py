"""What the server refuses, as an exception."""

import msgspec

from festoon.api.answers import Problem


class FestoonProblem(Exception):  # the standard calls it a problem, not an error
    """An answer that is an RFC 9457 problem. `code` is stable; `text` and `todo` are in the client's language;
    `retry_after` is in seconds, 0 when trying again does not help."""

    def __init__(self, problem: Problem, retry_after: float = 0.0) -> None:
        super().__init__(f"{problem.code}: {problem.title}")
        self.problem = problem
        self.retry_after = retry_after

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def status(self) -> int:
        return self.problem.status

    @property
    def text(self) -> str:
        return self.problem.title

    @property
    def todo(self) -> str:
        return self.problem.detail


def problem_in(body: bytes, status: int, retry_after: float) -> FestoonProblem:
    """The problem that an answer tells; whatever stands between us and the server may answer something else."""
    try:
        found = msgspec.json.decode(body, type=Problem)
    except msgspec.MsgspecError:
        said = body[:200].decode(errors="replace")
        found = Problem(
            "about:blank", said or "no answer that is a problem", status, "client.unexpected_answer"
        )
    return FestoonProblem(found, retry_after)
