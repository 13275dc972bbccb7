"""The log of a process of ours: one JSON object a line on standard error, for whoever collects logs.

Errors carry their traceback but no values of variables: those hold what members sent.
"""

import sys
from typing import Any

import structlog


def log_as_json() -> None:
    """Set it up, unless somebody has said otherwise."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=_to_standard_error,
    )


def _to_standard_error(*_: Any) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)
