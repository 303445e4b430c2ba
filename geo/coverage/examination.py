"""Examine a coverage, or a coverage in its parents, until the balance of areas certifies the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, fsum, inf, log10
from typing import Protocol

import numpy as np
import shapely
from shapely.errors import GEOSException

from geo.coverage.edges import Floats, Ints, Shapes, measure_plane
from geo.coverage.faces import Doubt, Faces, enclose_faces, mark_mixed, split_faces
from geo.coverage.findings import Balance
from geo.coverage.labels import Ground, Owners
from geo.coverage.residual import Layer, Runs, find_residual, is_closed, trace_runs

_SEEDS = (0, 0x1F83D9AB, 0x5BE0CD19)
_NO_ROWS = np.empty(0, dtype=np.int64)
NO_FACES = Faces(np.empty(0, dtype=object), Owners(_NO_ROWS, _NO_ROWS, _NO_ROWS))
"""What an empty residual encloses."""


class Question(Protocol):
    """Say which edges answer each other, which faces are in doubt and when the areas balance."""

    @property
    def ground(self) -> Ground:
        """Give the polygons that may own a face."""

    def list_layers(self, seed: int) -> Sequence[Layer]:
        """Give the edges and how they count, under the keys of a seed."""

    def find_doubt(self, faces: Faces) -> Doubt:
        """Choose the faces that matter and may not have one set of owners throughout."""

    def find_difference(self, faces: Faces, areas: Floats) -> float:
        """Give how far the areas of faces and polygons are apart."""


@dataclass(frozen=True)
class Examination:
    """Hold the faces that answer a question and how sure they are."""

    faces: Faces
    """The faces, those in doubt split to one set of owners each."""
    balance: Balance
    """The certificate."""
    runs: Runs
    """The residual edges of the first layer."""


def examine(question: Question, *, floor: float) -> Examination:
    """Find the residual and its faces; `floor` is the area, in the question's own units, that must not be missed."""
    layers, residual, closed = _find_closed_residual(question)
    runs = [trace_runs(layer.edges, edges) for layer, edges in zip(layers, residual, strict=True)]
    lines = np.concatenate([run.lines for run in runs])
    faces, balance = _settle(question, lines, floor)
    count = sum(len(edges) for edges in residual)
    return Examination(faces, replace(balance, is_closed=closed, residual_edges=count), runs[0])


def _find_closed_residual(question: Question) -> tuple[Sequence[Layer], list[Ints], bool]:
    """Try other keys if edges that are not alike have cancelled."""
    for seed in _SEEDS:
        layers = question.list_layers(seed)
        residual = find_residual(layers)
        if is_closed(layers, residual):
            return layers, residual, True
    return layers, residual, False


def _settle(question: Question, lines: Shapes, floor: float) -> tuple[Faces, Balance]:
    """Take the first way of finding faces that can be certified, or the one that comes closest."""
    found = [(NO_FACES, Balance(difference=inf, undecided=1))]
    for number, attempt in enumerate(_list_attempts(question, lines)):
        try:
            faces = attempt()
            faces = mark_mixed(faces, question.find_doubt(faces), question.ground, floor=floor)
        except GEOSException:
            continue
        found.append((faces, replace(_weigh(question, faces, floor), is_plain=number == 0)))
        if found[-1][1].is_certain:
            return found[-1]
    return min(found, key=lambda pair: (pair[1].difference, pair[1].undecided))


def _list_attempts(question: Question, lines: Shapes) -> Iterator[Callable[[], Faces]]:
    """Node the residual as drawn, then on ever coarser grids far below a millimetre, then every border there is."""
    if len(lines) == 0:
        yield lambda: NO_FACES
        return
    extent = float(np.abs(shapely.total_bounds(lines)).max())
    finest = ceil(log10(max(extent, 1.0))) - 14
    for grid in (None, 10.0**finest, 10.0 ** (finest + 1)):
        yield partial(_list_faces, question, lines, grid)
    borders = shapely.boundary(question.ground.polygons)
    for grid in (None, 10.0**finest):
        yield partial(enclose_faces, borders, question.ground, grid=grid)


def _list_faces(question: Question, lines: Shapes, grid: float | None) -> Faces:
    faces = enclose_faces(lines, question.ground, grid=grid)
    return split_faces(faces, question.find_doubt(faces), question.ground)


def _weigh(question: Question, faces: Faces, floor: float) -> Balance:
    areas = measure_plane(faces.shapes)
    total = fsum(shapely.area(question.ground.polygons))
    return Balance(
        polygons=total,
        difference=question.find_difference(faces, areas),
        # Each area is exact to some units in the last place, and so is each node.
        allowed=floor / 2 + 1e-14 * total,
        faces=faces.count,
        undecided=int((areas[faces.owners.undecided] >= floor).sum()),
    )


def join_balances(balances: Sequence[Balance], *, undecided: int) -> Balance:
    """Join the certificates of several examinations with the boundaries nobody could decide."""
    worst = max(balances, key=lambda balance: balance.difference - balance.allowed)
    return Balance(
        polygons=balances[0].polygons,
        difference=worst.difference,
        allowed=worst.allowed,
        is_closed=all(balance.is_closed for balance in balances),
        residual_edges=sum(balance.residual_edges for balance in balances),
        faces=sum(balance.faces for balance in balances),
        undecided=undecided + sum(balance.undecided for balance in balances),
        is_plain=all(balance.is_plain for balance in balances),
    )
