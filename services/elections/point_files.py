"""Read files of points part by part; each part can be read on its own, by whoever has it to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from geo.errors import EmptyFile, InvalidValue, UnreadableFile, because
from services.elections.point_texts import Flags, fit_row
from services.files import SafeFile

ENDINGS = (".parquet", ".csv")
"""The formats of points."""

MOST_ROWS = 1_000_000
"""Rows of the largest piece of a Parquet file; a row group that has more is cut."""

PART_ROWS = 1_000_000
"""Row groups of a Parquet file are gathered to parts of at least so many rows."""

PART_BYTES = 32 * 1024**2
"""Bytes of a part of a CSV file."""

HEAD_BYTES = 1024**2
"""How far the names of the columns may reach in a CSV file."""

MOST_RECORD = 16 * PART_BYTES
"""The longest run of bytes in which a row must end; one that is longer has a quote that nobody closed."""

QUOTE, NEWLINE = b'"\n'


@dataclass(frozen=True)
class Part:
    """Name a stretch of a file of points: bytes of a CSV file, row groups of a Parquet file."""

    number: int
    """Its place in the file, from 0."""
    first: int
    """The first byte or row group."""
    stop: int
    """The byte or row group after the last."""


@dataclass(frozen=True)
class Piece:
    """Hold some rows."""

    rows: pa.RecordBatch
    """The rows, in order."""
    is_broken: Flags | None = None
    """Which rows had too few or too many fields and were fitted; None where none had."""


@dataclass(frozen=True)
class PointFile:
    """Say what a file of points holds."""

    file: SafeFile
    """The file."""
    schema: pa.Schema
    """Its columns; those of a CSV file are all texts, so that no leading zero is lost."""
    total: int | None = None
    """How many rows it has, where it says so beforehand."""
    begin: int = 0
    """Where the rows of a CSV file begin, after the names of the columns."""
    groups: tuple[int, ...] = field(default=(), repr=False)
    """How many rows each row group of a Parquet file has."""

    def list_parts(self) -> Iterator[Part]:
        """List the parts in order; raises UnreadableFile where a quote is never closed."""
        return _cut_csv(self) if self.file.ending == ".csv" else _gather_groups(self.groups)

    def read(self, part: Part) -> Iterator[Piece]:
        """Read one part piece by piece; raises UnreadableFile."""
        with name_faults(self.file.name):
            yield from _read_csv(self, part) if self.file.ending == ".csv" else _read_groups(self, part)


def choose_format(path: Path) -> str:
    """Give the ending of a file of points; raises InvalidValue."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InvalidValue(field="file", value=path.name, reason=because("locate_endings", known=ENDINGS))
    return ending


@contextmanager
def name_faults(name: str) -> Iterator[None]:
    """Say of a file that it cannot be read, in words of its reader."""
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowSerializationError) as error:
        raise UnreadableFile(path=name, reason=because("points_say", detail=str(error))) from error


def open_points(file: SafeFile) -> PointFile:
    """Look at the columns of a file of points; raises UnreadableFile or EmptyFile."""
    with name_faults(file.name):
        if file.ending == ".csv":
            return _open_csv(file)
        with pq.ParquetFile(file.path) as parquet:
            meta = parquet.metadata
            if meta.num_rows == 0:
                raise EmptyFile(path=file.name)
            groups = tuple(meta.row_group(number).num_rows for number in range(meta.num_row_groups))
            return PointFile(file, parquet.schema_arrow, meta.num_rows, groups=groups)


def _gather_groups(groups: tuple[int, ...]) -> Iterator[Part]:
    """Gather row groups until they have rows enough."""
    first = rows = number = 0
    for group, count in enumerate(groups):
        rows += count
        if rows >= PART_ROWS or group + 1 == len(groups):
            yield Part(number, first, group + 1)
            first, rows, number = group + 1, 0, number + 1


