"""Test what the API says of audits and findings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

BASE = "/api/v1/registers/dz"


def test_three_gaps_are_found(client: TestClient):
    page = client.get(f"{BASE}/findings?level=commune&kind=gap").json()
    assert (page["total"], page["counts"]) == (3, {"gap": 3})
    assert sum(one["area_m2"] for one in page["items"]) == pytest.approx(2.286e9, rel=0.001)


def test_run_is_certified(client: TestClient):
    [run] = client.get(f"{BASE}/findings?level=commune").json()["runs"]
    assert (run["levels"], run["certified"]) == (["commune"], True)


def test_finding_names_its_divisions(client: TestClient):
    [first, *_] = client.get(f"{BASE}/findings?level=commune&kind=gap").json()["items"]
    same = client.get(f"{BASE}/findings/{first['id']}").json()
    assert same == first
    assert "Ghardaïa" in {division["names"]["fr"] for division in first["divisions"]}


def test_findings_of_a_division(client: TestClient):
    [first, *_] = client.get(f"{BASE}/findings?level=commune&kind=gap").json()["items"]
    code = first["divisions"][0]["code"]
    found = client.get(f"{BASE}/findings?division={code}").json()["items"]
    assert first["id"] in {one["id"] for one in found}


def test_findings_come_as_geojson(client: TestClient):
    body = client.get(f"{BASE}/findings.geojson?kind=gap&level=commune").json()
    assert {feature["geometry"]["type"] for feature in body["features"]} <= {"Polygon", "MultiPolygon"}
    assert len(body["features"]) == 3


def test_pages_of_findings(client: TestClient):
    page = client.get(f"{BASE}/findings?level=commune&limit=2").json()
    assert (len(page["items"]), page["links"][0]["rel"]) == (2, "next")


def test_unknown_finding(client: TestClient):
    assert client.get(f"{BASE}/findings/999999").json()["rule"] == "finding_not_found"


@pytest.mark.parametrize(("role", "status"), [("planner", 403), ("election_officer", 403)])
def test_audit_needs_a_role(fresh_client: TestClient, issue: Callable[..., dict[str, str]], role: str, status: int):
    from sqlalchemy import insert

    from services.database.engine import open_session
    from services.tables.register import Register

    with open_session(fresh_client.app.state.engine) as session:
        session.execute(insert(Register).values(name="dz", country="dz"))
    answer = fresh_client.post(
        f"{BASE}/audits", json={"levels": ["commune"]}, headers={**issue(role), "If-Match": '"dz-0"'}
    )
    assert answer.status_code == status


def test_audit_without_boundaries_is_refused(fresh_client: TestClient, issue: Callable[..., dict[str, str]]):
    from sqlalchemy import insert

    from services.database.engine import open_session
    from services.tables.register import Register

    with open_session(fresh_client.app.state.engine) as session:
        session.execute(insert(Register).values(name="dz", country="dz"))
    header = {**issue("national_officer"), "If-Match": '"dz-0"'}
    answer = fresh_client.post(f"{BASE}/audits", json={"levels": ["commune"]}, headers=header)
    assert (answer.status_code, answer.json()["rule"]) == (400, "invalid_value")
