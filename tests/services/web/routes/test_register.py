"""Test what the API says of registers and divisions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shapely
from fastapi.testclient import TestClient

BASE = "/api/v1/registers/dz"
CENTRE = {"lon": 3.0588, "lat": 36.7538}

TABLE = """code,level,name_ar,name_fr
01,wilaya,أدرار,Adrar
2,wilaya,الشلف,Chlef
xx,wilaya,لا,Non
"""


def test_register_tells_its_levels_and_version(client: TestClient):
    answer = client.get(BASE)
    assert answer.json()["levels"] == {"wilaya": 69, "daira": 548, "commune": 1538}
    assert answer.headers["etag"] == f'"dz-{answer.json()["version"]}"'


@pytest.mark.parametrize(
    ("query", "total"),
    [("level=wilaya", 69), ("level=commune", 1538), ("parent=16&level=daira", 13), ("name=Alger", 1), ("code=16", 1)],
)
def test_divisions_are_narrowed(client: TestClient, query: str, total: int):
    assert client.get(f"{BASE}/divisions?{query}").json()["total"] == total


def test_names_are_found_however_spelt(client: TestClient):
    first, second = (client.get(f"{BASE}/divisions", params={"name": name}) for name in ("تيزي وزو", "تیزی‌وزو"))
    assert first.json()["items"] == second.json()["items"] != []


def test_pages_are_linked(client: TestClient):
    page = client.get(f"{BASE}/divisions?level=wilaya&limit=30&offset=30")
    links = {link["rel"]: link["href"] for link in page.json()["links"]}
    assert client.get(links["next"]).json()["items"][-1]["code"] == "69"
    assert client.get(links["prev"]).json()["items"][0]["code"] == "01"
    assert 'rel="next"' in page.headers["link"]


def test_division_tells_its_chain_and_codes(client: TestClient):
    commune = client.post(f"{BASE}/divisions/at", json=CENTRE).json()[-1]
    record = client.get(f"{BASE}/divisions/{commune['code']}").json()
    assert [one["level"] for one in record["chain"]] == ["wilaya", "daira"]
    assert {code["scheme"] for code in record["codes"]} == {"ons", "osm"}


def test_people_are_summed_upwards(client: TestClient):
    wilaya = client.get(f"{BASE}/divisions/16").json()["division"]
    communes = client.get(f"{BASE}/divisions?parent=16").json()["items"]
    assert wilaya["people"] == sum(one["people"] or 0 for one in communes)


def test_point_lies_in_one_division_of_each_level(client: TestClient):
    answer = client.post(f"{BASE}/divisions/at", json=CENTRE)
    assert [one["level"] for one in answer.json()] == ["wilaya", "daira", "commune"]
    assert "no-store" in answer.headers["cache-control"]


def test_geometry_is_geojson(client: TestClient):
    answer = client.get(f"{BASE}/divisions/16/geometry")
    shape = shapely.from_geojson(answer.text)
    [ground] = shape.geoms if shape.geom_type == "GeometryCollection" else [shape]
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["properties"]["code"] == "16"
    assert ground.contains(shapely.Point(3.0588, 36.7538))


@pytest.mark.parametrize(
    ("address", "status", "rule"),
    [
        ("/api/v1/registers/nowhere", 404, "register_not_found"),
        (f"{BASE}/divisions/9999", 404, "division_not_found"),
        (f"{BASE}/divisions?level=ostan", 400, "unknown_level"),
        (f"{BASE}/divisions?as_of=1404-12-30", 400, "invalid_date"),
        (f"{BASE}/divisions?limit=0", 422, "malformed"),
        ("/api/v1/nothing", 404, "no_such_address"),
        ("/api/v1/registers/a%00b", 400, "address_unreadable"),
        (f"{BASE}/divisions/a%00b", 400, "address_unreadable"),
        (f"{BASE}/divisions?name=a%00b", 400, "address_unreadable"),
    ],
)
def test_problems_are_told(client: TestClient, address: str, status: int, rule: str | None):
    answer = client.get(address)
    assert (answer.status_code, answer.json().get("rule")) == (status, rule)


@pytest.mark.parametrize(
    ("language", "word"), [("fa", "پیدا نشد"), ("en", "No division"), ("fr, en;q=0.5", "No division")]
)
def test_problems_speak_the_callers_language(client: TestClient, language: str, word: str):
    answer = client.get(f"{BASE}/divisions/9999", headers={"Accept-Language": language})
    assert word in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_unchanged_answers_are_not_sent_twice(client: TestClient):
    first = client.get(f"{BASE}/divisions?level=wilaya")
    again = client.get(f"{BASE}/divisions?level=wilaya", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def send(client: TestClient, header: dict[str, str], version: int, **form: object):
    return client.post(
        "/api/v1/registers/dz/imports",
        headers={**header, "If-Match": f'"dz-{version}"'},
        files={"file": ("list.csv", TABLE.encode(), "text/csv")},
        data={name: str(value) for name, value in form.items()},
    )


@pytest.fixture
def officer(issue: Callable[..., dict[str, str]], fresh_client: TestClient) -> dict[str, str]:
    from sqlalchemy import insert

    from services.database.engine import open_session
    from services.tables.register import Register

    with open_session(fresh_client.app.state.engine) as session:
        session.execute(insert(Register).values(name="dz", country="dz"))
    return issue("national_officer")


def test_import_shows_and_writes_nothing_by_default(fresh_client: TestClient, officer: dict[str, str]):
    answer = send(fresh_client, officer, 0)
    counts = answer.json()["counts"]
    assert (counts["wilaya"]["new"], sum(level["refused"] for level in counts.values())) == (2, 1)
    assert fresh_client.get(BASE).json()["levels"] == {}


def test_import_tells_rows_fields_and_rules(fresh_client: TestClient, officer: dict[str, str]):
    problems = send(fresh_client, officer, 0).json()["problems"]
    told = {(one["row"], one["field"], one["rule"], one["weight"]) for one in problems}
    assert {(2, "code", "code_restored", "restored"), (3, "code", "code_invalid", "refused")} <= told


def test_import_with_refused_rows_is_refused_whole(fresh_client: TestClient, officer: dict[str, str]):
    answer = send(fresh_client, officer, 0, commit=True)
    assert (answer.status_code, answer.json()["rule"]) == (422, "rows_refused")
    assert fresh_client.get(BASE).json()["levels"] == {}


def test_import_commits_and_moves_the_version(fresh_client: TestClient, officer: dict[str, str]):
    answer = send(fresh_client, officer, 0, commit=True, skip_refused=True)
    assert (answer.json()["committed"], answer.json()["version"]) == (True, 1)
    stale = send(fresh_client, officer, 0, commit=True, skip_refused=True)
    assert (stale.status_code, stale.json()["rule"]) == (409, "stale_version")


@pytest.mark.parametrize(("role", "status"), [("planner", 403), ("province_officer", 403), ("admin", 200)])
def test_import_needs_a_role(
    fresh_client: TestClient, officer: dict[str, str], issue: Callable[..., dict[str, str]], role: str, status: int
):
    assert send(fresh_client, issue(role), 0).status_code == status


def test_import_needs_a_key(fresh_client: TestClient, officer: dict[str, str]):
    assert send(fresh_client, {}, 0).status_code == 401
