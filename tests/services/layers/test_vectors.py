"""Check vector layers: what is read, what is noted, what is refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from geo.errors import FileRefused
from services.files import check_file_safe
from services.layers import Layer, read_layer
from services.messages import LANGUAGES, explain

SQUARE = shapely.box(50, 30, 51, 31)


def read(path: Path, layer: str | None = None) -> Layer:
    return read_layer(check_file_safe(path, most_bytes=10**8), layer)


def refuse(path: Path, layer: str | None = None) -> str:
    """Give the reason of a refusal, having said it in every language."""
    with pytest.raises(FileRefused) as caught:
        read(path, layer)
    assert all(explain(caught.value, language) for language in LANGUAGES)
    return getattr(caught.value.params.get("reason"), "key", type(caught.value).__name__)


def write(path: Path, name: str = "شهر", *, shape: object = SQUARE, **options: object) -> Path:
    """Write a layer of one row."""
    wkb = shapely.to_wkb(np.array([shape], dtype=object))
    kind = "Unknown" if shape is None else shape.geom_type
    values = [np.array([name], dtype=object)]
    pyogrio.raw.write(path, wkb, values, ["name"], crs="EPSG:4326", geometry_type=kind, **options)
    return path


@pytest.fixture
def geojson(tmp_path: Path):
    """Write GeoJSON of features, or of any text."""

    def put(*features: object, text: str | None = None) -> Path:
        path = tmp_path / "a.geojson"
        path.write_text(text or json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    return put


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1256"])
@pytest.mark.parametrize("packed", [False, True])
def test_shapefile_without_encoding_is_guessed_and_told(tmp_path, encoding, packed):
    path = write(tmp_path / "a.shp", encoding=encoding)
    (tmp_path / "a.cpg").unlink()
    table = bytearray((tmp_path / "a.dbf").read_bytes())
    table[29] = 0
    (tmp_path / "a.dbf").write_bytes(table)
    if packed:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("a.*"):
                if part != path:
                    archive.write(part, f"in/{part.name}")
    found = read(path)
    assert ([*found.table[0]], [note.key for note in found.notes]) == (["شهر"], ["encoding_guessed"])


def test_layer_must_be_chosen_among_several(tmp_path):
    path = write(tmp_path / "a.gpkg", layer="one")
    write(path, layer="two", append=True)
    assert refuse(path) == "layers_many"
    assert read(path, "two").name == "a.gpkg:two"


def test_layer_that_is_not_there_is_told(tmp_path):
    assert refuse(write(tmp_path / "a.gpkg"), "nowhere") == "gdal_says"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"type": "FeatureCollection", "features": [',
        "[" * 100_000,
        '{"type": "FeatureCollection", "features": ' + '{"a":' * 5000 + "1" + "}" * 5000 + "}",
        '{"hello": "world"}',
    ],
)
def test_broken_json_is_refused(geojson, text):
    assert refuse(geojson(text=text)) == "gdal_says"


def test_layer_without_rows_is_empty(geojson):
    assert refuse(geojson()) in ("EmptyFile", "gdal_says")


def test_truncated_file_is_refused(tmp_path):
    path = write(tmp_path / "a.fgb")
    path.write_bytes(path.read_bytes()[:60])
    assert refuse(path) == "gdal_says"


def test_shapefile_without_index_is_refused(tmp_path):
    path = write(tmp_path / "a.shp")
    (tmp_path / "a.shx").unlink()
    assert refuse(path) == "gdal_says"


def test_messages_do_not_tell_folders(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert str(tmp_path) not in explain(caught.value, "en")


def test_geometry_that_is_none_is_told_by_row(tmp_path):
    open_ring = shapely.to_wkb(SQUARE)
    broken = open_ring[:-8] + np.float64(7).tobytes()
    names = [np.array(["a", "b"], dtype=object)]
    wkb = np.array([broken, open_ring], dtype=object)
    pyogrio.raw.write(tmp_path / "a.gpkg", wkb, names, ["name"], crs="EPSG:4326", geometry_type="Polygon")
    found = read(tmp_path / "a.gpkg")
    assert list(found.unreadable) == [0]
    assert found.shapes.tolist() == [None, SQUARE]


def test_missing_geometry_is_none(geojson):
    found = read(geojson(feature(None, code="1"), feature(shapely.Point(1, 2).__geo_interface__, code="2")))
    assert (found.shapes[0], found.unreadable) == (None, {})


def test_columns_of_several_kinds_keep_their_texts(geojson):
    found = read(geojson(feature(None, code="0601", n=1, x={"a": [1]}), feature(None, code=601, n=None, x=None)))
    assert found.table[found.columns.index("code")] == ["0601", "601"]
