"""Test that audits are brought up to date over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from shapely import box
from sqlalchemy import Engine

from services.database.engine import open_session


@pytest.fixture
def drawn(fresh_engine: Engine, build_in) -> str:
    """Store two communes of which one reaches into the other."""
    with open_session(fresh_engine) as session:
        drawn = build_in(session)
        drawn.add("X", "wilaya", ground=box(0, 0, 3, 1))
        drawn.add("P", "daira", parent="X", ground=box(0, 0, 3, 1))
        drawn.add("A", "commune", parent="P", ground=box(0, 0, 2, 1))
        drawn.add("B", "commune", parent="P", ground=box(1, 0, 3, 1))
    return str(drawn.register.name)


def send(client: TestClient, header: dict[str, str], register: str, path: str, body: object = None):
    headers = {**header, "If-Match": f'"{register}-0"'}
    return client.post(f"/api/v1/registers/{register}/{path}", json=body, headers=headers)


def test_nothing_is_renewed_where_nothing_changed(
    fresh_client: TestClient, issue: Callable[..., dict[str, str]], drawn: str
):
    header = issue("national_officer", register=drawn)
    assert send(fresh_client, header, drawn, "audits", {"levels": ["commune"]}).status_code == 201
    answer = send(fresh_client, header, drawn, "audit-renewals")
    assert (answer.status_code, answer.json()) == (201, [])


@pytest.mark.parametrize("role", ["planner", "election_officer"])
def test_renewal_needs_a_role(fresh_client: TestClient, issue: Callable[..., dict[str, str]], drawn: str, role: str):
    assert send(fresh_client, issue(role, register=drawn), drawn, "audit-renewals").status_code == 403


def test_stale_version_is_refused(fresh_client: TestClient, issue: Callable[..., dict[str, str]], drawn: str):
    headers = {**issue("national_officer", register=drawn), "If-Match": f'"{drawn}-7"'}
    answer = fresh_client.post(f"/api/v1/registers/{drawn}/audit-renewals", headers=headers)
    assert answer.status_code == 409
