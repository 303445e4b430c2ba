"""Test indices over HTTP: their weights, values brought in by officers, and grades."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from services.database.engine import open_session
from services.tables.register import Code, Division, Register, Standing

BASE = "/api/v1/registers/small/indices"
WHOLE = "code,people,growth,schools,distance\n01,10,1,1,40\n02,20,3,2,30\n"
Bring = Callable[..., Any]


@pytest.fixture
def client(fresh_client: TestClient, fresh_engine: Engine) -> TestClient:
    """Speak with a service over a register of two wilayas."""
    always = "[,)"
    with open_session(fresh_engine) as session:
        register = session.scalar(insert(Register).values(name="small", country="dz").returning(Register.id))
        for code in ("01", "02"):
            key = session.scalar(insert(Division).values(register_id=register).returning(Division.id))
            own = {"division_id": key, "valid": always}
            session.execute(insert(Standing).values(level="wilaya", **own))
            session.execute(insert(Code).values(register_id=register, scheme="ons", version="2025", code=code, **own))
    return fresh_client


@pytest.fixture
def bring(client: TestClient, issue: Callable[..., dict[str, str]]) -> Bring:
    """Give the way to bring a table in as an officer."""
    key = issue("national_officer")

    def put(text: str, **headers: str) -> Any:
        sent = {"If-Match": '"small-0"', "Accept-Language": "en", **key, **headers}
        return client.post(f"{BASE}/example/values", files={"file": ("v.csv", text.encode())}, headers=sent)

    return put


def test_weights_are_shown(client: TestClient):
    (found,) = client.get(BASE).json()
    assert ([part["weight"] for part in found["parts"]], found["verified"]) == ([0.6, 0.4], False)


def test_values_come_in_and_grade(client: TestClient, bring: Bring):
    report = bring(WHOLE)
    assert (report.status_code, report.json()["new"]) == (200, 8)
    rows = client.get(f"{BASE}/example/grades?level=wilaya").json()["rows"]
    assert [(row["division"]["code"], row["grade"]) for row in rows] == [("02", "first"), ("01", "third")]


def test_refused_rows_write_nothing(client: TestClient, bring: Bring):
    answer = bring(WHOLE.replace("20,3", "x,3"))
    assert (answer.status_code, answer.json()["rule"]) == (422, "rows_refused")
    assert client.get(f"{BASE}/example/grades?level=wilaya").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Authorization": ""}, 401), ({"If-Match": ""}, 428), ({"If-Match": '"small-9"'}, 409)],
)
def test_writes_need_a_key_and_the_version(bring: Bring, headers: dict[str, str], status: int):
    assert bring(WHOLE, **headers).status_code == status


@pytest.mark.parametrize(
    "path", ["/other/grades?level=wilaya", "/example/grades?level=ostan", "/%00/grades?level=wilaya"]
)
def test_useless_questions_are_refused(client: TestClient, path: str):
    assert client.get(BASE + path).status_code == 400


@pytest.mark.parametrize("language", ["fa", "en"])
def test_page_shows_grades_and_weights(client: TestClient, bring: Bring, language: str):
    bring(WHOLE)
    answer = client.get("/grades?register=small", headers={"Accept": "text/html", "Accept-Language": language})
    assert (answer.status_code, answer.text.count('class="tag"')) == (200, 2)


def test_page_says_that_values_are_missing(client: TestClient):
    text = client.get("/grades?register=small", headers={"Accept": "text/html"}).text
    assert 'role="alert"' in text
