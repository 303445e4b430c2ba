"""Test that unmodified clients read the layers."""

from __future__ import annotations

import pyogrio
import pytest
from owslib.ogcapi.features import Features

NAMES = ["خراسان رضوی", "چهارمحال و بختیاری"]


def test_gdal_lists_the_layers(address):
    assert pyogrio.list_layers(f"OAPIF:{address}")[:, 0].tolist() == ["ir.province", "ir.county"]


@pytest.mark.parametrize(("box", "names"), [(None, NAMES), ((51.5, 35.5, 51.6, 35.6), NAMES[:1])])
def test_gdal_reads_names_and_ground(address, box, names):
    frame = pyogrio.read_dataframe(f"OAPIF:{address}", layer="ir.province", bbox=box)
    assert frame["name_fa"].tolist() == names
    assert frame.geometry.is_valid.all()


def test_gdal_pages_through_a_layer(address):
    frame = pyogrio.read_dataframe(f"OAPIF:{address}", layer="ir.province", PAGE_SIZE=1)
    assert frame["code"].tolist() == ["01", "02"]


def test_owslib_reads_the_service(address):
    service = Features(address)
    assert service.feature_collections() == ["ir.province", "ir.county"]
    assert any("ogcapi-features-1" in one for one in service.conformance()["conformsTo"])
    assert service.api()["info"]["title"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, NAMES),
        ({"limit": 1}, NAMES[:1]),
        ({"bbox": [50, 34, 50.5, 34.5]}, NAMES[1:]),
        ({"filter": "code='02'"}, NAMES[1:]),
    ],
)
def test_owslib_reads_features(address, asked, names):
    found = Features(address).collection_items("ir.province", **asked)
    assert [one["properties"]["name_fa"] for one in found["features"]] == names


def test_owslib_reads_one_feature_and_its_columns(address):
    service = Features(address)
    key = service.collection_items("ir.county")["features"][0]["id"]
    assert service.collection_item("ir.county", str(key))["properties"]["parent"] == "01"
    assert {"name_fa", "name_en", "code"} <= service.collection_queryables("ir.county")["properties"].keys()
