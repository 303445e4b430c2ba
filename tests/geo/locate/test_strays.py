"""Check that places outside their coded division are found."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, Polygon, box

from fixtures.nation import Defects, NationPlan, build_nation
from geo.locate.strays import Homes, PlaceCount, Places, find_strays

HOMES = Homes(["A", "B", "C"], [box(0, 0, 2, 2), box(2, 0, 4, 2), box(3, 0, 5, 2)])


def find(*spots: tuple[float, float], home: str | None = "A") -> list[str]:
    places = Places([f"p{row}" for row in range(len(spots))], np.array(spots), [home] * len(spots))
    return [str(finding.detail["where"]) for finding in find_strays(places, HOMES).findings]


@pytest.mark.parametrize(
    ("home", "spot", "where"),
    [
        ("A", (1.0, 1.0), []),
        ("A", (2.0, 1.0), []),
        ("B", (2.0, 1.0), []),
        ("A", (0.0, 0.0), []),
        ("A", (2.5, 1.0), ["elsewhere"]),
        ("B", (1.0, 1.0), ["elsewhere"]),
        ("C", (2.0, 1.0), ["elsewhere"]),
        ("B", (3.5, 1.0), ["several"]),
        ("C", (3.5, 1.0), ["several"]),
        ("A", (3.5, 1.0), ["elsewhere"]),
        ("A", (9.0, 9.0), ["nowhere"]),
        ("A", (np.nan, 1.0), []),
        ("A", (500.0, 1.0), []),
        ("nobody", (1.0, 1.0), []),
        (None, (1.0, 1.0), []),
    ],
)
def test_each_place_is_found_where_it_lies(home: str | None, spot: tuple[float, float], where: list[str]) -> None:
    assert find(spot, home=home) == where


def test_finding_names_the_place_its_home_and_its_holders() -> None:
    finding = find_strays(Places(["p"], np.array([[3.5, 1.0]]), ["A"]), HOMES).findings[0]
    assert (finding.divisions, finding.point, finding.geometry) == (("A", "B", "C", "p"), (3.5, 1.0), Point(3.5, 1))


def test_places_are_counted() -> None:
    spots = np.array([(1, 1), (2.5, 1), (3.5, 1), (9, 9), (np.nan, 0)])
    count = find_strays(Places(list("abcde"), spots, ["A", "A", "B", "A", "A"]), HOMES).count
    assert count == PlaceCount(home=1, elsewhere=1, several=1, nowhere=1, unknown=1)


@pytest.mark.parametrize("boundary", [None, Polygon(), Point(0, 0), Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])
def test_nothing_is_said_where_no_ground_is_certain(boundary: object) -> None:
    found = find_strays(Places(["p"], np.array([[0.5, 0.2]]), ["A"]), Homes(["A"], [boundary]))  # type: ignore[list-item]
    assert (found.findings, found.count.unknown) == ((), 1)


def test_no_places_give_no_strays() -> None:
    assert find_strays(Places([], np.empty((0, 2)), []), HOMES).findings == ()


def test_planted_strays_are_found_and_no_others() -> None:
    nation = build_nation(NationPlan(spacing_m=600).scaled(0.05), seed=3, defects=Defects().scaled(0.05))
    homes, places = nation.levels["dehestan"], nation.places
    lonlat = np.column_stack([places.geometry.x, places.geometry.y])
    found = find_strays(
        Places(list(places["code"]), lonlat, list(places["parent_code"])), Homes(list(homes["code"]), homes.geometry)
    )
    planted = {defect.divisions for defect in nation.truth if defect.kind == "stray_place"}
    assert (
        planted and {finding.divisions for finding in found.findings if finding.detail["where"] != "several"} == planted
    )


def test_afghan_polling_centres_lie_where_geopandas_says(real_data: Path) -> None:
    folder = real_data / "afghanistan"
    provinces = gpd.read_file(folder / "afg_cod_ab_2018.gpkg", layer="admin1")
    centres = pd.read_csv(folder / "afg_2014_polling_centers.csv", dtype=str)
    lonlat = centres[[name for name in centres if name in ("lon", "lat")]][["lon", "lat"]].astype(float).to_numpy()
    first = provinces["adm1_pcode"].iloc[0]
    found = find_strays(
        Places([str(row) for row in range(len(centres))], lonlat, [first] * len(centres)),
        Homes(list(provinces["adm1_pcode"]), provinces.geometry),
    )
    points = gpd.GeoSeries(gpd.points_from_xy(*lonlat.T), crs=4326)
    assert found.count.home == int(points.intersects(provinces.geometry.iloc[0]).sum()) > 0
    assert found.count.nowhere == int((~points.intersects(provinces.union_all())).sum())
