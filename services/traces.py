"""Note where a mistake of ours happened, without what was asked when it did."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import structlog

from geo.errors import EnvironmentFault
from services.messages import explain

log = structlog.get_logger()

MOST_STEPS = 12
"""Steps of each error that are noted, the innermost."""


def note_mistake(error: BaseException, *, where: str) -> None:
    """Tell the log the kind of each error in the chain and the lines it passed.

    Neither messages nor values are told: a voter's point may stand in them.
    """
    log.error("unforeseen", route=where, trace=describe_trace(error))


def describe_trace(error: BaseException) -> str:
    """Write the kind of each error in the chain and the lines it passed."""
    return " <- ".join(map(_trace, _follow(error)))


def note_environment(error: EnvironmentFault) -> None:
    """Tell the log what is wrong with the machine, which the public is not told."""
    log.error("environment", said=explain(error, "en"))


def _follow(error: BaseException | None) -> Iterator[BaseException]:
    # an error that is raised again may be its own cause
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__


def _trace(error: BaseException) -> str:
    steps = traceback.extract_tb(error.__traceback__)[-MOST_STEPS:]
    lines = (f"{step.filename.rpartition('/')[2]}:{step.lineno} {step.name}" for step in steps)
    return f"{type(error).__module__}.{type(error).__qualname__} at {', '.join(lines)}"
