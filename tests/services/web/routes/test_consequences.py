"""Test what follows from a change over HTTP: for everybody, for officers, side by side, and on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from shapely import Point
from sqlalchemy import Engine, insert

from fixtures.registers import invent_register
from maps.offline import list_remote_addresses
from services.access.roles import make_operator
from services.database.engine import open_session
from services.queries import RegisterState
from services.register.changes import draft_change
from services.register.decrees import DecreeText, record_decree
from services.tables.elections import Station

BASE = "/api/v1/registers/drawn"
TRANSFER = {"kind": "transfer", "effective_on": "1400-01-01", "divisions": ["010102"], "to": "0102"}
SPLIT = {
    "kind": "split",
    "effective_on": "1400-01-01",
    "divisions": ["0101"],
    "founded": [{"label": "N", "level": "county", "names": {"fa": "نو"}, "children": ["010102"]}],
}
OPERATOR = make_operator("tests")
HTML = {"Accept": "text/html"}


@pytest.fixture
def changes(
    fresh_client: TestClient, fresh_engine: Engine, store_states: Callable[..., RegisterState]
) -> tuple[int, ...]:
    """Keep a register with a withheld station, and two drafts."""
    with open_session(fresh_engine) as session:
        register = store_states(session, invent_register())
        place = f"SRID=4326;{Point(51.035, 35.035).wkt}"
        values = {"code": "s", "name": "نهان", "visibility": "withheld", "geom": place}
        session.execute(insert(Station).values(register_id=register.id, **values))
        text = DecreeText("۷", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 1))
        decree = record_decree(session, register, text, caller=OPERATOR).id
        drafts = (
            draft_change(session, register, order, decree_id=decree, caller=OPERATOR) for order in (TRANSFER, SPLIT)
        )
        return tuple(draft.id for draft in drafts)


def ask(client: TestClient, change: int, **more: Any) -> Any:
    return client.get(f"{BASE}/changes/{change}/consequences", **more)


def test_ledger_of_a_draft(fresh_client: TestClient, changes: tuple[int, ...]):
    found = ask(fresh_client, changes[0]).json()
    (row,) = found["ledger"]["ground"]
    assert (found["state"], row["source"]["code"], row["target"]["code"]) == ("draft", "0101", "0102")
    assert found["ledger"]["totals"]["area_m2"] == row["area_m2"] > 0


def test_withheld_stations_are_for_officers(
    fresh_client: TestClient, changes: tuple[int, ...], issue: Callable[..., dict[str, str]]
):
    public, officer = (ask(fresh_client, changes[0], headers=key).json() for key in ({}, issue("national_officer")))
    assert (public["ledger"]["stations"], public["ledger"]["totals"]["stations"]) == ([], 0)
    assert [row["code"] for row in officer["ledger"]["stations"]] == ["s"]


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("clerk", 403), ("national_officer", 200)])
def test_only_officers_ask_about_any_order(
    fresh_client: TestClient,
    changes: tuple[int, ...],
    issue: Callable[..., dict[str, str]],
    role: str | None,
    status: int,
):
    answer = fresh_client.post(f"{BASE}/consequences/preview", json=SPLIT, headers=issue(role) if role else {})
    assert answer.status_code == status


def test_clerk_is_not_told_more_by_his_key(
    fresh_client: TestClient, changes: tuple[int, ...], issue: Callable[..., dict[str, str]]
):
    assert ask(fresh_client, changes[0], headers=issue("clerk")).status_code == 403


def test_new_county_is_tested_against_the_law(fresh_client: TestClient, changes: tuple[int, ...]):
    query = {"figure": "people=90000", "density": "medium"}
    tested = ask(fresh_client, changes[1], params=query, headers={"Accept-Language": "en"}).json()["tested"]
    verdicts = {one["division"]["names"]["fa"]: one["verdicts"][0] for one in tested}
    assert (verdicts["نو"]["outcome"], verdicts["نو"]["required"], verdicts["نو"]["verified"]) == ("met", 80000, False)


def test_alternatives_stand_side_by_side(fresh_client: TestClient, changes: tuple[int, ...]):
    found = fresh_client.get(f"{BASE}/consequences", params={"change": list(changes)}).json()
    assert [one["change"] for one in found] == list(changes)
    assert [one["ledger"]["kind"] for one in found] == ["transfer", "split"]


USELESS = {
    "/changes/99999/consequences": 404,
    "/changes/x/consequences": 422,
    "/changes/1/consequences?density=%00": 400,
    "/changes/1/consequences?circumstance=ghost": 400,
    "/changes/1/consequences?figure=people=-1": 400,
    "/changes/1/consequences?figure=wealth=1": 400,
    "/consequences": 422,
    "/consequences?change=1&change=2&change=3&change=4&change=5&change=6&change=7": 400,
}


def test_useless_questions_are_refused(fresh_client: TestClient, changes: tuple[int, ...]):
    assert {path: fresh_client.get(BASE + path).status_code for path in USELESS} == USELESS


@pytest.mark.parametrize("language", ["fa", "en"])
def test_page_lays_them_side_by_side(fresh_client: TestClient, changes: tuple[int, ...], language: str):
    address = f"/consequences?register=drawn&changes={changes[0]},{changes[1]}"
    answer = fresh_client.get(address, headers={**HTML, "Accept-Language": language})
    assert (answer.status_code, answer.text.count('class="alternative"')) == (200, 2)
    assert list_remote_addresses(answer.text) == []
    assert "نهان" not in answer.text


def test_page_says_what_is_wrong(fresh_client: TestClient, changes: tuple[int, ...]):
    for asked in ("x", "0", "1;99999", "۱،۲،<script>"):
        answer = fresh_client.get(f"/consequences?register=drawn&changes={asked}", headers=HTML)
        assert (answer.status_code, 'role="alert"' in answer.text) == (200, True)
        assert "<script>" not in answer.text


def test_page_lists_the_changes_there_are(fresh_client: TestClient, changes: tuple[int, ...]):
    text = fresh_client.get("/consequences?register=drawn", headers=HTML).text
    assert text.count("<option value=") >= 2
