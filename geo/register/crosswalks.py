"""Hold the weights that lead from one set of divisions to another, and turn and join them.

A weight says how much of a source lies in a target: square metres, people or places. What of a source lies in no
target is its remainder, and stays known: a source has a size, and its weights may sum to less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import fsum, isfinite
from typing import NamedTuple

from geo.errors import InvalidValue, because

CLOSE = 1e-9
"""A source that lacks less than this share of its size is whole: so much measuring alone can lose."""


# A tuple, since the places of a country make a hundred thousand of them.
class Cell(NamedTuple):
    """Say how much of a source lies in a target."""

    source: str
    """The code of the source."""
    target: str
    """The code of the target."""
    weight: float
    """How much, above zero."""


@dataclass(frozen=True)
class Crosswalk:
    """Hold the weights from one set of divisions to another; `make_crosswalk` makes one."""

    cells: tuple[Cell, ...]
    """What lies where, by source and target."""
    sources: Mapping[str, float]
    """The size of each source, with what lies in no target."""
    targets: Mapping[str, float]
    """The size of each target, with what lies in no source."""

    @cached_property
    def by_source(self) -> dict[str, tuple[Cell, ...]]:
        """Give the cells of each source that has some."""
        return {source: tuple(cells) for source, cells in groupby(self.cells, key=lambda cell: cell.source)}

    def remainder(self, source: str) -> float:
        """Give how much of a source lies in no target."""
        filled = fsum(cell.weight for cell in self.by_source.get(source, ()))
        return max(self.sources[source] - filled, 0.0)

    def share(self, cell: Cell) -> float:
        """Give which share of its source a cell holds."""
        return cell.weight / self.sources[cell.source]

    @property
    def unmatched(self) -> dict[str, float]:
        """Give which share of a source lies in no target, where some does."""
        left = {source: self.remainder(source) for source in self.sources}
        whole = {source: size or 1.0 for source, size in self.sources.items()}
        bare = [source for source in self.sources if source not in self.by_source]
        return {source: left[source] / whole[source] for source in left if left[source]} | dict.fromkeys(bare, 1.0)


def make_crosswalk(
    cells: Iterable[tuple[str, str, float]],
    sources: Mapping[str, float] | None = None,
    targets: Mapping[str, float] | None = None,
) -> Crosswalk:
    """Make a crosswalk from weights in any order; weights of the same pair are summed and zeros left out.

    `sources` and `targets` give sizes and name those without any weight. Sizes grow to what the weights sum to.

    Examples
    --------
    >>> make_crosswalk([("X", "B", 1.0), ("X", "A", 3.0)], {"X": 5.0}).unmatched
    {'X': 0.2}
    """
    pairs: dict[tuple[str, str], list[float]] = {}
    for source, target, weight in cells:
        pairs.setdefault((source, target), []).append(check_weight(weight, f"{source} → {target}"))
    summed = [Cell(*pair, fsum(weights)) for pair, weights in sorted(pairs.items())]
    kept = tuple(cell for cell in summed if cell.weight > 0)
    own = _settle_sizes(((cell.source, cell.weight) for cell in summed), sources or {})
    others = _settle_sizes(((cell.target, cell.weight) for cell in summed), targets or {})
    return Crosswalk(kept, own, others)


def check_weight(weight: float, place: str) -> float:
    """Give a weight that is a number and not below zero, or raise InvalidValue with the pair it is of."""
    if not isfinite(weight) or weight < 0:
        raise InvalidValue(field="weight", value=weight, reason=because("crosswalk_weight", place=place))
    return weight


def _settle_sizes(weights: Iterable[tuple[str, float]], given: Mapping[str, float]) -> dict[str, float]:
    sums: dict[str, list[float]] = {code: [] for code in given}
    for code, weight in weights:
        sums.setdefault(code, []).append(weight)
    return {code: _settle_size(fsum(sums[code]), check_weight(given.get(code, 0.0), code)) for code in sorted(sums)}


def _settle_size(filled: float, size: float) -> float:
    return filled if filled >= size * (1 - CLOSE) else size


def make_identity(sizes: Mapping[str, float]) -> Crosswalk:
    """Make the crosswalk that leads each division to itself."""
    return make_crosswalk(((code, code, size) for code, size in sizes.items()), sizes, sizes)


def invert(crosswalk: Crosswalk) -> Crosswalk:
    """Turn a crosswalk round: what lies where is the same, seen from the targets."""
    turned = sorted(Cell(cell.target, cell.source, cell.weight) for cell in crosswalk.cells)
    return Crosswalk(tuple(turned), crosswalk.targets, crosswalk.sources)


def compose(first: Crosswalk, second: Crosswalk) -> Crosswalk:
    """Join two crosswalks over the divisions between them.

    The part of a source that lies in a division which `second` does not know, or only in part, is remainder.
    """
    cells = [
        (cell.source, onward.target, cell.weight * second.share(onward))
        for cell in first.cells
        for onward in second.by_source.get(cell.target, ())
    ]
    joined = make_crosswalk(cells, first.sources, dict.fromkeys(second.targets, 0.0))
    return joined


def spread_remainder(crosswalk: Crosswalk) -> Crosswalk:
    """Let the targets of a source share its remainder by their weights; a source without any keeps it."""
    bare = {source: size for source, size in crosswalk.sources.items() if source not in crosswalk.by_source}
    return make_crosswalk(crosswalk.cells, bare, crosswalk.targets)
