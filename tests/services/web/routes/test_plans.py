"""Test plans over HTTP: studies, comparisons, edits, exchange and publication."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from services.database.engine import open_session
from services.tables.register import Register

BASE = "/api/v1/registers/dz/plans"
Headers = dict[str, str]


def test_a_plan_is_studied(client: TestClient):
    study = client.get(f"{BASE}/16-demo/study").json()
    assert (study["version"], study["broken"], len(study["shapes"])) == (1, [], 6)
    assert {level["level"] for level in study["splits"]} == {"daira"}
    assert [line["district"] for line in study["reach"]] == [1, 2, 3, 4, 5, 6]
    assert study["measures"]["deviation"] <= 0.1 and "Reock" in study["citations"]["reock"]


def test_a_plan_is_placed_among_neutral_ones(client: TestClient):
    standings = client.get(f"{BASE}/16-demo/study?neutral=30").json()["standings"]
    assert all(one["plans"] == 30 and 0 <= one["percentile"] <= 1 for one in standings)
    assert client.get(f"{BASE}/16-demo/study?neutral=30").json()["standings"] == standings


@pytest.mark.parametrize("path", ["study", "export", "comparison?with=16-demo"])
def test_unknown_plans_are_not_found(client: TestClient, path: str):
    assert client.get(f"{BASE}/none/{path}").status_code == 404


@pytest.mark.parametrize("query", ["neutral=5000", "neutral=-1", "version=0", "seed=-1"])
def test_studies_without_meaning_are_refused(client: TestClient, query: str):
    assert client.get(f"{BASE}/16-demo/study?{query}").status_code == 422


def test_a_plan_is_compared_with_itself(client: TestClient):
    found = client.get(f"{BASE}/16-demo/comparison?with=16-demo").json()
    assert (found["units_moved"], found["flows"], len(found["matches"])) == (0, [], 6)


@pytest.mark.parametrize(
    ("kind", "media"), [("csv", "text/csv"), ("jsonl", "application/jsonl"), ("geojson", "application/geo+json")]
)
def test_a_plan_is_given_out(client: TestClient, kind: str, media: str):
    answer = client.get(f"{BASE}/16-demo/export?format={kind}")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(media)


def test_unknown_formats_are_refused(client: TestClient):
    assert client.get(f"{BASE}/16-demo/export?format=xlsx").status_code == 400


def test_an_edit_is_previewed_without_a_key(client: TestClient):
    assignment = client.get(f"{BASE}/16-demo").json()["assignment"]
    code, district = next(iter(assignment.items()))
    found = client.post(f"{BASE}/16-demo/preview", json={"moves": {code: district % 6 + 1}}).json()
    assert found["units_moved"] == 1 and set(found["before"]) == set(found["after"])


@pytest.mark.parametrize(
    ("moves", "status"),
    [({}, 422), ({"nowhere": 1}, 400), ({"a\0": 1}, 422), ({"1601": "x"}, 422), ({"1601": 10**30}, 400)],
)
def test_moves_without_meaning_are_refused(client: TestClient, moves: dict[str, Any], status: int):
    assert client.post(f"{BASE}/16-demo/preview", json={"moves": moves}).status_code == status


@pytest.mark.parametrize("path", ["16-demo/edits", "imports", "16-demo/constituencies"])
def test_writes_need_a_key(client: TestClient, path: str):
    assert client.post(f"{BASE}/{path}", json={}).status_code == 401


class Office:
    """Write plans of a register of its own."""

    def __init__(self, client: TestClient, key: Headers) -> None:
        self.client, self.key = client, key

    def post(self, path: str, body: object, *, version: int = 0) -> Any:
        """Post to the plans of the register."""
        return self.client.post(
            f"/api/v1/registers/drawn/plans{path}", json=body, headers={"If-Match": f'"drawn-{version}"', **self.key}
        )


@pytest.fixture
def office(
    fresh_client: TestClient, fresh_engine: Engine, issue: Callable[..., Headers], build_in: Callable[..., Any]
) -> Office:
    """Open the office of an election officer over four communes in a row."""
    with open_session(fresh_engine) as session:
        drawn = build_in(session)
        drawn.draw("XXYY\nXXYY", "wilaya")
        drawn.draw("ABCD\nABCD", "commune", parents={"A": "X", "B": "X", "C": "Y", "D": "Y"})
        session.scalars(select(Register)).one().name = "drawn"
    return Office(fresh_client, issue("election_officer"))


ROWS = {"name": "rows", "assignment": {"A": 1, "B": 1, "C": 2, "D": 2}}


def test_a_plan_goes_through_its_life(office: Office):
    kept = office.post("/imports", ROWS)
    assert (kept.status_code, kept.json()["version"], kept.json()["origin"]) == (201, 1, "imported")
    edited = office.post("/rows/edits", {"moves": {"B": 2}})
    assert (edited.status_code, edited.json()["version"], edited.json()["assignment"]["B"]) == (201, 2, 2)
    published = office.post("/rows/constituencies", {"body": "council", "version": 1, "names": {"1": "غرب"}})
    assert [(line["code"], line["name"]) for line in published.json()] == [("001", "غرب"), ("002", "rows 2")]


def test_edits_that_break_a_district_are_refused(office: Office):
    office.post("/imports", ROWS)
    answer = office.post("/rows/edits", {"moves": {"A": 2}})
    assert (answer.status_code, answer.json()["rule"]) == (422, "infeasible")


def test_stale_versions_are_refused(office: Office):
    assert office.post("/imports", ROWS, version=7).status_code in (409, 412)


def test_other_roles_may_not_publish(office: Office, issue: Callable[..., Headers]):
    office.post("/imports", ROWS)
    office.key = issue("planner")
    assert office.post("/rows/constituencies", {"body": "council"}).status_code == 403
