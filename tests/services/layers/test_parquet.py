"""Check Parquet tables."""

from __future__ import annotations

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import Point

from geo.errors import FileRefused, FileTooLarge
from services.files import check_file_safe
from services.layers import parquet, read_layer
from services.messages import LANGUAGES, explain


def read(path, layer=None):
    return read_layer(check_file_safe(path, most_bytes=10**8), layer)


@pytest.fixture
def table(tmp_path):
    """Write a plain table of codes."""
    pq.write_table(pa.table({"code": ["0601", None], "n": [1, 2]}), tmp_path / "a.parquet")
    return tmp_path / "a.parquet"


def test_plain_table_has_columns(table):
    found = read(table)
    assert (found.columns, found.table, found.shapes) == (("code", "n"), [["0601", None], [1, 2]], None)


def test_geoparquet_has_geometry_and_system(tmp_path):
    frame = geopandas.GeoDataFrame({"code": ["1"]}, geometry=[Point(1, 2)], crs="EPSG:32639")
    frame.to_parquet(tmp_path / "a.geoparquet")
    found = read(tmp_path / "a.geoparquet")
    assert (found.columns, found.shapes.tolist(), found.crs.to_epsg()) == (("code",), [Point(1, 2)], 32639)


@pytest.mark.parametrize("geo", [b"{", b"{}", b'{"primary_column": "g", "columns": {}, "version": "1.0.0"}'])
def test_false_geometry_is_refused(tmp_path, geo):
    pq.write_table(pa.table({"code": ["1"]}).replace_schema_metadata({b"geo": geo}), tmp_path / "a.parquet")
    with pytest.raises(FileRefused) as caught:
        read(tmp_path / "a.parquet")
    assert all(explain(caught.value, language) for language in LANGUAGES)


@pytest.mark.parametrize("cut", [8, 50])
def test_damaged_table_is_refused(table, cut):
    table.write_bytes(table.read_bytes()[:-cut])
    with pytest.raises(FileRefused):
        read(table)


def test_rows_are_limited(table, monkeypatch):
    monkeypatch.setattr(parquet, "MOST_ROWS", 1)
    with pytest.raises(FileTooLarge):
        read(table)


def test_table_has_no_layers(table):
    with pytest.raises(FileRefused):
        read(table, "towns")
