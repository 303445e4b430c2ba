"""Test matching over HTTP and its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.engine import open_session
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery
from services.web.scope import today

ADDRESS = "/api/v1/registers/test"
LIST = "code,level,parent,name_fa\n01,ostan,,تهران\n02,ostan,,البرز\n0101,shahrestan,01,ری\n0201,shahrestan,02,کرج\n"
ROWS = "pcode,name_fa,parent_fa\nIR001001,ري,تهران\nIR002001,كرج,البرز\nIR009001,ناکجا,ناکجا\n"
HTML = {"Accept": "text/html"}
Issue = Callable[..., dict[str, str]]


@pytest.fixture
def office(fresh_engine: Engine, fresh_client: TestClient, tmp_path: Any) -> TestClient:
    """Give a service with a small Iranian register."""
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    delivery = Delivery("list", "ir", (LayerSource(path, None, ColumnMapping(), guess=True),))
    with open_session(fresh_engine) as session:
        options = ImportOptions(register="test", commit=True)
        import_delivery(session, delivery, options, caller=make_operator("tests"), today=today())
    return fresh_client


def tag(office: TestClient) -> dict[str, str]:
    return {"If-Match": office.get(ADDRESS).headers["etag"], "Accept-Language": "en"}


def upload(office: TestClient, headers: dict[str, str], **given: Any) -> Any:
    files = {"file": ("rows.csv", ROWS.encode(), "text/csv")}
    data = {"level": "county", "columns": ["codes.pcode=pcode"], **given}
    return office.post(f"{ADDRESS}/matches", files=files, data=data, headers={**headers, **tag(office)})


def decide(office: TestClient, headers: dict[str, str], sheet: int, **wanted: Any) -> Any:
    address = f"{ADDRESS}/worksheets/{sheet}/decisions"
    return office.post(address, json={"version": 1, **wanted}, headers={**headers, **tag(office)})


def test_rows_are_matched_confirmed_and_applied(office: TestClient, issue: Issue):
    key = issue("national_officer")
    made = upload(office, key).json()
    assert (made["rows"], made["proposed"], made["clear"]) == (3, 2, 2)
    sheet = made["sheet"]["id"]
    assert decide(office, key, sheet, state="confirmed").json()["counts"]["confirmed"] == 2
    address = f"{ADDRESS}/worksheets/{sheet}/apply"
    shown = office.post(address, json={}, headers={**key, **tag(office)}).json()
    done = office.post(address, json={"commit": True}, headers={**key, **tag(office)}).json()
    assert (shown["committed"], shown["codes"], done["committed"], done["codes"]) == (False, 2, True, 2)
    assert office.get(f"{ADDRESS}/divisions/IR002001").json()["division"]["code"] == "0201"


def test_rows_are_shown_with_reasons(office: TestClient, issue: Issue):
    sheet = upload(office, issue("national_officer")).json()["sheet"]["id"]
    page = office.get(f"{ADDRESS}/worksheets/{sheet}", headers={"Accept-Language": "en"}).json()
    assert page["total"] == 3
    parts = page["rows"][0]["candidates"][0]["parts"]
    assert [part["reason"] for part in parts] == ["the same name", "in the same division, by its name (1.0)"]
    assert [one["id"] for one in office.get(f"{ADDRESS}/worksheets").json()] == [sheet]


@pytest.mark.parametrize(
    ("row", "status"), [(1, 200), (2, 403), (3, 403)], ids=["own province", "other province", "no division"]
)
def test_officers_decide_on_rows_of_their_province(office: TestClient, issue: Issue, row: int, status: int):
    sheet = upload(office, issue("national_officer")).json()["sheet"]["id"]
    key = issue("province_officer", register="test", within="01")
    assert decide(office, key, sheet, state="refused", rows=[row]).status_code == status


def test_stale_and_keyless_decisions_are_refused(office: TestClient, issue: Issue):
    key = issue("national_officer")
    sheet = upload(office, key).json()["sheet"]["id"]
    assert decide(office, key, sheet, state="confirmed", version=7).status_code == 409
    assert decide(office, {}, sheet, state="confirmed").status_code == 401
    address = f"{ADDRESS}/worksheets/{sheet}/decisions"
    assert office.post(address, json={"state": "confirmed", "version": 1}, headers=key).status_code == 428


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"level": "moon"}, 400),
        ({"columns": ["moon"]}, 400),
        ({"columns": ["moon=pcode"]}, 400),
        ({"columns": ["code=moon"]}, 400),
        ({"threshold": "2"}, 422),
        ({"title": "a\0"}, 422),
        ({"as_of": "1404-12-30"}, 400),
    ],
)
def test_bad_uploads_are_refused(office: TestClient, issue: Issue, given: dict[str, Any], status: int):
    assert upload(office, issue("national_officer"), **given).status_code == status


@pytest.mark.parametrize("address", ["worksheets/99", "worksheets/0", "worksheets/1?state=moon"])
def test_nothing_else_is_shown(office: TestClient, issue: Issue, address: str):
    upload(office, issue("national_officer"))
    assert office.get(f"{ADDRESS}/{address}").status_code in (400, 404, 422)


def test_page_lists_worksheets_and_rows(office: TestClient, issue: Issue):
    sheet = upload(office, issue("national_officer")).json()["sheet"]["id"]
    text = office.get("/matching?register=test", headers=HTML).text
    assert f"/matching?register=test&amp;sheet={sheet}" in text
    rows = office.get(f"/matching?register=test&sheet={sheet}", headers=HTML).text
    assert rows.count("data-row=") == 3
    assert "همان نام" in rows
    unclear = office.get(f"/matching?register=test&sheet={sheet}&state=unclear", headers=HTML).text
    assert unclear.count("data-row=") == 1


def test_page_without_worksheets_says_how(office: TestClient):
    assert "./taqsimat match run" in office.get("/matching", headers=HTML).text
