"""Check the check of a file."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from geo.errors import (
    DiskFull,
    EmptyFile,
    FolderUnfit,
    InvalidValue,
    MissingColumn,
    TaqsimatError,
    UnknownColumn,
    UnreadableFile,
    UnsafeFile,
    WrongCrs,
)
from services.boundaries.check import check_file
from services.files import split_layer
from services.messages import LANGUAGES, explain, say

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")

CROSSED = [box(0, 0, 2, 2), box(1, 1, 3, 3)]
CODES = {"name": ["one", "one"], "code": ["01", "02"]}


def write(path: Path, shapes: list[BaseGeometry | None], *, crs: str | None = "EPSG:4326", **columns: Any) -> Path:
    pyogrio.raw.write(
        str(path),
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=[
            np.array(values, dtype=object if isinstance(values[0], str) else None) for values in columns.values()
        ],
        fields=list(columns),
        geometry_type="Unknown",
        crs=crs,
        driver="GPKG",
        layer="divisions",
    )
    return path


@pytest.fixture
def crossed(tmp_path: Path) -> Path:
    """Write two polygons that overlap."""
    return write(tmp_path / "crossed.gpkg", list(CROSSED), **CODES)


def test_overlap_is_found_under_the_first_unique_column(crossed: Path) -> None:
    report = check_file(crossed)
    assert report.key == "code"
    assert report.audit.findings[0].divisions == ("01", "02")


def test_json_has_the_agreed_form(crossed: Path) -> None:
    report = json.loads(json.dumps(check_file(crossed).to_json()))
    assert list(report) == ["certified", "counts", "area_m2", "findings"]
    assert (report["certified"], report["counts"]) == (True, {"overlap": 1})
    finding = report["findings"][0]
    assert (finding["kind"], finding["divisions"]) == ("overlap", ["01", "02"])
    assert finding["area_m2"] == report["area_m2"]["overlap"]
    assert len(finding["point"]) == 2


def test_declared_column_names_the_divisions(crossed: Path) -> None:
    report = check_file(crossed, key="name")
    assert report.audit.counts == {"code_clash": 1, "overlap": 1}


def test_rows_are_numbered_where_no_text_is_unique(tmp_path: Path) -> None:
    path = write(tmp_path / "plain.gpkg", list(CROSSED), name=["one", "one"])
    assert check_file(path).audit.findings[0].divisions == ("1", "2")


def test_points_among_the_polygons_are_reported(tmp_path: Path) -> None:
    path = write(tmp_path / "mixed.gpkg", [box(0, 0, 1, 1), Point(0, 0), None], code=["1", "2", "3"])
    assert check_file(path).audit.counts == {"invalid": 1, "missing_boundary": 1}


def test_missing_system_is_assumed_and_said(tmp_path: Path) -> None:
    report = check_file(write(tmp_path / "bare.gpkg", list(CROSSED), crs=None, **CODES))
    assert report.audit.counts == {"overlap": 1}
    assert [note.key for note in report.notes] == ["crs_assumed"]


@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_metres_without_a_system_of_metres_are_refused(tmp_path: Path, crs: str | None) -> None:
    path = write(tmp_path / "metres.gpkg", [box(500_000, 4e6, 500_001, 4e6 + 1)], crs=crs, code=["1"])
    with pytest.raises(WrongCrs):
        check_file(path)


def test_plane_system_is_audited_in_metres(tmp_path: Path) -> None:
    shapes: list[BaseGeometry | None] = [box(5e5, 4e6, 5e5 + 20, 4e6 + 10), box(5e5 + 10, 4e6, 5e5 + 30, 4e6 + 10)]
    report = check_file(write(tmp_path / "plane.gpkg", shapes, crs="EPSG:32639", code=["1", "2"]))
    assert report.audit.area_m2["overlap"] == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize("column", ["above", "parent"])
def test_parents_are_read_from_the_column_that_names_them(tmp_path: Path, column: str) -> None:
    shapes: list[BaseGeometry | None] = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    children = write(tmp_path / "children.gpkg", shapes, code=["11", "12"], **{column: ["1", "2"]})
    write(tmp_path / "parents.gpkg", shapes, parent=["1", "2"])
    report = check_file(children, parents=f"{tmp_path}/parents.gpkg:divisions")
    assert report.audit.is_clean
    assert [note.key for note in report.notes] == ["parents_by_column"]


def test_parents_are_found_by_ground_where_no_column_names_them(tmp_path: Path) -> None:
    children = write(tmp_path / "children.gpkg", [box(0, 0, 1, 1), box(1, 0, 3, 1)], code=["11", "12"])
    parents = write(tmp_path / "parents.gpkg", [box(0, 0, 1.5, 1), box(1.5, 0, 3, 1)], code=["1", "2"])
    report = check_file(children, parents=str(parents))
    assert report.audit.counts["misfit"] == 2
    assert [note.key for note in report.notes] == ["parents_by_ground"]


def test_parents_of_another_system_are_moved(tmp_path: Path) -> None:
    children = write(tmp_path / "children.gpkg", [box(0, 0, 1000, 1000)], crs="EPSG:3857", code=["11"])
    side = 1000 / 111_319.49079327358
    parents = write(tmp_path / "parents.gpkg", [box(0, 0, side, side)], code=["1"])
    assert check_file(children, parents=str(parents)).audit.counts.get("misfit", 0) <= 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a.gpkg:admin1", ("a.gpkg", "admin1")),
        ("a.gpkg", ("a.gpkg", None)),
        ("dir:1/a.gpkg", ("dir:1/a.gpkg", None)),
    ],
)
def test_parents_are_a_file_and_a_layer(text: str, parts: tuple[str, str | None]) -> None:
    assert split_layer(text) == parts


@pytest.mark.parametrize("name", ["found.gpkg", "found.geojson"])
def test_findings_are_written(crossed: Path, name: str) -> None:
    out = crossed.parent / name
    check_file(crossed, out=out)
    meta, _, wkb, fields = pyogrio.raw.read(out)
    assert shapely.from_wkb(wkb[0]).equals(box(1, 1, 2, 2))
    assert dict(zip(meta["fields"], fields, strict=True))["divisions"][0] == "01, 02"
    assert sorted(path.name for path in crossed.parent.iterdir()) == sorted(["crossed.gpkg", name])


@pytest.mark.parametrize(
    ("fault", "error"), [(errno.ENOSPC, DiskFull), (errno.EACCES, FolderUnfit)], ids=["full", "forbidden"]
)
def test_findings_are_written_whole_or_not_at_all(
    crossed: Path, monkeypatch: pytest.MonkeyPatch, fault: int, error: type[TaqsimatError]
) -> None:
    out = crossed.parent / "found.gpkg"
    out.write_text("what was there")

    def fail(*_: object) -> None:
        raise OSError(fault, "no")

    monkeypatch.setattr("services.boundaries.findings_file._write", fail)
    with pytest.raises(error):
        check_file(crossed, out=out)
    assert out.read_text() == "what was there"
    assert len(list(crossed.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"key": "nothing"}, UnknownColumn),
        ({"layer": "nothing"}, UnreadableFile),
        ({"out": "findings.txt"}, InvalidValue),
        ({"out": "/no/such/folder/findings.gpkg"}, InvalidValue),
        ({"parents": "/no/such/file.gpkg"}, UnreadableFile),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_done_is_said(
    crossed: Path, arguments: dict[str, str], error: type[TaqsimatError], language: str
) -> None:
    with pytest.raises(error) as caught:
        check_file(crossed, **arguments)  # type: ignore[arg-type]
    assert len(explain(caught.value, language)) > 20


@pytest.mark.parametrize("path", ["/vsicurl/http://localhost/a.gpkg", "http://localhost/a.gpkg", "/vsizip/a.zip"])
def test_only_files_of_this_machine_are_opened(path: str) -> None:
    with pytest.raises(UnsafeFile):
        check_file(path)


@pytest.mark.parametrize(
    ("name", "text"), [("empty.gpkg", ""), ("empty.geojson", '{"type":"FeatureCollection","features":[]}')]
)
def test_file_without_rows_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(EmptyFile):
        check_file(tmp_path / name)


def test_table_without_geometry_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("code,name\n1,a\n")
    with pytest.raises(MissingColumn):
        check_file(tmp_path / "table.csv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_said(tmp_path: Path, language: str) -> None:
    path = write(tmp_path / "bare.gpkg", list(CROSSED), crs=None, **CODES)
    notes = check_file(path, parents=str(path)).notes
    assert [note.key for note in notes] == ["crs_assumed", "crs_assumed", "parents_by_ground"]
    assert all(say(f"reason.{note.key}", language, **dict(note.params)) for note in notes)


def test_real_precincts(real_data: Path) -> None:
    report = check_file(real_data / "broken/co_bad_gap_region.gpkg").to_json()
    assert report["counts"] == {"gap": 3, "overlap": 3}
    assert report["area_m2"]["gap"] / 1e6 == pytest.approx(3.2055, abs=5e-5)


def test_numbers_name_parents_only_under_a_like_name(tmp_path: Path) -> None:
    shapes: list[BaseGeometry | None] = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    parents = write(tmp_path / "parents.gpkg", shapes, osm_id=[7, 8])
    alike = write(tmp_path / "alike.gpkg", shapes, code=["11", "12"], county_osm_id=[7, 8])
    other = write(tmp_path / "other.gpkg", shapes, code=["11", "12"], people=[7, 8])
    notes = [check_file(path, parents=str(parents)).notes[0].key for path in (alike, other)]
    assert notes == ["parents_by_column", "parents_by_ground"]
