"""Test what the layers answer, to whom they are closed, and what they refuse."""

from __future__ import annotations

from datetime import date

import pytest

ITEMS = "/ogc/collections/ir.province/items"


def list_names(answer) -> list[str]:
    return [one["properties"]["name_fa"] for one in answer.json()["features"]]


def test_levels_with_divisions_are_layers(layers):
    found = layers.get("/ogc/collections").json()["collections"]
    assert [one["id"] for one in found] == ["ir.province", "ir.county", "ir.bakhsh"]
    assert found[0]["title"] == "استان · province — ایران (ir)"


def test_nothing_is_open_before_it_is_published(speak, bring):
    bring()
    assert speak.get("/ogc/collections").json()["collections"] == []
    assert speak.get(ITEMS).status_code == 404


@pytest.mark.parametrize("name", ["draft.province", "ir.galaxy", "ir", "none.province", "ir.province'--"])
def test_other_layers_are_not_there(layers, name):
    assert layers.get(f"/ogc/collections/{name}").status_code == 404


def test_features_have_names_codes_and_figures(layers):
    first = layers.get(ITEMS).json()["features"][0]
    assert first["geometry"]["type"] == "MultiPolygon"
    told = first["properties"]
    assert (told["code"], told["name_fa"], told["name_en"], told["people"]) == ("01", "تهران", "Tehran", 10)


def test_divisions_without_ground_are_listed(layers):
    [one] = layers.get("/ogc/collections/ir.bakhsh/items").json()["features"]
    assert (one["geometry"], one["properties"]["parent"]) == (None, "0101")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("bbox=51.1,35.1,51.9,35.9", ["تهران"]),
        ("bbox=0,0,1,1", []),
        ("filter=name_fa='قم'", ["قم"]),
        ("filter=people>5 AND code='01'", ["تهران"]),
        ("code=02", ["قم"]),
        ("sortby=-code", ["قم", "تهران"]),
        ("limit=1&offset=1", ["قم"]),
        ("limit=1&offset=9", []),
        ("code=01' OR '1'='1", []),
        ("code=\\' OR 1=1 --", []),
    ],
)
def test_features_are_chosen(layers, query, names):
    assert list_names(layers.get(f"{ITEMS}?{query}")) == names


def test_pages_lead_on(layers):
    first = layers.get(f"{ITEMS}?limit=1").json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    assert (first["numberMatched"], list_names(layers.get(following))) == (2, ["قم"])


def test_links_stay_at_this_address(layers):
    links = [link["href"] for link in layers.get("/ogc/").json()["links"]]
    assert all(link.startswith("http://testserver/ogc") for link in links)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2024-06-01", "ری"), ("1403-03-12", "ری"), ("2025-06-01T12:00:00Z", "شهر ری")],
)
def test_day_decides_what_holds(speak, bring, publish, day, name):
    bring("code,level,name_fa\n01,ostan,ری\n", valid_from=date(2024, 1, 1))
    bring("code,level,name_fa\n01,ostan,شهر ری\n", valid_from=date(2025, 1, 1))
    publish()
    assert list_names(speak.get(ITEMS, params={"datetime": day})) == [name]


def test_day_before_the_beginning_has_nothing(speak, bring, publish):
    bring("code,level,name_fa\n01,ostan,ری\n", valid_from=date(2024, 1, 1))
    publish()
    assert list_names(speak.get(f"{ITEMS}?datetime=2023-12-31")) == []


@pytest.mark.parametrize(
    "query",
    [
        "datetime=2020-01-01/2021-01-01",
        "datetime=..",
        "datetime=yesterday",
        "datetime=2020-13-01",
        "bbox=a,b,c,d",
        "bbox=1,2,3",
        "bbox=nan,0,1,1",
        "bbox=0,9,1,1",
        "bbox=0,0,1e400,1",
        "filter=pg_sleep(9)=1",
        "filter=set_config('role','taqsimat',false)='x'",
        "filter=((((",
        "filter=nosuch=1",
        "filter=code=1",
        "sortby=nosuch",
        "simplify=nan",
        "f=csv",
        "f=exe",
        "geom-column=nosuch",
    ],
)
def test_bad_questions_are_refused(layers, query):
    answer = layers.get(f"{ITEMS}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("filter_text", ["(" * 41 + "1=1" + ")" * 41, "1=1 AND " * 300 + "1=1"])
def test_filters_that_could_fell_the_reader_are_refused_unread(layers, filter_text):
    assert layers.get(ITEMS, params={"filter": filter_text}).status_code in (400, 422)


@pytest.mark.parametrize("key", ["abc", "-1", "0", "99999999999999999999", "1%20or%201=1", "१"])
def test_features_that_are_not_there_are_not_found(layers, key):
    assert layers.get(f"{ITEMS}/{key}").status_code == 404


def test_feature_is_found_by_its_key(layers):
    key = layers.get(ITEMS).json()["features"][0]["id"]
    assert layers.get(f"{ITEMS}/{key}").json()["properties"]["code"] == "01"


def test_tile_holds_the_layer(layers):
    answer = layers.get("/ogc/collections/ir.province/tiles/WebMercatorQuad/5/20/12")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert "تهران".encode() in answer.content


@pytest.mark.parametrize("tile", ["23/1/1", "-1/0/0", "3/99/0", "99999/1/1", "1/x/1"])
def test_tiles_that_are_not_there_are_refused(layers, tile):
    answer = layers.get(f"/ogc/collections/ir.province/tiles/WebMercatorQuad/{tile}")
    assert answer.status_code in (400, 404, 422)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(layers, method):
    assert getattr(layers, method)(ITEMS).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        *("", "collections", "conformance", "tileMatrixSets", "tileMatrixSets/WebMercatorQuad", "api.html"),
        *(f"collections/ir.province{rest}" for rest in ("", "/items", "/queryables", "/tiles")),
        "collections/ir.province/tiles/WebMercatorQuad",
    ],
)
def test_pages_ask_no_other_host(layers, path):
    answer = layers.get(f"/ogc/{path}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not any(host in answer.text for host in ("cdnjs", "unpkg", "openstreetmap.org/{z}"))


def test_description_of_the_service_names_every_operation_once(layers):
    paths = layers.get("/ogc/api").json()["paths"]
    keys = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(keys) == len(set(keys))
