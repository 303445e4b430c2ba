"""Test that the points of a file get the divisions of another, row for row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import Polygon, box

from fixtures.letters import draw
from geo.errors import AlreadyExists, InvalidGeometry, InvalidValue, MissingColumn, UnknownColumn, UnreadableFile
from services.elections import cluster_parts, point_files
from services.elections.locate import CoverageFile, Manner, find_locator, locate_points
from services.elections.located_points import PointColumns
from services.files import split_layer

POINTS = ((0.5, 0.5), (1.0, 0.5), (1.5, 0.5), (9.0, 0.5), (None, 0.5), (2.5, 0.5))
KEYS = ["01", "01", "01", None, None, "02"]


@pytest.fixture
def coverage(tmp_path: Path) -> CoverageFile:
    """Write two communes of which the one overlaps nobody and both have leading zeros."""
    shapes = list(draw("AAB").values())
    frame = geopandas.GeoDataFrame({"code": ["01", "02"], "county": ["7", None]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "communes.gpkg", layer="communes")
    return CoverageFile(f"{tmp_path / 'communes.gpkg'}:communes", "code")


@pytest.fixture
def points(tmp_path: Path) -> Path:
    lon, lat = zip(*POINTS, strict=True)
    path = tmp_path / "points.parquet"
    pq.write_table(pa.table({"id": range(len(POINTS)), "lon": lon, "lat": lat}), path)
    return path


def locate(coverage: CoverageFile, points: Path, *, out: str = "out.parquet", **columns: str) -> Any:
    return locate_points(coverage, points, columns=PointColumns(**columns), out=points.with_name(out))


def test_every_row_gets_its_key_in_order(coverage: CoverageFile, points: Path):
    report = locate(coverage, points)
    table = pq.read_table(report.out).to_pydict()
    assert (table["id"], table["key"]) == (list(range(6)), KEYS)
    assert table["on_boundary"] == [False] * 6


def test_report_counts_what_became_of_the_points(coverage: CoverageFile, points: Path):
    report = locate(coverage, points)
    counts = (report.points, report.located, report.outside, report.unreadable, report.on_boundary)
    assert counts == (6, 4, 1, 1, 0)


def test_points_on_edges_and_in_overlaps_are_marked(coverage: CoverageFile, points: Path, tmp_path: Path):
    frame = geopandas.GeoDataFrame({"code": ["1", "2"]}, geometry=[box(0, 0, 1, 1), box(0.4, 0, 2, 1)], crs=4326)
    frame.to_file(tmp_path / "dirty.geojson")
    table = pq.read_table(locate(replace(coverage, path=str(tmp_path / "dirty.geojson")), points).out).to_pydict()
    assert table["key"] == ["1", "1", "2", None, None, None]
    assert table["on_boundary"] == [False, True, False, False, False, False]
    assert table["in_overlap"] == [True, True, False, False, False, False]


def test_other_columns_are_written_as_well(coverage: CoverageFile, points: Path):
    table = pq.read_table(locate(replace(coverage, others=("county",)), points).out)
    assert table.column_names == ["id", "lon", "lat", "key", "county", "on_boundary", "in_overlap", "problem"]
    assert table["county"].to_pylist() == ["7", "7", "7", None, None, None]


def test_csv_gives_the_same_as_parquet(coverage: CoverageFile, points: Path):
    path = points.with_suffix(".csv")
    rows = [f'00{number},"{lon or ""}",{lat}' for number, (lon, lat) in enumerate(POINTS)]
    path.write_text("\n".join(["id,x,y", *rows]), encoding="utf-8")
    report = locate(coverage, path, out="out.csv", x="x", y="y")
    table = pandas.read_csv(report.out, dtype=str, keep_default_na=False)
    assert table["key"].tolist() == [key or "" for key in KEYS]
    assert table["id"].tolist() == [f"00{number}" for number in range(6)]


def test_pieces_do_not_matter(coverage: CoverageFile, points: Path, monkeypatch: pytest.MonkeyPatch):
    whole = pq.read_table(locate(coverage, points).out)
    monkeypatch.setattr(point_files, "MOST_ROWS", 2)
    done: list[tuple[int, int | None]] = []
    out = points.with_name("pieces.parquet")
    manner = Manner(lambda *now: done.append(now))
    locate_points(coverage, points, columns=PointColumns(), out=out, manner=manner)
    assert pq.read_table(out).equals(whole)
    assert done == [(2, 6), (4, 6), (6, 6)]


def test_same_input_gives_same_bytes(coverage: CoverageFile, points: Path):
    one, other = (locate(coverage, points, out=name).out for name in ("a.parquet", "b.parquet"))
    assert one.read_bytes() == other.read_bytes()


def test_coverage_in_metres_is_brought_to_degrees(coverage: CoverageFile, points: Path, tmp_path: Path):
    frame = geopandas.GeoDataFrame({"code": ["01"]}, geometry=[box(0.2, 0.2, 0.8, 0.8)], crs=4326).to_crs(3857)
    frame.to_file(tmp_path / "metres.gpkg")
    table = pq.read_table(locate(replace(coverage, path=str(tmp_path / "metres.gpkg")), points).out)
    assert table["key"].to_pylist() == ["01", None, None, None, None, None]


@pytest.mark.parametrize(
    ("changes", "columns", "error"),
    [
        ({"key": "kode"}, {}, UnknownColumn),
        ({"others": ("kounty",)}, {}, UnknownColumn),
        ({}, {"x": "longitude"}, UnknownColumn),
        ({"path": "nowhere.gpkg"}, {}, UnreadableFile),
        ({"key": "county"}, {}, InvalidValue),
        ({"others": ("id",)}, {}, AlreadyExists),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_written(coverage, points, changes, columns, error):
    with pytest.raises(error):
        locate(replace(coverage, **changes), points, **columns)
    assert not points.with_name("out.parquet").exists()


@pytest.mark.parametrize("name", ["key", "on_boundary", "in_overlap", "problem"])
def test_columns_of_the_points_are_not_replaced(coverage: CoverageFile, points: Path, name: str):
    pq.write_table(pq.read_table(points).append_column(name, [["mine"] * 6]), points)
    with pytest.raises(AlreadyExists):
        locate(coverage, points)


def test_keys_that_lost_their_zeros_are_refused(coverage: CoverageFile, points: Path, tmp_path: Path):
    geopandas.GeoDataFrame({"code": [1.5]}, geometry=[box(0, 0, 1, 1)], crs=4326).to_file(tmp_path / "f.gpkg")
    with pytest.raises(InvalidValue):
        locate(replace(coverage, path=str(tmp_path / "f.gpkg")), points)


def test_polygon_across_the_antimeridian_is_refused(coverage: CoverageFile, points: Path, tmp_path: Path):
    ring = [(178, -19), (-178, -19), (-178, -16), (178, -16)]
    frame = geopandas.GeoDataFrame({"code": ["1"]}, geometry=[Polygon(ring)], crs=4326)
    frame.to_file(tmp_path / "fiji.gpkg")
    with pytest.raises(InvalidGeometry):
        locate(replace(coverage, path=str(tmp_path / "fiji.gpkg")), points)


def test_table_without_boundaries_is_no_coverage(coverage: CoverageFile, points: Path, tmp_path: Path):
    (tmp_path / "c.csv").write_text("code\n1\n", encoding="utf-8")
    with pytest.raises(MissingColumn):
        locate(replace(coverage, path=str(tmp_path / "c.csv")), points)


def test_failure_leaves_the_old_output(coverage: CoverageFile, points: Path):
    out = points.with_name("out.csv")
    out.write_text("old", encoding="utf-8")
    broken = points.with_name("broken.csv")
    broken.write_bytes(b"lon,lat\n1,2\n\xff,2\n")
    with pytest.raises(UnreadableFile):
        locate(coverage, broken, out="out.csv")
    assert out.read_text(encoding="utf-8") == "old"
    assert not list(points.parent.glob(".taqsimat-*"))


def test_interruption_leaves_the_old_output(coverage: CoverageFile, points: Path):
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    out = points.with_name("out.parquet")
    with pytest.raises(KeyboardInterrupt):
        locate_points(coverage, points, columns=PointColumns(), out=out, manner=Manner(interrupt))
    assert not out.exists()
    assert not list(points.parent.glob(".taqsimat-*"))


def test_index_is_kept_and_used_again(coverage: CoverageFile, tmp_path: Path):
    kept = replace(coverage, index=tmp_path / "communes.index")
    built = find_locator(kept)
    before = kept.index.stat().st_mtime_ns  # type: ignore[union-attr]
    assert find_locator(kept).keys == built.keys
    assert kept.index.stat().st_mtime_ns == before  # type: ignore[union-attr]


def test_index_of_another_coverage_is_built_again(coverage: CoverageFile, tmp_path: Path):
    kept = replace(coverage, index=tmp_path / "communes.index")
    find_locator(kept)
    geopandas.GeoDataFrame({"code": ["9"]}, geometry=[box(0, 0, 1, 1)], crs=4326).to_file(tmp_path / "other.gpkg")
    assert find_locator(replace(kept, path=str(tmp_path / "other.gpkg"))).keys == ("9",)


def test_damaged_index_is_refused(coverage: CoverageFile, tmp_path: Path):
    kept = replace(coverage, index=tmp_path / "communes.index")
    find_locator(kept)
    data = np.fromfile(tmp_path / "communes.index", dtype=np.uint8)
    data[-70] ^= 1
    data.tofile(tmp_path / "communes.index")
    with pytest.raises(UnreadableFile):
        find_locator(kept)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a.gpkg", ("a.gpkg", None)),
        ("a.gpkg:b", ("a.gpkg", "b")),
        ("/x:y/a.gpkg", ("/x:y/a.gpkg", None)),
        ("/x/a.gpkg:لایه", ("/x/a.gpkg", "لایه")),
    ],
)
def test_layer_is_split_from_its_file(text: str, parts: tuple[str, str | None]):
    assert split_layer(text) == parts


PROBLEMS = [
    ("0.5,0.5", "01", ""),
    ("0.5,9.5", "", "outside"),
    ("0.5,2.5", "", "swapped"),
    (",0.5", "", "empty"),
    ("0.5,x", "", "no_number"),
    ("nan,0.5", "", "no_number"),
    ("inf,0.5", "", "no_number"),
    ("0.5,91", "", "off_globe"),
    ("0.5", "", "broken"),
    ("0.5,0.5,0.5", "", "broken"),
    ('"=1+1",0.5', "", "no_number"),
    ("۰٫۵,0.5", "01", ""),
    ("2.5,0.5", "02", ""),
]


def test_every_row_says_what_is_wrong_with_it(coverage: CoverageFile, tmp_path: Path):
    path = tmp_path / "p.csv"
    path.write_text("\n".join(["lon,lat", *(row for row, _, _ in PROBLEMS)]), encoding="utf-8")
    report = locate(coverage, path, out="out.csv")
    table = pandas.read_csv(report.out, dtype=str, keep_default_na=False)
    assert list(zip(table["key"], table["problem"], strict=True)) == [(key, problem) for _, key, problem in PROBLEMS]
    assert (report.points, report.located, report.outside, report.swapped, report.unreadable) == (13, 3, 3, 1, 7)
    assert table["lon"].tolist()[10] == "'=1+1"


def spoil(coverage: CoverageFile, points: Path, monkeypatch: pytest.MonkeyPatch, *, after: int) -> int:
    """Stop a run that may be resumed after some parts, and tell how many it has kept."""
    told: list[int] = []

    def stop(done: int, total: int | None) -> None:
        told.append(done)
        if len(told) == after:
            raise KeyboardInterrupt

    out = points.with_name(f"out{points.suffix}")
    with pytest.raises(KeyboardInterrupt):
        locate_points(coverage, points, columns=PointColumns(), out=out, manner=Manner(stop, resume=True))
    assert not out.exists()
    return len(list(points.with_name(f".{out.name}.pieces").glob("*.json"))) - 1


@pytest.fixture(params=[".csv", ".parquet"])
def many(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a file of many parts."""
    monkeypatch.setattr(point_files, "PART_BYTES", 100)
    monkeypatch.setattr(point_files, "PART_ROWS", 10)
    frame = pandas.DataFrame({"lon": np.linspace(-1, 4, 60), "lat": np.full(60, 0.5), "name": ["=A1", "x"] * 30})
    path = tmp_path / f"many{request.param}"
    frame.to_csv(path, index=False) if request.param == ".csv" else frame.to_parquet(path, row_group_size=10)
    return path


