"""Read Parquet and GeoParquet tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.errors import FileTooLarge, UnreadableFile, because
from services.files import SafeFile
from services.layers.layer import Layer

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

MOST_ROWS = 20_000_000
"""Rows of the largest table read: runs of equal values pack without measure."""


def read_parquet(file: SafeFile, layer: str | None) -> Layer:
    """Read a table, with its geometries when it says that it has some."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if layer is not None:
        raise UnreadableFile(path=file.name, reason=because("layers_none", layer=layer))
    try:
        meta = pq.read_metadata(file.path)
        if b"geo" in (meta.metadata or {}):
            return _read_geoparquet(file, meta)
        _check_rows(file, meta)
        table = pq.read_table(file.path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(path=file.name, reason=because("parquet_says", detail=str(error))) from error
    columns = [table.column(index).to_pylist() for index in range(table.num_columns)]
    return Layer(file.name, tuple(table.column_names), columns, None, None)


def _check_rows(file: SafeFile, meta: FileMetaData) -> None:
    if meta.num_rows > MOST_ROWS:
        raise FileTooLarge(path=file.name, size_bytes=meta.num_rows, limit_bytes=MOST_ROWS)


def _read_geoparquet(file: SafeFile, meta: FileMetaData) -> Layer:
    import geopandas

    _check_rows(file, meta)
    try:
        frame = geopandas.read_parquet(file.path)
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(path=file.name, reason=because("parquet_says", detail=str(error))) from error
    columns = tuple(str(column) for column in frame.columns if column != frame.geometry.name)
    table = [frame[column].tolist() for column in columns]
    return Layer(file.name, columns, table, np.asarray(frame.geometry.array), frame.crs)
