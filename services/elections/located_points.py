"""Locate the points of a piece, one row in and one row out, and say of each that lies nowhere what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.errors import AlreadyExists, UnknownColumn
from geo.locate import Locations, Locator
from services.elections.point_files import Piece
from services.elections.point_texts import Floats, is_empty, read_degrees

Numbers = NDArray[np.int8]

TEXT = pa.dictionary(pa.int32(), pa.string())
"""How texts are added: each is held once, and rows only point to it."""

MARKS = ("on_boundary", "in_overlap")
"""The columns that say how a point lies."""


class Problem(StrEnum):
    """Say why a point lies in no division, the surest reason first."""

    BROKEN = "broken"
    """The row had too few or too many fields."""
    EMPTY = "empty"
    """A coordinate is missing."""
    NO_NUMBER = "no_number"
    """A coordinate is no finite number."""
    OFF_GLOBE = "off_globe"
    """A coordinate is beyond 180 degrees of longitude or 90 of latitude."""
    SWAPPED = "swapped"
    """The point lies in no division, but would with longitude and latitude the other way round."""
    OUTSIDE = "outside"
    """The point lies in no division."""


PROBLEMS = tuple(Problem)
NO_PLACE = 3
"""The first so many problems are of points that have no longitude and latitude."""


@dataclass(frozen=True)
class PointColumns:
    """Say which columns of a file of points hold the coordinates."""

    x: str = "lon"
    """The column of longitudes, in degrees."""
    y: str = "lat"
    """The column of latitudes, in degrees."""


@dataclass(frozen=True)
class LocateReport:
    """Count what became of the points."""

    points: int = 0
    """How many there were."""
    located: int = 0
    """How many lie in a division."""
    outside: int = 0
    """How many lie in none."""
    swapped: int = 0
    """How many of these would lie in one with longitude and latitude the other way round."""
    unreadable: int = 0
    """How many have no longitude and latitude; their key is empty too."""
    on_boundary: int = 0
    """How many lie on an edge or vertex."""
    in_overlap: int = 0
    """How many lie in ground that several divisions hold."""
    out: Path | None = None
    """The file that was written."""

    def add(self, more: LocateReport) -> LocateReport:
        """Add the counts of one piece."""
        counts = {name: getattr(self, name) + value for name, value in asdict(more).items() if name != "out"}
        return replace(self, **counts)


def extend_schema(schema: pa.Schema, columns: PointColumns, others: Sequence[str]) -> pa.Schema:
    """Give the columns of the output; raises UnknownColumn, or AlreadyExists for a name that is to be added."""
    for name in (columns.x, columns.y):
        if name not in schema.names:
            raise UnknownColumn(column=name, columns=tuple(schema.names))
    for name in ("key", *others, *MARKS, "problem"):
        if name in schema.names:
            raise AlreadyExists(name=name)
    texts = [pa.field(name, TEXT) for name in ("key", *others)]
    marks = [pa.field(name, pa.bool_()) for name in MARKS]
    return pa.schema([*schema, *texts, *marks, pa.field("problem", TEXT)], metadata=schema.metadata)


def locate_piece(
    locator: Locator, piece: Piece, columns: PointColumns, schema: pa.Schema
) -> tuple[pa.RecordBatch, LocateReport]:
    """Locate the points of one piece and give its rows with the columns that are added."""
    batch = piece.rows
    x, y = (read_degrees(batch.column(name)) for name in (columns.x, columns.y))
    if piece.is_broken is not None:
        x, y = (np.where(piece.is_broken, np.nan, values) for values in (x, y))
    found = locator.locate(x, y)
    lost = np.flatnonzero(found.rows < 0)
    empty = [is_empty(batch.column(name)) for name in (columns.x, columns.y)] if np.isnan(x + y).any() else None
    problems = _tell_problems(locator, x[lost], y[lost], empty=None if empty is None else (empty[0] | empty[1])[lost])
    if piece.is_broken is not None:
        problems[piece.is_broken[lost]] = PROBLEMS.index(Problem.BROKEN)
    added = _write_columns(locator, found, lost, problems)
    return pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema), _count(found, problems)


def _tell_problems(locator: Locator, x: Floats, y: Floats, *, empty: NDArray[np.bool_] | None) -> Numbers:
    """Tell for each point in no division why, as places in `PROBLEMS`."""
    problems = np.full(len(x), PROBLEMS.index(Problem.OUTSIDE), dtype=np.int8)
    problems[locator.locate(y, x).rows >= 0] = PROBLEMS.index(Problem.SWAPPED)
    is_off = (np.abs(x) > 180) | (np.abs(y) > 90)
    problems[is_off & (problems != PROBLEMS.index(Problem.SWAPPED))] = PROBLEMS.index(Problem.OFF_GLOBE)
    problems[~(np.isfinite(x) & np.isfinite(y))] = PROBLEMS.index(Problem.NO_NUMBER)
    if empty is not None:
        problems[empty] = PROBLEMS.index(Problem.EMPTY)
    return problems


def _write_columns(locator: Locator, found: Locations, lost: NDArray[np.intp], problems: Numbers) -> list[pa.Array]:
    rows = pa.array(found.rows, mask=found.rows < 0)
    # Several divisions may have one parent, and a column of texts holds each text once.
    parents = [pa.array(known, pa.string()).dictionary_encode().take(rows) for known in locator.parents.values()]
    numbers = np.full(len(found.rows), -1, dtype=np.int32)
    numbers[lost] = problems
    told = pa.DictionaryArray.from_arrays(pa.array(numbers, mask=numbers < 0), [str(problem) for problem in PROBLEMS])
    keys = pa.DictionaryArray.from_arrays(rows, pa.array(locator.keys, pa.string()))
    return [keys, *parents, pa.array(found.on_boundary), pa.array(found.is_overlap), told]


def _count(found: Locations, problems: Numbers) -> LocateReport:
    unreadable = int((problems < NO_PLACE).sum())
    return LocateReport(
        points=len(found.rows),
        located=len(found.rows) - len(problems),
        outside=len(problems) - unreadable,
        swapped=int((problems == PROBLEMS.index(Problem.SWAPPED)).sum()),
        unreadable=unreadable,
        on_boundary=int(found.on_boundary.sum()),
        in_overlap=int(found.is_overlap.sum()),
    )
