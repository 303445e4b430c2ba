"""Write pieces of located points, so that the same rows give the same bytes whoever has made them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from services.elections.point_texts import disarm, disarm_names

Write = Callable[[pa.RecordBatch], object]


@contextmanager
def open_output(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """Open a file to write pieces of points to, in the format of its ending."""
    if path.suffix.lower() == ".csv":
        with path.open("wb") as file:
            file.write(encode_head(schema))
            yield lambda rows: file.write(encode_rows(rows))
    else:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            yield writer.write_batch


def encode_head(schema: pa.Schema) -> bytes:
    """Write the names of the columns as the first line of a CSV file."""
    plain = pa.schema([(name, field.type) for name, field in zip(disarm_names(schema.names), schema, strict=True)])
    return _encode(pa.RecordBatch.from_pylist([], schema=plain), head=True)


def encode_rows(rows: pa.RecordBatch) -> bytes:
    """Write rows as lines of a CSV file that no spreadsheet runs as formulas."""
    return _encode(pa.RecordBatch.from_arrays([disarm(column) for column in rows.columns], rows.schema.names))


def _encode(rows: pa.RecordBatch, *, head: bool = False) -> bytes:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(rows, sink, pa_csv.WriteOptions(include_header=head, quoting_style="needed"))
    return bytes(sink.getvalue())