def test_interrupted_run_goes_on_and_gives_the_same_bytes(coverage, many, monkeypatch):
    expected = locate(coverage, many, out=f"plain{many.suffix}").out.read_bytes()
    assert spoil(coverage, many, monkeypatch, after=3) == 3
    done: list[int] = []
    manner = Manner(lambda now, total: done.append(now), resume=True)
    out = many.with_name(f"out{many.suffix}")
    report = locate_points(coverage, many, columns=PointColumns(), out=out, manner=manner)
    assert (out.read_bytes(), report.points, done[0] > 12) == (expected, 60, True)
    assert not list(many.parent.glob(".*"))


def test_parts_of_another_question_are_not_used(coverage, many, monkeypatch, tmp_path):
    spoil(coverage, many, monkeypatch, after=2)
    geopandas.GeoDataFrame({"code": ["9"]}, geometry=[box(0, 0, 3, 1)], crs=4326).to_file(tmp_path / "other.gpkg")
    other = replace(coverage, path=str(tmp_path / "other.gpkg"))
    out = many.with_name(f"out{many.suffix}")
    locate_points(other, many, columns=PointColumns(), out=out, manner=Manner(resume=True))
    assert out.read_bytes() == locate(other, many, out=f"plain{many.suffix}").out.read_bytes()


def test_silent_scheduler_is_named(coverage, points, monkeypatch):
    monkeypatch.setattr(cluster_parts, "PATIENCE_S", 0.2)
    with pytest.raises(InvalidValue) as refusal:
        locate_points(
            coverage,
            points,
            columns=PointColumns(),
            out=points.with_name("out.csv"),
            manner=Manner(scheduler="tcp://127.0.0.1:9"),
        )
    assert refusal.value.params["reason"].key == "scheduler_silent"
    assert not list(points.parent.glob(".*"))
