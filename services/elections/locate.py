"""Locate the points of a file in the coverage of another, without any database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import AlreadyExists, InvalidValue, MissingColumn, UnknownColumn, because
from geo.locate import Locator, build_locator
from services.atomic import replace_when_whole
from services.elections.locator_file import open_locator, write_locator
from services.elections.point_files import choose_format, open_output, open_points, read_degrees
from services.files import check_file_safe, split_layer
from services.layers import Layer, read_layer, to_lonlat

MOST_BYTES = 1024**4
"""The largest file, unpacked, that is read; points are read piece by piece."""

Progress = Callable[[int, int | None], None]
"""Is told how many points are done, and of how many where that is known."""


@dataclass(frozen=True)
class CoverageFile:
    """Say where a coverage is and which of its columns count."""

    path: str
    """The file, or FILE:LAYER."""
    key: str
    """The column that names the divisions."""
    others: tuple[str, ...] = ()
    """Columns to be written as well, such as the parents' codes."""
    index: Path | None = None
    """Where the index is kept from one run to the next."""


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


def locate_points(
    coverage: CoverageFile, points: Path, *, columns: PointColumns, out: Path, progress: Progress | None = None
) -> LocateReport:
    """Write the rows of `points` to `out`, one for one and in order, with the key of the division each lies in.

    Raises FileRefused, WrongCrs, MissingColumn, UnknownColumn, InvalidGeometry, InvalidValue, or AlreadyExists where
    the points have a column of a name that is to be added. `out` is written whole or not at all.
    """
    choose_format(out)
    choose_format(points)
    file = check_file_safe(points, most_bytes=MOST_BYTES)
    with open_points(file) as source:
        _check_columns(source.schema, columns, coverage)
        locator = find_locator(coverage)
        schema = _extend(source.schema, locator)
        with replace_when_whole(out) as draft, open_output(draft, schema) as write:
            report = LocateReport(out=out)
            for batch in source.pieces:
                piece, counts = _locate_piece(locator, batch, columns, schema)
                write(piece)
                report = report.add(counts)
                if progress:
                    progress(report.points, source.total)
    return report


def _check_columns(schema: pa.Schema, columns: PointColumns, coverage: CoverageFile) -> None:
    for name in (columns.x, columns.y):
        if name not in schema.names:
            raise UnknownColumn(column=name, columns=tuple(schema.names))
    for name in ("key", *coverage.others, "on_boundary", "in_overlap"):
        if name in schema.names:
            raise AlreadyExists(name=name)


def find_locator(coverage: CoverageFile) -> Locator:
    """Open the index that is kept when it is of this very coverage, else build it, and keep it where asked."""
    path, layer = split_layer(coverage.path)
    file = check_file_safe(path, most_bytes=MOST_BYTES)
    source = "\n".join((file.digest(), layer or "", coverage.key, *coverage.others)) if coverage.index else ""
    if coverage.index is not None and coverage.index.exists():
        kept = open_locator(coverage.index)
        if kept.source == source:
            return kept
    built = replace(_build(read_layer(file, layer), coverage), source=source)
    if coverage.index is not None:
        write_locator(built, coverage.index)
    return built


def _build(layer: Layer, coverage: CoverageFile) -> Locator:
    shapes = to_lonlat(layer)
    if shapes is None:
        raise MissingColumn(field="geometry", columns=layer.columns)
    for name in (coverage.key, *coverage.others):
        if name not in layer.columns:
            raise UnknownColumn(column=name, columns=layer.columns)
    texts = {name: [_write(value) for value in layer.column(name)] for name in (coverage.key, *coverage.others)}
    return build_locator(shapes, texts[coverage.key], parents={name: texts[name] for name in coverage.others})


def _write(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        raise InvalidValue(field="key", value=value, reason=because("locate_key_number"))
    return str(value)


def _extend(schema: pa.Schema, locator: Locator) -> pa.Schema:
    for name in ("key", *locator.parents):
        schema = schema.append(pa.field(name, pa.string()))
    return schema.append(pa.field("on_boundary", pa.bool_())).append(pa.field("in_overlap", pa.bool_()))


def _locate_piece(
    locator: Locator, batch: pa.RecordBatch, columns: PointColumns, schema: pa.Schema
) -> tuple[pa.RecordBatch, LocateReport]:
    x, y = (read_degrees(batch.column(name)) for name in (columns.x, columns.y))
    found = locator.locate(x, y)
    texts: Mapping[str, Any] = {"": locator.keys, **locator.parents}
    rows = pa.array(found.rows, mask=found.rows < 0)
    keys = [pa.array(known, pa.string()).take(rows) for known in texts.values()]
    marks = [pa.array(found.on_boundary), pa.array(found.is_overlap)]
    piece = pa.RecordBatch.from_arrays([*batch.columns, *keys, *marks], schema=schema)
    located, blind = int((found.rows >= 0).sum()), int((~(np.isfinite(x) & np.isfinite(y))).sum())
    lying = (int(found.on_boundary.sum()), int(found.is_overlap.sum()))
    return piece, LocateReport(len(x), located, len(x) - located - blind, blind, *lying)
