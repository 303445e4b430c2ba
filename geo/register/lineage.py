"""Walk from a division through the changes it took part in: what it became, and what it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LineageStep:
    """Hold one applied change as lineage sees it."""

    change: int
    """The key of the change."""
    effective_on: date
    """The first day on which it holds."""
    predecessors: frozenset[int]
    """The divisions that went into it."""
    successors: frozenset[int]
    """The divisions that came out of it; one that lives on is among both."""
    resized: frozenset[int] = frozenset()
    """Other divisions between which ground passed with it, as when a part of one comes under another."""


@dataclass(frozen=True)
class Descent:
    """Hold where a walk has led."""

    steps: tuple[LineageStep, ...]
    """The changes on the way, in the order of the walk."""
    divisions: tuple[int, ...]
    """The divisions at its end, by key; none where the last was abolished."""


def sort_steps(steps: Iterable[LineageStep]) -> list[LineageStep]:
    """Sort changes by their first day, then by their key, which grows as they are drafted."""
    return sorted(steps, key=lambda step: (step.effective_on, step.change))


def walk_forward(division: int, steps: Sequence[LineageStep], *, day: date, until: date) -> Descent:
    """Walk from a division as it was on `day` to those it has become on `until`.

    Changes are taken once and in the order of time, so that a circle of successors ends where time does.

    Examples
    --------
    >>> split = LineageStep(1, date(2020, 1, 1), frozenset({7}), frozenset({7, 8}))
    >>> walk_forward(7, [split], day=date(2019, 1, 1), until=date(2021, 1, 1)).divisions
    (7, 8)
    """
    held, taken = {division}, []
    for step in sort_steps(steps):
        if day < step.effective_on <= until and held & (step.predecessors | step.resized):
            held = _pass(held, step.predecessors, step.successors) | _spread(held, step)
            taken.append(step)
    return Descent(tuple(taken), tuple(sorted(held)))


def walk_back(division: int, steps: Sequence[LineageStep], *, day: date, since: date = date.min) -> Descent:
    """Walk from a division as it was on `day` back to those it came from, the latest change first."""
    held, taken = {division}, []
    for step in reversed(sort_steps(steps)):
        if since < step.effective_on <= day and held & (step.successors | step.resized):
            held = _pass(held, step.successors, step.predecessors) | _spread(held, step)
            taken.append(step)
    return Descent(tuple(taken), tuple(sorted(held)))


def _pass(held: set[int], given: frozenset[int], taken: frozenset[int]) -> set[int]:
    return (held - given) | taken if held & given else held


def _spread(held: set[int], step: LineageStep) -> frozenset[int]:
    """Give those that may have got ground of a division that was resized; measuring tells who did."""
    return step.resized if held & step.resized else frozenset()


def share_out(parts: Iterable[tuple[int, float]], whole: float) -> dict[int, float]:
    """Give the share, from 0 to 1, that each part has of a whole; nothing where there is no whole."""
    if not whole > 0:
        return {}
    return {key: min(1.0, max(0.0, part / whole)) for key, part in sorted(parts)}