def _read_groups(source: PointFile, part: Part) -> Iterator[Piece]:
    with pq.ParquetFile(source.file.path) as parquet:
        for rows in parquet.iter_batches(batch_size=MOST_ROWS, row_groups=list(range(part.first, part.stop))):
            yield Piece(rows)


def _open_csv(file: SafeFile) -> PointFile:
    with file.path.open("rb") as stream:
        begin = _find_end(stream.read(HEAD_BYTES), first=True)
        stream.seek(0)
        head = stream.read(begin)
    try:
        names = pa_csv.read_csv(pa.BufferReader(head + b"\n"), parse_options=_parse()).schema.names
    except pa.ArrowInvalid as error:
        raise UnreadableFile(path=file.name, reason=because("points_say", detail=str(error))) from error
    if begin >= file.size_bytes:
        raise EmptyFile(path=file.name)
    return PointFile(file, pa.schema([(name, pa.string()) for name in names]), begin=begin)


def _parse(**handlers: Any) -> pa_csv.ParseOptions:  # noqa: ANN401 - what the reader takes
    return pa_csv.ParseOptions(newlines_in_values=True, **handlers)


def _cut_csv(source: PointFile) -> Iterator[Part]:
    """Cut a CSV file after the last whole row of each stretch."""
    at, number, size, want = source.begin, 0, source.file.path.stat().st_size, PART_BYTES
    with source.file.path.open("rb") as stream:
        while at < size:
            stream.seek(at)
            end = _find_end(stream.read(want), whole=at + want >= size)
            if end:
                yield Part(number, at, at + end)
                at, number, want = at + end, number + 1, PART_BYTES
            elif want >= MOST_RECORD:
                raise UnreadableFile(path=source.file.name, reason=because("points_quote", byte=at))
            else:
                want *= 2


def _find_end(piece: bytes, *, whole: bool = False, first: bool = False) -> int:
    """Find where the last row of a stretch ends, or the first; 0 where none does."""
    letters = np.frombuffer(piece, dtype=np.uint8)
    newlines, quotes = np.flatnonzero(letters == NEWLINE), np.flatnonzero(letters == QUOTE)
    ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    if first:
        return int(ends[0]) + 1 if ends.size else len(piece)
    return len(piece) if whole else int(ends[-1]) + 1 if ends.size else 0


def _read_csv(source: PointFile, part: Part) -> Iterator[Piece]:
    with source.file.path.open("rb") as stream:
        stream.seek(part.first)
        letters = stream.read(part.stop - part.first)
    if not letters.strip():
        return
    odd: dict[int, str] = {}

    def keep(row: pa_csv.InvalidRow) -> str:
        odd[row.number - 1] = row.text
        return "skip"

    names = source.schema.names
    convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    # only one thread counts the rows
    read = pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=max(len(letters), 1))
    options = {"read_options": read, "convert_options": convert}
    table = pa_csv.read_csv(pa.BufferReader(letters), parse_options=_parse(invalid_row_handler=keep), **options)
    rows = table.combine_chunks().to_batches()
    yield _put_back(rows[0] if rows else pa.RecordBatch.from_pylist([], schema=source.schema), odd)


def _put_back(rows: pa.RecordBatch, odd: dict[int, str]) -> Piece:
    """Put rows that had too few or too many fields where they stood."""
    if not odd:
        return Piece(rows)
    fitted = [fit_row(text, rows.num_columns) for text in odd.values()]
    broken = pa.RecordBatch.from_arrays([pa.array(texts) for texts in zip(*fitted, strict=True)], schema=rows.schema)
    is_broken = np.zeros(rows.num_rows + len(odd), dtype=np.bool_)
    is_broken[list(odd)] = True
    order = np.empty(len(is_broken), dtype=np.int64)
    order[~is_broken] = np.arange(rows.num_rows)
    order[is_broken] = rows.num_rows + np.arange(len(odd))
    both = pa.concat_batches([rows, broken])
    return Piece(both.take(pa.array(order)), is_broken)
