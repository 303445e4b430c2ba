"""Draw a small country for the pages of the maps."""

from __future__ import annotations

import geopandas as gpd
import pytest

from fixtures.letters import draw

HOSTILE = "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>\"'&"


@pytest.fixture
def divisions() -> gpd.GeoDataFrame:
    """Give three neighbours, one of them with a name that attacks the page."""
    ground = draw("""
        AAB
        ACB
    """)
    names = {"A": "آبادان", "B": "بهبهان", "C": HOSTILE}
    rows = [{"code": f"060{at}", "name": names[letter]} for at, letter in enumerate(ground, start=1)]
    return gpd.GeoDataFrame(rows, geometry=list(ground.values()), crs=4326)


@pytest.fixture
def findings(divisions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give an overlap, a gap and a clash of codes that has no place."""
    west, east, _ = divisions.geometry
    rows = [
        {"kind": "gap", "severity": "warning", "divisions": ["0601", "0603"], "area_m2": 12.5, "fingerprint": "aa01"},
        {"kind": "overlap", "severity": "error", "divisions": ["0601", "0602"], "area_m2": 2e6, "fingerprint": "aa02"},
        {"kind": "code_clash", "severity": "error", "divisions": ["0602"], "area_m2": None, "fingerprint": "aa03"},
    ]
    shapes = [west.centroid.buffer(0.01), west.buffer(0.1).intersection(east), None]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=4326)


@pytest.fixture
def stations() -> gpd.GeoDataFrame:
    """Give three polling stations, the nearest in the middle of the list."""
    rows = [
        {"code": "s1", "name": "مسجد", "address": "", "branches": 2, "distance_m": 1800.0},
        {"code": "s2", "name": "مدرسه", "address": "خیابان یک", "branches": 1, "distance_m": 240.0},
        {"code": "s3", "name": HOSTILE, "address": HOSTILE, "branches": 3, "distance_m": None},
    ]
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy([0.5, 0.6, 2.5], [0.5, 0.6, 0.5]), crs=4326)


@pytest.fixture
def density(divisions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give complaints: many, withheld, unknown."""
    figures = {"count": [1234.0, 3.0, None], "rate": [7.5, 0.4321, None], "suppressed": [False, True, False]}
    return divisions.assign(**figures, council=["شورای آبادان", "شورای بهبهان", ""], category="آب")


@pytest.fixture
def units(divisions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a plan of two districts."""
    return divisions.assign(population=[100, 200, 300], district=[1, 2, 2])
