"""Test crosswalks over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

ADDRESS = "/api/v1/registers/dz/crosswalk"
WANTED = {"level": "daira", "to_level": "wilaya", "columns": {"cases": {"1601": 17, "moon": 5}}}


def test_weights_are_given(client: TestClient):
    found = client.get(ADDRESS, params={"level": "wilaya", "by": "area"}).json()
    assert (found["by"], len(found["cells"])) == ("area", 69)
    assert all(cell["source"] == cell["target"] and cell["share"] == 1 for cell in found["cells"])


def test_table_is_carried(client: TestClient):
    codes = [one["source"] for one in client.get(ADDRESS, params={"level": "daira", "by": "area"}).json()["cells"]]
    sent = {**WANTED, "columns": {"cases": {codes[0]: 17, "moon": 5}}}
    column = client.post(f"{ADDRESS}/table", json=sent).json()["columns"]["cases"]
    assert (column["total"], sum(column["values"].values()), column["remainder"]) == (22, 17, {"moon": 5})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"level": "moon"}, 400),
        ({"by": "moon"}, 400),
        ({"from_day": "1404-12-30"}, 400),
        ({"from_scheme": "moon"}, 400),
        ({"columns": {}}, 422),
        ({"columns": {"n": {"1601": -1}}}, 400),
        ({"columns": {"n": {"1601": "many"}}}, 422),
        ({"columns": {"n": {"a\0": 1}}}, 422),
    ],
)
def test_bad_tables_are_refused(client: TestClient, change: dict[str, Any], status: int):
    assert client.post(f"{ADDRESS}/table", json={**WANTED, **change}).status_code == status


def test_not_a_number_is_refused(client: TestClient):
    body = '{"level": "daira", "columns": {"n": {"1601": NaN}}}'
    answer = client.post(f"{ADDRESS}/table", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_large_tables_are_refused(client: TestClient):
    columns = {"n": {str(number): 1 for number in range(20_001)}}
    assert client.post(f"{ADDRESS}/table", json={**WANTED, "columns": columns}).status_code == 400


def test_no_register_is_not_found(client: TestClient):
    assert client.get(ADDRESS.replace("dz", "moon"), params={"level": "wilaya"}).status_code == 404
