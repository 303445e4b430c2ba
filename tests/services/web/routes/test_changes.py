"""Test decrees and changes over HTTP: two officers, versions, refusals, previews and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from fixtures.registers import invent_register
from services.database.engine import open_session
from services.queries import RegisterState

BASE = "/api/v1/registers/drawn"
DECREE = {"number": "۷", "issuer": "هیئت وزیران", "signed_on": "1399-12-20", "in_force_from": "1400-01-01"}
RENAME = {"kind": "rename", "effective_on": "1400-01-01", "divisions": ["0101"], "names": {"fa": "نو"}}
Headers = dict[str, str]


class Office:
    """Speak as two officers with a register of its own."""

    def __init__(self, client: TestClient, issue: Callable[..., Headers]) -> None:
        self.client = client
        self.first, self.second = issue("national_officer"), issue("admin")

    def post(self, path: str, body: object, *, key: Headers | None = None, version: int = 1) -> Any:
        """Send a write as one of them."""
        return self.client.post(
            BASE + path, json=body, headers={"If-Match": f'"drawn-{version}"', **(key or self.first)}
        )

    def draft(self, order: dict[str, Any] = RENAME) -> int:
        """Draft an order as the first of them, under a decree of its own."""
        decree = self.post("/decrees", {**DECREE, "number": str(order)[:90]}).json()["id"]
        return self.post("/changes", {"decree": decree, "order": order}).json()["id"]


@pytest.fixture
def office(
    fresh_client: TestClient,
    fresh_engine: Engine,
    issue: Callable[..., Headers],
    store_states: Callable[..., RegisterState],
) -> Office:
    """Open the office."""
    with open_session(fresh_engine) as session:
        store_states(session, invent_register())
    return Office(fresh_client, issue)


def test_two_officers_bring_a_change_into_the_register(office: Office):
    key = office.draft()
    checked = office.post(f"/changes/{key}/check", {"version": 1}).json()
    assert [one["code"] for one in checked["effect"]["divisions"]] == ["0101"]
    assert office.post(f"/changes/{key}/approve", {"version": 2}).json()["rule"] == "same_officer"
    assert office.post(f"/changes/{key}/approve", {"version": 2}, key=office.second).json()["state"] == "approved"
    applied = office.post(f"/changes/{key}/apply", {"version": 3}, key=office.second).json()
    assert (applied["state"], applied["approved_by"]) == ("applied", "admin.all")
    found = office.client.get(f"{BASE}/divisions?code=0101").json()["items"][0]
    assert found["names"] == {"fa": "نو"}


def test_every_step_is_in_the_log(office: Office):
    key = office.draft()
    office.post(f"/changes/{key}/check", {"version": 1})
    office.post(f"/changes/{key}/close", {"version": 2, "reason": "نه"}, key=office.second)
    entries = office.client.get("/api/v1/log", headers=office.second).json()
    items = entries["items"] if isinstance(entries, dict) else entries
    assert [one["detail"].get("step") for one in items][-3:] == ["draft", "check", "refused"]


def test_the_loser_of_a_race_is_told_and_keeps_what_he_wrote(office: Office):
    key = office.draft()
    office.post(f"/changes/{key}/check", {"version": 1})
    late = office.post(f"/changes/{key}/close", {"version": 1}, key=office.second)
    assert (late.status_code, late.json()["rule"]) == (409, "stale_version")
    assert office.client.get(f"{BASE}/changes/{key}").json()["state"] == "checked"


def test_a_stale_register_is_refused(office: Office):
    assert office.post("/decrees", DECREE, version=9).status_code == 409
    assert office.client.post(f"{BASE}/decrees", json=DECREE, headers=office.first).status_code == 428


@pytest.mark.parametrize(
    ("order", "status", "rule"),
    [
        ({}, 400, "invalid_change"),
        ({**RENAME, "divisions": ["0199"]}, 409, "change_refused"),
        ({**RENAME, "effective_on": "1404-12-30"}, 400, "invalid_change"),
        ({**RENAME, "divisions": ["\0"]}, 400, "invalid_change"),
        ({"kind": "undo", "effective_on": "1400-01-01", "change": 99}, 404, "change_not_found"),
    ],
)
def test_orders_that_cannot_be_are_refused(office: Office, order: dict[str, Any], status: int, rule: str):
    answer = office.client.post(f"{BASE}/changes/preview", json=order)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)


def test_a_refusal_lists_every_rule_with_its_division(office: Office):
    answer = office.client.post(f"{BASE}/changes/preview?lang=en", json={**RENAME, "names": {"fa": "--", "xx": "x"}})
    assert [(one["rule"], one["subject"]) for one in answer.json()["errors"]] == [
        ("name_empty", "0101"),
        ("language_unknown", "0101"),
    ]


def test_a_preview_writes_nothing(office: Office):
    answer = office.client.post(f"{BASE}/changes/preview", json=RENAME)
    assert answer.json()["divisions"][0]["differences"] == [{"what": "name.fa", "before": "county 0101", "after": "نو"}]
    assert office.client.get(f"{BASE}/changes").json() == []


@pytest.mark.parametrize("role", ["clerk", "planner", "election_officer"])
def test_other_roles_draft_nothing(office: Office, issue: Callable[..., Headers], role: str):
    assert office.post("/decrees", DECREE, key=issue(role)).status_code == 403


def test_the_pages_show_changes_and_try_orders_out(office: Office):
    key = office.draft()
    assert "تغییر نام" in office.client.get("/changes?register=drawn").text
    page = office.client.get(f"/changes/{key}?register=drawn").text
    assert "county 0101" in page and "نو" in page
    form = {"register": "drawn", "order": '{"kind": "rename"}'}
    assert "divisions" in office.client.post("/changes/preview", data=form).text
