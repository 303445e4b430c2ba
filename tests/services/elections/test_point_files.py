"""Test that points are read and written piece by piece and lose nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.errors import EmptyFile, InvalidValue, UnreadableFile
from services.elections.point_files import choose_format, open_output, open_points, read_degrees
from services.files import check_file_safe

TEXT = 'id,lon,name\n007,51.4,"a, ""b""\nc"\n010,,=1+1\n'


def open_file(path: Path):
    return open_points(check_file_safe(path, most_bytes=10**9))


@pytest.mark.parametrize("ending", [".xlsx", ".gpkg", "", ".txt"])
def test_other_formats_are_refused(ending: str):
    with pytest.raises(InvalidValue):
        choose_format(Path(f"points{ending}"))


def test_ending_may_be_in_capitals():
    assert choose_format(Path("POINTS.CSV")) == ".csv"


def test_csv_is_all_texts(tmp_path: Path):
    (tmp_path / "p.csv").write_text(TEXT, encoding="utf-8")
    with open_file(tmp_path / "p.csv") as source:
        rows = [row for piece in source.pieces for row in piece.to_pylist()]
    assert rows == [
        {"id": "007", "lon": "51.4", "name": 'a, "b"\nc'},
        {"id": "010", "lon": "", "name": "=1+1"},
    ]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, ending: str):
    table = pa.table({"id": ["007", "010"], "name": ["آبادان", 'a,"b"\nc']})
    with open_output(tmp_path / f"p{ending}", table.schema) as write:
        for batch in table.to_batches(max_chunksize=1):
            write(batch)
    with open_file(tmp_path / f"p{ending}") as source:
        assert [row for piece in source.pieces for row in piece.to_pylist()] == table.to_pylist()


def test_parquet_keeps_its_types_and_says_how_many(tmp_path: Path):
    schema = pa.schema([("id", pa.int64()), ("at", pa.date32())])
    pq.write_table(pa.table({"id": [1], "at": [None]}, schema=schema), tmp_path / "p.parquet")
    with open_file(tmp_path / "p.parquet") as source:
        assert (source.schema, source.total) == (schema, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.parquet", b"PAR1 nothing of the kind PAR1"),
        ("p.csv", b"id,lon\n1,2,3\n"),
        ("p.csv", b"id,lon\n\xff\xfe,2\n"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile), open_file(tmp_path / name) as source:
        list(source.pieces)


def test_table_without_rows_is_refused(tmp_path: Path):
    pq.write_table(pa.table({"lon": pa.array([], pa.float64())}), tmp_path / "p.parquet")
    with pytest.raises(EmptyFile), open_file(tmp_path / "p.parquet"):
        pass


@pytest.mark.parametrize(
    ("column", "degrees"),
    [
        (pa.array([51.5, None]), [51.5, np.nan]),
        (pa.array([51, 2]), [51.0, 2.0]),
        (pa.array([1.5], pa.float32()), [1.5]),
        (pa.array(["51.5", " -3 ", "1e1"]), [51.5, -3.0, 10.0]),
        (pa.array(["۵۱٫۵", "", "x", None, "1_0"]), [51.5, np.nan, np.nan, np.nan, np.nan]),
        (pa.array(["51,5"]), [np.nan]),
        (pa.array(["2", "2", "x"]).dictionary_encode(), [2.0, 2.0, np.nan]),
    ],
)
def test_degrees_are_read_from_numbers_and_texts(column: pa.Array, degrees: list[float]):
    assert np.array_equal(read_degrees(column), degrees, equal_nan=True)
