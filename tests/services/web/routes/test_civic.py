"""Test what the API says of complaints and councils."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

BASE = "/api/v1/registers/dz"


def test_density_stands_beside_councils(client: TestClient):
    answer = client.get(f"{BASE}/complaints/density?level=wilaya").json()
    assert len(answer["rows"]) == 69
    assert all(row["council"] for row in answer["rows"])
    assert answer["synthetic"]


def test_small_counts_are_hidden(client: TestClient):
    rows = client.get(f"{BASE}/complaints/density?level=commune").json()["rows"]
    shown = {row["count"] for row in rows if not row["hidden"]}
    assert not shown & {1, 2, 3, 4}
    assert any(row["hidden"] and row["per_1000"] is None for row in rows)


def test_council_with_its_complaints(client: TestClient):
    answer = client.get(f"{BASE}/divisions/16/council").json()
    assert len(answer["council"]["members"]) >= answer["council"]["seats"] > 0
    assert answer["complaints"] > 0


@pytest.mark.parametrize("query", ["level=village", "level=wilaya&category=none", "level=wilaya&year=2999"])
def test_bad_questions(client: TestClient, query: str):
    assert client.get(f"{BASE}/complaints/density?{query}").status_code == 400
