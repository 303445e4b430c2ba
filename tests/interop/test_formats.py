"""Check that one layer says the same in every format that others write."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas
import pytest
from pyogrio import write_dataframe
from shapely import MultiPolygon, box

from geo.register.rows import Rows
from services.files import check_file_safe
from services.layers import lay_rows, read_layer

SHAPES = [MultiPolygon([box(51, 35, 52, 36)]), MultiPolygon([box(52, 35, 53, 36), box(54, 35, 55, 36)])]
NAMES = ["تهران", "البرز"]

TOPOLOGY = {
    "type": "Topology",
    "objects": {
        "a": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "MultiPolygon", "properties": {"code": "01", "name": NAMES[0]}, "arcs": [[[0]]]},
                {"type": "MultiPolygon", "properties": {"code": "02", "name": NAMES[1]}, "arcs": [[[1]], [[2]]]},
            ],
        }
    },
    "arcs": [[list(xy) for xy in part.exterior.coords] for shape in SHAPES for part in shape.geoms],
}


def make_frame() -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"code": ["01", "02"], "name": NAMES}, geometry=SHAPES, crs="EPSG:4326")


def write_table(path: Path) -> None:
    frame = make_frame()
    frame.assign(wkt=frame.geometry.to_wkt()).drop(columns="geometry").to_csv(path, index=False, sep=";")


def write_workbook(path: Path) -> None:
    frame = make_frame()
    frame.assign(wkt=frame.geometry.to_wkt()).drop(columns="geometry").to_excel(path, index=False)


def write_metres(path: Path) -> None:
    write_dataframe(make_frame().to_crs("EPSG:32639"), path)


def write_zip(path: Path) -> None:
    write_dataframe(make_frame(), path.with_suffix(".shp"), encoding="CP1256")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(path.parent.glob(f"{path.stem}.*")):
            if part != path:
                archive.write(part, part.name)


def write_heights(path: Path) -> None:
    frame = make_frame()
    frame.set_geometry(frame.geometry.force_3d(7)).to_file(path)


WRITERS = {
    "a.gpkg": lambda path: write_dataframe(make_frame(), path),
    "metres.gpkg": write_metres,
    "heights.gpkg": write_heights,
    "a.sqlite": lambda path: write_dataframe(make_frame(), path, driver="SQLite"),
    "spatialite.sqlite": lambda path: write_dataframe(make_frame(), path, driver="SQLite", SPATIALITE="YES"),
    "a.geojson": lambda path: write_dataframe(make_frame(), path),
    "a.json": lambda path: write_dataframe(make_frame(), path, driver="GeoJSON"),
    "a.geojsonl": lambda path: write_dataframe(make_frame(), path, driver="GeoJSONSeq"),
    "a.topojson": lambda path: path.write_text(json.dumps(TOPOLOGY), encoding="utf-8"),
    "a.fgb": lambda path: write_dataframe(make_frame(), path),
    "a.shp": lambda path: write_dataframe(make_frame(), path),
    "cp1256.shp": lambda path: write_dataframe(make_frame(), path, encoding="CP1256"),
    "a.zip": write_zip,
    "a.kml": lambda path: write_dataframe(make_frame().rename(columns={"name": "Name"}), path, driver="KML"),
    "a.parquet": lambda path: make_frame().to_parquet(path),
    "arrow.parquet": lambda path: make_frame().to_parquet(path, geometry_encoding="geoarrow"),
    "a.csv": write_table,
    "a.xlsx": write_workbook,
}


def read(path: Path) -> Rows:
    layer = read_layer(check_file_safe(path, most_bytes=10**8))
    columns = {"wkt": "wkt"} if "wkt" in layer.columns else {}
    # of the formats here, only a topology names no system
    return lay_rows(layer, columns=columns, crs="EPSG:4326" if layer.crs is None else None)


@pytest.fixture(params=sorted(WRITERS))
def rows(request, tmp_path) -> Rows:
    """Write and read one layer in one format."""
    path = tmp_path / request.param
    WRITERS[request.param](path)
    return read(path)


def test_names_are_the_same(rows):
    [names] = [rows.read_texts(column) for column in rows.columns if column.lower() == "name"]
    assert sorted(names) == sorted(NAMES)


def test_codes_keep_their_zeros_where_they_are_texts(rows):
    codes = [text for column in rows.columns if column == "code" for text in rows.read_texts(column)]
    assert sorted(codes) in (["01", "02"], [])


def test_grounds_are_the_same(rows):
    drawn = sorted(rows.shapes, key=lambda shape: shape.bounds)
    apart = [shape.symmetric_difference(wanted).area for shape, wanted in zip(drawn, SHAPES, strict=True)]
    assert max(apart) < 1e-4


def test_nothing_is_unreadable(rows):
    assert rows.unreadable == {}
