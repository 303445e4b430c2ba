"""Test codes over HTTP and on their page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

HTML = {"Accept": "text/html"}
TABLE = b"sci/1399,iso/2020\n01,IR-01\n03,IR-03\n"


@pytest.fixture
def session(fresh_engine: Engine) -> Iterator[Session]:
    """Open a session on the database that the client speaks to."""
    with Session(fresh_engine) as session:
        yield session


@pytest.fixture
def iran(build: Any, session: Session) -> Any:
    """Commit two provinces and a county."""
    country = build("ir")
    for code, level, parent, name in (
        ("01", "province", "", "گیلان"),
        ("03", "province", "", "آذربایجان شرقی"),
        ("0301", "county", "03", "تبریز"),
    ):
        country.add(code, level, parent=parent, name=name)
    session.commit()
    return country


@pytest.fixture
def address(iran: Any) -> str:
    """Give the address of the codes of the register."""
    return f"/api/v1/registers/{iran.register.name}/codes"


@pytest.fixture
def write(fresh_client: TestClient, address: str, issue: Callable[..., dict[str, str]]) -> Callable[..., Any]:
    """Give the way to write as an officer who has read the register."""

    issue_once = cache(issue)

    def write(method: str, path: str, role: str = "national_officer", **body: Any) -> Any:
        tag = fresh_client.get(address.removesuffix("/codes")).headers["etag"]
        headers = {**issue_once(role), "If-Match": tag}
        return fresh_client.request(method, address + path, headers=headers, **body)

    return write


def test_code_is_resolved(fresh_client: TestClient, address: str, write: Callable[..., Any]):
    attached = write("POST", "/attachments", files={"file": ("a.csv", TABLE)}, data={"commit": "true"})
    assert attached.json()["counts"]["iso/2020"]["new"] == 2
    params = {"code": "iso3166-2:IR-01", "as_of": "1399-09-03", "lang": "en"}
    found = fresh_client.get(f"{address}/resolve", params=params).json()
    (holding,) = found["holdings"]
    assert (found["as_of"], holding["tense"], holding["told"]) == (
        "2020-11-23",
        "will_hold",
        "will hold from 2020-11-24",
    )
    assert (holding["division"]["code"], holding["valid_until"]) == ("01", None)


def test_chain_is_told_when_asked_for(fresh_client: TestClient, address: str):
    found = fresh_client.get(f"{address}/resolve", params={"code": "0301", "chain": True}).json()
    assert [one["code"] for one in found["holdings"][0]["chain"]] == ["03"]


@pytest.mark.parametrize(
    ("path", "params", "status", "rule"),
    [
        ("/resolve", {"code": "0399"}, 404, "division_not_found"),
        ("/resolve", {"code": "moon:03"}, 400, "unknown_scheme"),
        ("/resolve", {"code": "AF0309"}, 400, "invalid_code"),
        ("/resolve", {"code": "x" * 201}, 422, "malformed"),
        ("/resolve", {"code": "\0"}, 400, "address_unreadable"),
        ("/resolve", {"code": "03\t01"}, 400, "invalid_code"),
        ("/resolve", {}, 422, "malformed"),
        ("/next", {"level": "county", "parent": "29"}, 404, "division_not_found"),
        ("/next", {"level": "county", "parent": "99"}, 400, "invalid_code"),
        ("/next", {"level": "moon"}, 400, "unknown_level"),
        ("/table", {"schemes": "moon"}, 400, "unknown_scheme"),
        ("/table", {"format": "exe"}, 422, "malformed"),
        ("/ocd", {"as_of": "1404-12-30"}, 400, "invalid_date"),
        ("/kept", {"scheme": "moon"}, 400, "unknown_scheme"),
    ],
)
def test_bad_question_is_a_problem(
    fresh_client: TestClient, address: str, path: str, params: dict[str, Any], status: int, rule: str
):
    answer = fresh_client.get(address + path, params=params)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)


def test_codes_are_reserved_released_and_retired(fresh_client: TestClient, address: str, write: Callable[..., Any]):
    wish = {"level": "county", "parent": "03", "reason": "secret of the office"}
    assert write("POST", "/reservations", json=wish).json()["code"] == "0302"
    assert write("POST", "/reservations", json=wish).json()["code"] == "0303"
    assert write("DELETE", "/reservations/sci/1399/0302").status_code == 204
    assert write("POST", "/retirements", json={"scheme": "sci", "code": "0303"}).status_code == 201
    kept = fresh_client.get(f"{address}/kept")
    assert kept.json() == [{"scheme": "sci/1399", "code": "0303", "state": "retired"}]


def test_why_a_code_is_kept_is_not_public(fresh_client: TestClient, address: str, write: Callable[..., Any]):
    write("POST", "/reservations", json={"level": "county", "parent": "03", "reason": "secret of the office"})
    answers = [
        fresh_client.get(address + path).text
        for path in ("/kept", "/resolve?code=0302", "/next?level=county&parent=03")
    ]
    assert [text for text in answers if "secret" in text] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "rule"),
    [
        ("POST", "/reservations", {"json": {"level": "county", "parent": "03", "code": "0301"}}, 409, "code_taken"),
        ("POST", "/reservations", {"json": {"level": "county"}}, 400, "invalid_code"),
        ("POST", "/reservations", {"json": {}}, 422, "malformed"),
        ("POST", "/retirements", {"json": {"scheme": "sci", "code": "0301"}}, 409, "code_taken"),
        ("DELETE", "/reservations/sci/1399/0344", {}, 404, "reservation_not_found"),
        ("POST", "/attachments", {}, 400, "invalid_mapping"),
        ("POST", "/attachments", {"data": {"table": "osm"}}, 400, "invalid_mapping"),
        ("POST", "/attachments", {"data": {"table": "iso", "columns": "x"}}, 400, "invalid_mapping"),
        ("POST", "/attachments", {"data": {"table": "iso/2020", "commit": "true"}}, 422, "rows_refused"),
        ("POST", "/attachments", {"files": {"file": ("a.exe", b"MZ")}}, 415, "unreadable_file"),
    ],
)
def test_bad_write_is_a_problem(
    write: Callable[..., Any], method: str, path: str, body: dict[str, Any], status: int, rule: str
):
    answer = write(method, path, **body)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        ("clerk", "/reservations", {"json": {"level": "county", "parent": "03"}}),
        ("planner", "/retirements", {"json": {"scheme": "sci", "code": "0355"}}),
        ("province_officer", "/attachments", {"data": {"table": "iso"}}),
    ],
)
def test_role_must_allow_it(write: Callable[..., Any], role: str, path: str, body: dict[str, Any]):
    assert write("POST", path, role=role, **body).json()["rule"] == "not_permitted"


def test_officer_of_a_province_reserves_in_it_alone(
    fresh_client: TestClient, iran: Any, address: str, issue: Callable[..., dict[str, str]]
):
    tag = fresh_client.get(address.removesuffix("/codes")).headers["etag"]
    headers = {**issue("province_officer", register=iran.register.name, within="03"), "If-Match": tag}
    status = [
        fresh_client.post(
            f"{address}/reservations", headers=headers, json={"level": "county", "parent": code}
        ).status_code
        for code in ("03", "01")
    ]
    assert status == [201, 403]


def test_version_must_be_said(fresh_client: TestClient, address: str, issue: Callable[..., dict[str, str]]):
    body = {"level": "county", "parent": "03"}
    answer = fresh_client.post(f"{address}/reservations", headers=issue("national_officer"), json=body)
    assert answer.status_code == 428


def test_preview_writes_nothing(fresh_client: TestClient, address: str, write: Callable[..., Any]):
    report = write("POST", "/attachments", data={"table": "iso/2020"}).json()
    assert (report["committed"], report["counts"]["iso/2020"]["new"]) == (False, 2)
    assert fresh_client.get(f"{address}/resolve?code=iso:IR-01").status_code == 404


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [
        ("/table?level=province", "text/csv; charset=utf-8", "level,name,sci/1399,through_changes\nprovince,"),
        ("/table?format=json", "application/json", '{"register": "drawn-'),
        (
            "/ocd",
            "text/csv; charset=utf-8",
            "id,name,sameAs,sameAsNote,validFrom,validThrough\nocd-division/country:ir,",
        ),
    ],
)
def test_files_are_sent(fresh_client: TestClient, address: str, path: str, kind: str, begins: str):
    answer = fresh_client.get(address + path)
    assert (answer.headers["content-type"], answer.text[: len(begins)]) == (kind, begins)


def test_schemes_are_listed_with_their_days(fresh_client: TestClient, address: str):
    found = {(one["scheme"], one["version"]): one for one in fresh_client.get(f"{address}/schemes").json()}
    assert found["iso", "1998"]["valid_until"] == found["iso", "2020"]["valid_from"] == "2020-11-24"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", ["Codes", "ISO 3166-2:IR before 2020-11-24", "1998-12-15", "2020-11-23"]),
        ("&code=0301", ["تبریز", "sci/1399:0301"]),
        ("&code=sci:301", ["were put back", "تبریز"]),
        ("&code=AF0309", ["looks like a code of another country"]),
        ("&code=0377", ["No division was found"]),
        ("&level=county&parent=03", ["0302", "the highest number ever given is 01"]),
        ("&level=county&parent=29", ["No division was found"]),
        ("&code=<script>", ["&lt;script&gt;"]),
    ],
)
def test_page_answers(fresh_client: TestClient, iran: Any, query: str, told: list[str]):
    page = fresh_client.get(f"/codes?register={iran.register.name}&lang=en{query}", headers=HTML)
    assert page.status_code == 200
    assert [text for text in told if text not in page.text] == []


def test_page_without_a_register(fresh_client: TestClient):
    assert fresh_client.get("/codes", headers=HTML).status_code == 200
