"""Carry the values of a table over a crosswalk so that nothing is lost: totals are kept to the last person.

Whole numbers stay whole: each source is shared out by largest remainders, and a tie goes to the target whose code
comes first. Other numbers are shared by their weights, and what rounding loses is given to the largest part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite
from typing import TypeVar

from geo.errors import InvalidValue, because
from geo.register.crosswalks import Cell, Crosswalk, make_crosswalk

Key = TypeVar("Key")

MOST_SETTLING = 8
"""So often a sum is corrected; once is nearly always enough."""


@dataclass(frozen=True)
class Aggregate:
    """Hold what became of one column of a table."""

    values: dict[str, float]
    """The value of each target; whole numbers when the column had only whole ones."""
    remainder: dict[str, float]
    """What of a source no target got, where something was left over."""
    flows: tuple[Cell, ...]
    """What went from which source to which target."""

    @property
    def total(self) -> float:
        """Sum all of it: the total of the column as it was."""
        return _sum([*self.values.values(), *self.remainder.values()])

    def way_back(self) -> Crosswalk:
        """Give the crosswalk that returns these very values to the sources they came from."""
        return make_crosswalk((flow.target, flow.source, flow.weight) for flow in self.flows)


def re_aggregate(crosswalk: Crosswalk, values: Mapping[str, float]) -> Aggregate:
    """Carry one column over a crosswalk; a source that the crosswalk does not know is remainder.

    Raises InvalidValue for a value below zero or one that is no number.

    Examples
    --------
    >>> thirds = make_crosswalk([("X", "A", 1.0), ("X", "B", 1.0), ("X", "C", 1.0)])
    >>> re_aggregate(thirds, {"X": 100}).values
    {'A': 34, 'B': 33, 'C': 33}
    """
    checked = {source: _check_value(source, values[source]) for source in sorted(values)}
    is_whole = all(isinstance(value, int) for value in checked.values())
    flows, remainder = _share_sources(crosswalk, checked, is_whole=is_whole)
    found: dict[str, list[float]] = {target: [] for target in crosswalk.targets}
    for flow in flows:
        found[flow.target].append(flow.weight)
    totals = {target: _sum(parts) for target, parts in found.items()}
    if not is_whole:
        _settle_totals(totals, [*remainder.values()], fsum(checked.values()))
    return Aggregate(totals, remainder, tuple(flow for flow in flows if flow.weight))


def _check_value(source: str, value: float) -> float:
    if isinstance(value, bool) or not isfinite(value) or value < 0:
        raise InvalidValue(field=source, value=value, reason=because("crosswalk_value"))
    return value


def _share_sources(
    crosswalk: Crosswalk, values: Mapping[str, float], *, is_whole: bool
) -> tuple[list[Cell], dict[str, float]]:
    flows: list[Cell] = []
    remainder: dict[str, float] = {}
    for source, value in values.items():
        cells = crosswalk.by_source.get(source, ())
        weights = [*(cell.weight for cell in cells), crosswalk.remainder(source) if cells else 1.0]
        *parts, left = share_people(int(value), weights) if is_whole else _share_number(value, weights)
        flows += [Cell(source, cell.target, part) for cell, part in zip(cells, parts, strict=True)]
        if left:
            remainder[source] = left
    return flows, remainder


def share_people(people: int, weights: Sequence[float]) -> list[int]:
    """Share people by weights so that none is lost: whole parts first, then one each by the largest remainders.

    Examples
    --------
    >>> share_people(10, [1, 1, 1])
    [4, 3, 3]
    """
    held = [index for index, weight in enumerate(weights) if weight]
    if len(held) == 1:
        return [people if index == held[0] else 0 for index in range(len(weights))]
    exact = _to_whole(weights)
    whole = sum(exact)
    quotas = [divmod(people * weight, whole) for weight in exact]
    parts = [part for part, _ in quotas]
    ranked = sorted(range(len(parts)), key=lambda index: (-quotas[index][1], index))
    for index in ranked[: people - sum(parts)]:
        parts[index] += 1
    return parts


def _to_whole(weights: Sequence[float]) -> list[int]:
    """Write weights as whole numbers in exactly the same ratios; every float is one over a power of two."""
    ratios = [float(weight).as_integer_ratio() for weight in weights]
    finest = max(denominator for _, denominator in ratios)
    return [numerator * (finest // denominator) for numerator, denominator in ratios]


def _share_number(value: float, weights: Sequence[float]) -> list[float]:
    whole = fsum(weights)
    parts = [value * (weight / whole) for weight in weights]
    places = dict(enumerate(parts))
    _settle_totals(places, [], value)
    return [places[index] for index in range(len(parts))]


def _settle_totals(parts: dict[Key, float], others: Sequence[float], total: float) -> None:
    """Give what rounding has lost or made to the largest part, until the sum is the very total."""
    if not parts:
        return
    largest = max(parts, key=lambda key: parts[key])
    for _ in range(MOST_SETTLING):
        lacking = fsum([total, *(-part for part in parts.values()), *(-other for other in others)])
        if not lacking:
            return
        parts[largest] += lacking


def _sum(parts: Sequence[float]) -> float:
    return sum(parts) if all(isinstance(part, int) for part in parts) else fsum(parts)
