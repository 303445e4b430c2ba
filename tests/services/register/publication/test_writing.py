"""Test that each file of an edition says what the register says, and safely."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas
import pyogrio
import pytest

from geo.register.ocd import PATTERN
from services.register.publication import write_files
from services.register.publication.content import EditionContent

NAMES = {
    *("divisions.csv", "divisions.geojson", "divisions.gpkg", "divisions.parquet", "ocd-divisions.csv"),
    *("province.pmtiles", "county.pmtiles", "village.pmtiles", "statistics.fa.html", "statistics.en.html"),
}


@pytest.fixture
def folder(content: EditionContent, tmp_path: Path) -> Path:
    """Write an edition."""
    made = tmp_path / "edition"
    made.mkdir()
    write_files(made, content, number=7, digest=content.digest())
    return made


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_format_is_there(folder):
    assert {path.name for path in folder.iterdir()} == NAMES | {"manifest.json", "SHA256SUMS"}


def test_table_keeps_zeros_and_disarms_formulas(folder):
    rows = read_rows(folder / "divisions.csv")
    assert [row["code"] for row in rows] == ["01", "02", "0101", "010101", "0101010001", "0101010001000001"]
    assert rows[1]["name_fa"] == "'=1+1"


def test_geojson_runs_its_rings_as_the_standard_says(folder):
    features = json.loads((folder / "divisions.geojson").read_text(encoding="utf-8"))["features"]
    assert features[0]["geometry"]["coordinates"][0][0][0] == [51.123456789, 35]
    assert (features[1]["geometry"], features[2]["properties"]["parent"]) == (None, "01")


def test_parquet_is_read_with_its_system_and_all_levels(folder):
    frame = geopandas.read_parquet(folder / "divisions.parquet")
    assert frame.crs.equals("OGC:CRS84")
    assert frame["name_fa"].tolist()[:3] == ["تهران", "=1+1", "ری"]


@pytest.mark.parametrize(
    ("level", "kind", "rows"), [("province", "MultiPolygon", 2), ("county", "MultiPolygon", 1), ("village", "Point", 1)]
)
def test_geopackage_has_a_layer_for_each_level(folder, level, kind, rows):
    info = pyogrio.read_info(folder / "divisions.gpkg", layer=level)
    assert (info["geometry_type"], info["features"]) == (kind, rows)
    assert "name_fa" in info["fields"]


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_layers_have_titles_for_people(folder):
    found = ask(folder / "divisions.gpkg", "select identifier from gpkg_contents where data_type = 'features'")
    assert found[:2] == [("استان (province)",), ("شهرستان (county)",)]


def test_layers_are_labelled_with_official_names(folder):
    styles = ask(folder / "divisions.gpkg", "select f_geometry_column, useAsDefault, styleQML from layer_styles")
    assert [style[:2] for style in styles] == [("geom", 1)] * 5
    assert all('fieldName="name_fa"' in str(style[2]) for style in styles)


def test_no_time_of_the_making_is_kept(folder, content):
    times = ask(folder / "divisions.gpkg", "select distinct last_change from gpkg_contents")
    assert times == [(f"{content.day.isoformat()}T00:00:00.000Z",)]


@pytest.mark.parametrize(("level", "zoom"), [("province", 0), ("county", 2), ("village", 8)])
def test_tiles_begin_at_the_zoom_of_their_level(folder, level, zoom):
    head = (folder / f"{level}.pmtiles").read_bytes()[:127]
    assert head.startswith(b"PMTiles\x03")
    assert (head[100], head[101]) == (zoom, 9)


def test_ids_name_every_division_and_the_country(folder):
    rows = read_rows(folder / "ocd-divisions.csv")
    assert [row["name"] for row in rows[:2]] == ["ایران", "تهران"]
    assert len(rows) == 7
    assert all(PATTERN.fullmatch(row["id"]) for row in rows)


@pytest.mark.parametrize(
    ("language", "words"), [("fa", ["استان", "تهران", "ویراست", "۷"]), ("en", ["province", "Tehran", "Edition", "7"])]
)
def test_statistics_stand_alone_in_each_language(folder, language, words):
    html = (folder / f"statistics.{language}.html").read_text(encoding="utf-8")
    assert all(word in html for word in words)
    assert not re.search(r"https?://|<script|src=", html)


def test_names_are_written_as_text_in_the_statistics(bring, session, tmp_path):
    from services.queries import get_register
    from services.register.publication import load_content

    bring("code,level,name_fa\n01,ostan,<script>x</script>\n")
    found = load_content(session, get_register(session, "test"), bring.today)
    write_files(tmp_path, found, number=1, digest=found.digest())
    assert "<script>" not in (tmp_path / "statistics.fa.html").read_text(encoding="utf-8")
