"""Test that points are read part by part and none is lost."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.errors import EmptyFile, InvalidValue, UnreadableFile
from services.elections import point_files
from services.elections.point_files import choose_format, open_points
from services.files import check_file_safe

TEXT = 'id,lon,name\n007,51.4,"a, ""b""\nc"\n010,,=1+1\n'


def open_file(path: Path):
    return open_points(check_file_safe(path, most_bytes=10**9))


def read_all(path: Path):
    source = open_file(path)
    return [row for part in source.list_parts() for piece in source.read(part) for row in piece.rows.to_pylist()]


def write(folder: Path, text: str) -> Path:
    (folder / "p.csv").write_text(text, encoding="utf-8", newline="")
    return folder / "p.csv"


@pytest.mark.parametrize("ending", [".xlsx", ".gpkg", "", ".txt"])
def test_other_formats_are_refused(ending: str):
    with pytest.raises(InvalidValue):
        choose_format(Path(f"points{ending}"))


def test_ending_may_be_in_capitals():
    assert choose_format(Path("POINTS.CSV")) == ".csv"


def test_csv_is_all_texts(tmp_path: Path):
    assert read_all(write(tmp_path, TEXT)) == [
        {"id": "007", "lon": "51.4", "name": 'a, "b"\nc'},
        {"id": "010", "lon": "", "name": "=1+1"},
    ]


@pytest.mark.parametrize("size", [1, 7, 20, 64])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_parts_end_with_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, newline: str):
    path = write(tmp_path, TEXT.replace("\n", newline) * 1 + f'1,2,"x{newline}y"{newline}3,4,5')
    whole = read_all(path)
    monkeypatch.setattr(point_files, "PART_BYTES", size)
    monkeypatch.setattr(point_files, "MOST_RECORD", 1000)
    assert read_all(path) == whole
    assert len(whole) == 4


def test_parts_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(tmp_path, "a,b\n" + "1,2\n" * 100)
    monkeypatch.setattr(point_files, "PART_BYTES", 50)
    parts = list(open_file(path).list_parts())
    assert [part.number for part in parts] == list(range(len(parts)))
    assert [part.stop for part in parts[:-1]] == [part.first for part in parts[1:]]
    assert (parts[0].first, parts[-1].stop) == (4, path.stat().st_size)


def test_quote_that_nobody_closes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 100)
    monkeypatch.setattr(point_files, "PART_BYTES", 16)
    monkeypatch.setattr(point_files, "MOST_RECORD", 64)
    with pytest.raises(UnreadableFile) as refusal:
        read_all(path)
    assert refusal.value.params["reason"].key == "points_quote"


def test_rows_of_the_wrong_length_stay_where_they_stood(tmp_path: Path):
    source = open_file(write(tmp_path, 'a,b\n1,2\n3\n4,5,6\n7,8\n"q,r",s,t\n'))
    (piece,) = (piece for part in source.list_parts() for piece in source.read(part))
    assert [tuple(row.values()) for row in piece.rows.to_pylist()] == [
        ("1", "2"),
        ("3", ""),
        ("4", "5,6"),
        ("7", "8"),
        ("q,r", "s,t"),
    ]
    assert piece.is_broken is not None
    assert piece.is_broken.tolist() == [False, True, True, False, True]


def test_parquet_keeps_its_types_and_says_how_many(tmp_path: Path):
    schema = pa.schema([("id", pa.int64()), ("at", pa.date32())])
    pq.write_table(pa.table({"id": [1], "at": [None]}, schema=schema), tmp_path / "p.parquet")
    source = open_file(tmp_path / "p.parquet")
    assert (source.schema, source.total) == (schema, 1)


@pytest.mark.parametrize(("most", "stops"), [(1, [1, 2, 3]), (3, [2, 3]), (100, [3])])
def test_row_groups_are_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, stops: list[int]):
    pq.write_table(pa.table({"lon": range(6)}), tmp_path / "p.parquet", row_group_size=2)
    monkeypatch.setattr(point_files, "PART_ROWS", most)
    assert [part.stop for part in open_file(tmp_path / "p.parquet").list_parts()] == stops
    assert [row["lon"] for row in read_all(tmp_path / "p.parquet")] == list(range(6))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.parquet", b"PAR1 nothing of the kind PAR1"),
        ("p.csv", b"id,lon\n\xff\xfe,2\n"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_all(tmp_path / name)


def test_tables_without_rows_are_refused(tmp_path: Path):
    pq.write_table(pa.table({"lon": pa.array([], pa.float64())}), tmp_path / "p.parquet")
    for path in (tmp_path / "p.parquet", write(tmp_path, "lon,lat\n")):
        with pytest.raises(EmptyFile):
            open_file(path)
