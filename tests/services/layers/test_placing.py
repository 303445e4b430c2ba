"""Check how rows come onto the globe."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.errors import MissingColumn, WrongCrs
from services.layers import Layer, lay_rows, to_lonlat
from services.messages import LANGUAGES, explain


def make(shape: shapely.Geometry | None = None, crs: str | None = None, **columns: list[object]) -> Layer:
    shapes = None if shape is None else np.array([shape], dtype=object)
    return Layer("a", tuple(columns), list(columns.values()), shapes, CRS(crs) if crs else None)


def point_of(layer: Layer, crs: str | None = None, **columns: str) -> list[float]:
    return shapely.get_coordinates(lay_rows(layer, columns=columns, crs=crs).shapes[0]).round(4).ravel().tolist()


@pytest.mark.parametrize(
    ("own", "declared"),
    [("EPSG:32639", None), (None, "EPSG:32639"), ("EPSG:32639", "EPSG:32639"), ("EPSG:32639", "+proj=utm +zone=39")],
)
def test_metres_become_degrees(own, declared):
    if declared == "+proj=utm +zone=39":
        declared = CRS("EPSG:32639").to_wkt()
    assert point_of(make(shapely.Point(500_000, 3_318_785), own, n=[1]), declared) == [51.0, 30.0]


@pytest.mark.parametrize(
    ("own", "declared", "reason"),
    [
        (None, None, "crs_missing"),
        ("EPSG:4326", "EPSG:32639", "crs_differs"),
        (None, "EPSG:99999", "crs_unknown"),
        (None, "nonsense", "crs_unknown"),
    ],
)
def test_reference_system_must_be_told_once(own, declared, reason):
    with pytest.raises(WrongCrs) as caught:
        to_lonlat(make(shapely.Point(1, 2), own), crs=declared)
    assert caught.value.params["reason"].key == reason
    assert all(explain(caught.value, language) for language in LANGUAGES)


def test_order_of_axes_in_the_system_does_not_swap():
    assert point_of(make(shapely.Point(51, 30), "OGC:CRS84", n=[1])) == [51.0, 30.0]


@pytest.mark.parametrize(
    ("lon", "lat", "point"),
    [
        ("51.5", "30.25", [51.5, 30.25]),
        ("۵۱٫۵", " ٣٠.25 ", [51.5, 30.25]),
        (51.5, 30, [51.5, 30.0]),
        ("5.15e1", "+30", [51.5, 30.0]),
    ],
)
def test_columns_give_points(lon, lat, point):
    assert point_of(make(x=[lon], y=[lat]), lon="x", lat="y") == point


def test_columns_in_metres_are_declared():
    assert point_of(make(x=["500000"], y=["3318785"]), "EPSG:32639", lon="x", lat="y") == [51.0, 30.0]


@pytest.mark.parametrize("bad", ["nan", "inf", "51,5", "1_0", "x", "51°"])
def test_numbers_that_are_none_are_not_taken(bad):
    rows = lay_rows(make(x=[bad], y=["30"]), columns={"lon": "x", "lat": "y"})
    assert not np.isfinite(shapely.get_coordinates(rows.shapes)).all()


@pytest.mark.parametrize("empty", [None, "", float("nan")])
def test_row_without_coordinates_has_no_point(empty):
    assert lay_rows(make(x=[empty], y=[empty]), columns={"lon": "x", "lat": "y"}).shapes.tolist() == [None]


def test_half_of_a_position_is_not_enough():
    with pytest.raises(MissingColumn):
        lay_rows(make(x=["1"]), columns={"lon": "x"})


def test_written_geometry_is_read_or_told():
    rows = lay_rows(make(w=["POINT (1 2)", "POINT (1", "", None]), columns={"wkt": "w"})
    assert rows.shapes.tolist() == [shapely.Point(1, 2), None, None, None]
    assert list(rows.unreadable) == [1]


def test_heights_are_counted():
    assert lay_rows(make(shapely.Point(1, 2, 3), "EPSG:4326", n=[1]), columns={}).heights == 1


def test_table_without_geometry_has_none():
    assert lay_rows(make(code=["1"]), columns={"code": "code"}).shapes is None
