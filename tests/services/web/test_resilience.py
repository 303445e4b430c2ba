"""Test that hostile and unlucky requests get a problem, and that every answer carries its safety headers."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from services.settings import Settings
from services.web.app import create_app
from services.web.headers import EVERYWHERE
from services.web.limits import MOST_ADDRESS_BYTES, MOST_BODY_BYTES

REGISTER = "/api/v1/registers/dz"
MEMBERS = {"type", "title", "status", "detail", "rule"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/find",
        "/docs",
        "/nowhere",
        "/static/../../pyproject.toml",
        "/static/%2e%2e%2fpyproject.toml",
        "/api/v1/accounts",
        f"{REGISTER}/divisions?limit=1",
        "/maps/dz/plans/16-demo",
        "/find?register=%00",
    ],
)
def test_every_answer_carries_safety_headers(client: TestClient, path: str):
    headers = client.get(path, headers={"Origin": "https://elsewhere.example", "Accept": "text/html"}).headers
    assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "frame-ancestors" in headers["content-security-policy"]
    assert not {"server", "set-cookie", "access-control-allow-origin"} & set(headers)


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        (f"{REGISTER}/plans/%00", 400, "address_unreadable"),
        (f"{REGISTER}/findings?kind=%00", 400, "address_unreadable"),
        (f"{REGISTER}/divisions?name={'a' * MOST_ADDRESS_BYTES}", 414, "address_too_long"),
        (f"{REGISTER}/divisions?limit=NaN", 422, "malformed"),
        (f"{REGISTER}/findings/{'9' * 40}", 422, "malformed"),
        (f"{REGISTER}/complaints/density?level=wilaya&category=none", 400, "invalid_value"),
        ("/static/../../pyproject.toml", 404, "no_such_address"),
    ],
)
def test_addresses_nobody_means_are_problems(client: TestClient, path: str, status: int, rule: str):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)
    assert set(answer.json()) >= MEMBERS and answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"\xff\xfe",
        b'{"lon": NaN, "lat": 1}',
        b'{"lon": 1e999, "lat": 1}',
        b'{"name": "\\ud800"}',
        b'{"name": "\\u0000"}',
        b'{"code": "16", "count": 99999999999999999999}',
        b"[" * 100_000,
        b'{"lon": ' + b"9" * 5000 + b', "lat": 1}',
    ],
)
def test_malformed_questions_are_refused(client: TestClient, body: bytes):
    answer = client.post(f"{REGISTER}/find", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code in {400, 422}, set(answer.json()) >= MEMBERS) == (True, True)


def test_large_body_is_refused_before_it_is_read(client: TestClient):
    answer = client.post(f"{REGISTER}/find", content=b"x" * (MOST_BODY_BYTES + 1))
    assert (answer.status_code, answer.json()["rule"]) == (413, "body_too_large")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("path", [f"{REGISTER}/find", "/find"])
def test_large_body_of_untold_length_is_refused(client: TestClient, path: str):
    parts = (b"asked=" + b"x" * 2**16 for _ in range(MOST_BODY_BYTES // 2**16 + 2))
    answer = client.post(path, content=parts, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["rule"]) == (413, "body_too_large")


def test_upload_without_a_key_is_refused_before_it_is_read(client: TestClient):
    headers = {"Content-Type": "multipart/form-data", "Authorization": "Bearer tq_no"}
    answer = client.post(f"{REGISTER}/imports", content=b"no boundary, so reading it would be refused", headers=headers)
    assert (answer.status_code, answer.headers["connection"]) == (401, "close")


def test_upload_over_the_limit_is_refused(fresh_engine: Engine, issue):
    settings = Settings(import_max_bytes=10)
    with TestClient(create_app(settings, fresh_engine), raise_server_exceptions=False) as client:
        files = {"file": ("a.csv", b"x" * (2 * MOST_BODY_BYTES))}
        answer = client.post("/api/v1/registers/dz/imports", files=files, headers=issue("admin"))
    assert (answer.status_code, answer.json()["rule"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": ";;,,q=x"},
        {"Accept-Language": b"\xff\xfe"},
        {"If-None-Match": b'"\xff'},
        {"Accept": b"\xff"},
        {"Accept-Encoding": "gzip;q=x"},
        {"Range": "bytes=0-1"},
        {"Host": "<script>"},
    ],
)
def test_garbage_in_headers_does_no_harm(client: TestClient, headers):
    assert client.get("/api/v1/registers", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", REGISTER])
def test_head_is_answered_as_get_without_a_body(client: TestClient, path: str):
    asked, head = client.get(path), client.head(path)
    assert (head.status_code, head.content, head.headers["etag" if "api" in path else "content-type"]) == (
        200,
        b"",
        asked.headers["etag" if "api" in path else "content-type"],
    )
