"""Read files of points piece by piece, and write each piece with more columns before the next is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geo.errors import EmptyFile, InvalidValue, UnreadableFile, because
from geo.register.digits import from_digits
from services.files import SafeFile

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = (".parquet", ".csv")
"""The formats of points."""

MOST_ROWS = 1_000_000
"""Rows of the largest piece of a Parquet file; a row group that has more is cut."""

PIECE_BYTES = 32 * 1024**2
"""Bytes of a piece of a CSV file."""

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
"""How degrees are written in a text."""

Floats = NDArray[np.float64]
Write = Callable[[pa.RecordBatch], None]


@dataclass(frozen=True)
class PointFile:
    """Hold an open file of points."""

    schema: pa.Schema
    """Its columns; those of a CSV file are all texts, so that no leading zero is lost."""
    pieces: Iterator[pa.RecordBatch]
    """Its rows, piece by piece."""
    total: int | None
    """How many rows it has, where it says so beforehand."""


def choose_format(path: Path) -> str:
    """Give the ending of a file of points; raises InvalidValue."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InvalidValue(field="file", value=path.name, reason=because("locate_endings", known=ENDINGS))
    return ending


@contextmanager
def open_points(file: SafeFile) -> Iterator[PointFile]:
    """Open a file of points; raises UnreadableFile or EmptyFile, also while pieces are read."""
    try:
        if file.ending == ".csv":
            yield _open_csv(file)
        else:
            with pq.ParquetFile(file.path) as parquet:
                if parquet.metadata.num_rows == 0:
                    raise EmptyFile(path=file.name)
                pieces = parquet.iter_batches(batch_size=MOST_ROWS)
                yield PointFile(parquet.schema_arrow, pieces, parquet.metadata.num_rows)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowSerializationError) as error:
        raise UnreadableFile(path=file.name, reason=because("points_say", detail=str(error))) from error


def _open_csv(file: SafeFile) -> PointFile:
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    read = pa_csv.ReadOptions(block_size=PIECE_BYTES)
    with pa_csv.open_csv(file.path, parse_options=parse, read_options=read) as first:
        names = first.schema.names
    convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    reader = pa_csv.open_csv(file.path, parse_options=parse, read_options=read, convert_options=convert)
    return PointFile(reader.schema, iter(reader), None)


@contextmanager
def open_output(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """Open a file to write pieces of points to, in the format of its ending."""
    if path.suffix.lower() == ".csv":
        style = pa_csv.WriteOptions(quoting_style="needed")
        with pa_csv.CSVWriter(path, schema, write_options=style) as writer:
            yield writer.write_batch
    else:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            yield writer.write_batch


def read_degrees(column: pa.Array) -> Floats:
    """Read a column of degrees; what is empty or no number becomes not-a-number."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _read_texts(column)
    return np.asarray(pc.cast(column, pa.float64(), safe=False).fill_null(float("nan")).to_numpy(zero_copy_only=False))


def _read_texts(column: pa.Array) -> Floats:
    try:
        return np.asarray(pc.cast(pc.utf8_trim_whitespace(column), pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        return np.array([_read_text(text) for text in column.to_pylist()], dtype=np.float64)


def _read_text(text: str | None) -> float:
    plain = from_digits(text or "").strip().replace("٫", ".")
    return float(plain) if NUMBER.fullmatch(plain) else float("nan")
