"""Test what the API answers to voters, and about plans."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

BASE = "/api/v1/registers/dz"
CENTRE = {"lon": 3.0588, "lat": 36.7538}


def test_point_gives_chain_and_nearest_stations(client: TestClient):
    answer = client.post(f"{BASE}/find", json={**CENTRE, "count": 5}).json()
    distances = [one["distance_m"] for one in answer["stations"]]
    assert [link["division"]["level"] for link in answer["chain"]] == ["wilaya", "daira", "commune"]
    assert len(distances) == 5
    assert distances == sorted(distances)


def test_every_station_is_marked_as_invented(client: TestClient):
    answer = client.post(f"{BASE}/find", json=CENTRE).json()
    assert all(one["synthetic"] for one in answer["stations"])


def test_common_name_is_not_guessed(client: TestClient):
    answer = client.post(f"{BASE}/find", json={"name": "Alger Centre", "level": "commune"})
    several = client.post(f"{BASE}/find", json={"name": "الشلف"}).json()
    assert answer.status_code in (200, 404)
    assert {one["level"] for one in several["candidates"]} == {"wilaya", "daira", "commune"}
    assert several["stations"] == []


def test_answers_to_voters_are_private(client: TestClient):
    assert client.post(f"{BASE}/find", json=CENTRE).headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"lon": 3.0},
        {"lon": 3, "lat": 36, "name": "x"},
        {"lon": 200, "lat": 0},
        {"lon": "nan", "lat": 1},
        {"code": ""},
    ],
)
def test_malformed_questions_are_refused_without_repeating_them(client: TestClient, question: dict[str, object]):
    answer = client.post(f"{BASE}/find", json=question)
    assert (answer.status_code, answer.json()["rule"]) == (422, "malformed")


def test_problems_never_repeat_the_point(client: TestClient):
    answer = client.post(f"{BASE}/find", json={"lon": 51.123456, "lat": 35.654321})
    assert answer.status_code == 404
    assert "51.12" not in answer.text
    assert "35.65" not in answer.text


def test_plan_of_the_demonstration(client: TestClient):
    plan = client.get(f"{BASE}/plans/16-demo").json()
    assert len(plan["districts"]) == 6
    assert max(abs(one["deviation"]) for one in plan["districts"]) <= 0.1
    assert set(plan["assignment"].values()) == {1, 2, 3, 4, 5, 6}


def test_unknown_plan(client: TestClient):
    assert client.get(f"{BASE}/plans/none").json()["rule"] == "plan_not_found"
