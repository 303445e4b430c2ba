"""Test that admins, and nobody else, keep accounts over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from geo.errors import AccessError, ConflictError, NotFoundError, TaqsimatError
from services.access.accounts import create_account
from services.access.grants import create_first_admin, grant_role
from services.access.keys import authenticate_key, issue_key
from services.access.roles import Action, make_operator
from services.tables.register import Register
from services.web.access import find_gate
from services.web.routes.accounts import router
from services.web.sessions import open_request_session

OPERATOR = make_operator("tester")
ENDPOINTS = [
    ("GET", "/accounts", None),
    ("POST", "/accounts", {"name": "reza"}),
    ("PATCH", "/accounts/sara", {"active": False}),
    ("POST", "/accounts/sara/grants", {"role": "clerk"}),
    ("DELETE", "/accounts/sara/grants?role=planner", None),
    ("GET", "/accounts/sara/keys", None),
    ("POST", "/accounts/sara/keys", {"label": "desk"}),
    ("DELETE", "/accounts/sara/keys/000000000000", None),
    ("GET", "/log", None),
]


def explain_error(request: Request, error: Exception) -> JSONResponse:
    kinds = ((AccessError, 403), (NotFoundError, 404), (ConflictError, 409))
    return JSONResponse({}, next((status for kind, status in kinds if isinstance(error, kind)), 400))


@pytest.fixture
def client(session: Session) -> Iterator[TestClient]:
    """Answer requests of an admin, beside whom there is a planner."""

    def lend_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    app = FastAPI()
    app.include_router(router)
    app.add_exception_handler(TaqsimatError, explain_error)
    app.dependency_overrides[open_request_session] = lend_session
    create_first_admin(session, "root", caller=OPERATOR)
    create_account(session, "sara", caller=OPERATOR)
    grant_role(session, "sara", "planner", caller=OPERATOR)
    session.execute(insert(Register).values(name="letters", country="dz"))
    with TestClient(app, base_url="http://testserver/api/v1", headers=make_headers(session, "root")) as client:
        yield client


def make_headers(session: Session, name: str) -> dict[str, str]:
    return {"X-API-Key": issue_key(session, name, caller=OPERATOR, label="test").secret}


@pytest.mark.parametrize(("method", "path", "body"), ENDPOINTS)
def test_who_is_no_admin_is_refused(client, session, method, path, body):
    answer = client.request(method, path, json=body, headers=make_headers(session, "sara"))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/accounts", {"name": "reza"}, 201),
        ("POST", "/accounts", {"name": "sara"}, 409),
        ("POST", "/accounts", {"name": "a b"}, 400),
        ("POST", "/accounts", {"name": "reza", "role": "admin"}, 422),
        ("PATCH", "/accounts/sara", {"active": False}, 204),
        ("PATCH", "/accounts/nobody", {"active": False}, 404),
        ("POST", "/accounts/sara/grants", {"role": "clerk", "register": "letters"}, 201),
        ("POST", "/accounts/sara/grants", {"role": "planner"}, 409),
        ("POST", "/accounts/sara/grants", {"role": "clerk", "register": "a\0"}, 422),
        ("POST", "/accounts/sara/grants", {"role": "clerk", "register": "letters", "within": "x"}, 404),
        ("DELETE", "/accounts/sara/grants?role=planner", None, 204),
        ("DELETE", "/accounts/sara/grants?role=planner&register=letters", None, 404),
        ("POST", "/accounts/sara/keys", {"label": "desk", "days": 0}, 400),
        ("POST", "/accounts/%00/keys", {"label": "desk"}, 404),
        ("DELETE", "/accounts/sara/keys/000000000000", None, 404),
        ("GET", "/accounts/nobody/keys", None, 404),
        ("GET", "/log?limit=0", None, 422),
        ("GET", "/log?after=9223372036854775808", None, 422),
    ],
)
def test_answers(client: TestClient, method: str, path: str, body: dict[str, object] | None, status: int):
    assert client.request(method, path, json=body).status_code == status


def test_accounts_are_listed_with_their_roles(client: TestClient):
    items = client.get("/accounts").json()["items"]
    assert [item["name"] for item in items] == ["root", "sara"]
    assert items[1]["grants"] == [{"role": "planner", "register": None, "division_id": None}]


def test_new_key_works_and_is_not_stored_by_caches(client: TestClient, session: Session):
    answer = client.post("/accounts/sara/keys", json={"label": "desk", "days": 30})
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert authenticate_key(session, answer.json()["key"]).name == "sara"


def test_listed_keys_have_no_secret(client: TestClient):
    key = client.post("/accounts/sara/keys", json={"label": "desk"}).json().pop("key")
    answer = client.get("/accounts/sara/keys")
    assert key.split("_")[1] in answer.text
    assert key.split("_", 2)[2] not in answer.text


def test_revoked_key_is_told_from_the_others(client: TestClient):
    prefixes = [client.post("/accounts/sara/keys", json={"label": "desk"}).json()["prefix"] for _ in range(2)]
    assert client.delete(f"/accounts/sara/keys/{prefixes[0]}").status_code == 204
    revoked = [item["revoked_at"] is not None for item in client.get("/accounts/sara/keys").json()["items"]]
    assert revoked == [True, False]


def test_writes_are_logged_once_under_the_admin(client: TestClient):
    before = len(client.get("/log").json()["items"])
    client.post("/accounts", json={"name": "reza"})
    (entry,) = client.get(f"/log?after={before}").json()["items"]
    assert (entry["actor"], entry["action"], entry["subject"]) == ("root", "create_account", "reza")


def test_log_is_read_page_by_page(client: TestClient):
    whole = client.get("/log").json()
    first = client.get("/log?limit=2").json()
    rest = client.get(f"/log?after={first['next']}").json()
    assert first["items"] + rest["items"] == whole["items"]
    assert (first["next"], rest["next"]) == (2, None)


@pytest.mark.parametrize("route", [route for route in router.routes if isinstance(route, APIRoute)], ids=str)
def test_writes_stand_behind_the_gate_and_all_have_a_docstring(route: APIRoute):
    gate = find_gate(route)
    assert (gate is not None and gate.action is Action.MANAGE_ACCOUNTS) == (route.methods != {"GET"})
    assert route.description
