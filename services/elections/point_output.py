"""Write pieces of located points, so that the same rows give the same bytes whoever has made them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from services.elections.located_points import TEXT
from services.elections.point_texts import disarm, disarm_names, is_text

STORED_SCHEMA = b"ARROW:schema"
"""Where Parquet files keep the columns' types as Arrow knows them."""

Write = Callable[[pa.RecordBatch], object]


@contextmanager
def open_output(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """Open a file to write pieces of points to, in the format of its ending."""
    if path.suffix.lower() == ".csv":
        with path.open("wb") as file:
            file.write(encode_head(schema))
            yield lambda rows: file.write(encode_rows(rows))
    else:
        # what is added would have statistics of no use, which cost as much as writing it
        given = [name for name, field in zip(schema.names, schema, strict=True) if field.type != TEXT]
        plain = to_plain(schema)
        told = {**(schema.metadata or {}), STORED_SCHEMA: b64encode(plain.serialize())}
        options = {
            "use_dictionary": [name for name in plain.names if is_text(plain.field(name).type)],
            "store_schema": False,
        }
        with pq.ParquetWriter(path, schema.with_metadata(told), write_statistics=given, **options) as writer:
            yield writer.write_batch


def to_plain(schema: pa.Schema) -> pa.Schema:
    """Give the columns as readers shall see them: texts that are held once are texts like others."""
    fields = [field.with_type(pa.string()) if field.type == TEXT else field for field in schema]
    return pa.schema(fields, metadata=schema.metadata)


def encode_head(schema: pa.Schema) -> bytes:
    """Write the names of the columns as the first line of a CSV file."""
    kinds = to_plain(schema).types
    plain = pa.schema(list(zip(disarm_names(schema.names), kinds, strict=True)))
    return _encode(pa.RecordBatch.from_pylist([], schema=plain), head=True)


def encode_rows(rows: pa.RecordBatch) -> bytes:
    """Write rows as lines of a CSV file that no spreadsheet runs as formulas."""
    return _encode(pa.RecordBatch.from_arrays([_spell(column) for column in rows.columns], rows.schema.names))


def _spell(column: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(column.type):
        return disarm(column)
    return pa.DictionaryArray.from_arrays(column.indices, disarm(column.dictionary)).dictionary_decode()


def _encode(rows: pa.RecordBatch, *, head: bool = False) -> bytes:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(rows, sink, pa_csv.WriteOptions(include_header=head, quoting_style="needed"))
    return bytes(sink.getvalue())
