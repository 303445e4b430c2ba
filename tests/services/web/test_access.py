"""Test that nothing is written over HTTP without a key, a role for the place, and the right version."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.errors import MissingVersion, NotFoundError, StaleVersion, TaqsimatError
from services.access.accounts import create_account, set_active
from services.access.grants import Scope, grant_role
from services.access.keys import issue_key, revoke_key
from services.access.log import list_entries
from services.access.roles import Action, make_operator
from services.database.engine import open_session
from services.queries import RegisterState
from services.tables.access import ApiKey
from services.tables.register import Code, Division, Register, Standing
from services.web.access import (
    Gate,
    WriteScope,
    allow,
    allow_reading,
    check_version,
    find_gate,
    list_unguarded,
    to_etag,
)
from services.web.sessions import RequestSession, open_request_session

OPERATOR = make_operator("tester")
LETTERS = Scope("letters")
REGISTER = RegisterState(1, "letters", "dz", 4)
STATUS = {
    "not_authenticated": 401,
    "not_permitted": 403,
    "stale_version": 409,
    "conflict": 409,
    "missing_version": 428,
    "database_down": 503,
}


def write_register(register: str, writer: Annotated[WriteScope, allow(Action.RUN_AUDIT)]) -> dict[str, str]:
    writer.record(register, findings=3)
    return {"by": writer.caller.name}


def write_division(division_id: int, writer: Annotated[WriteScope, allow(Action.RUN_AUDIT)]) -> None:
    pass


def write_unlogged(register: str, writer: Annotated[WriteScope, allow(Action.RUN_AUDIT)]) -> None:
    pass


def write_and_fail(register: str, writer: Annotated[WriteScope, allow(Action.RUN_AUDIT)]) -> None:
    writer.session.execute(insert(Register).values(name="half", country="dz"))
    raise StaleVersion(based_on="x", current=1)


def write_named(
    body: dict[str, int | str], writer: Annotated[WriteScope, allow(Action.RUN_AUDIT, named_in_body=True)]
) -> str:
    return to_etag(writer.enter(str(body["register"]), division_id=int(body["division"])))


def write_anywhere(writer: Annotated[WriteScope, allow(Action.RUN_AUDIT, named_in_body=True)]) -> None:
    pass


def write_accounts(writer: Annotated[WriteScope, allow(Action.MANAGE_ACCOUNTS)]) -> None:
    pass


def read_log(caller: Annotated[object, allow_reading(Action.READ_LOG)]) -> str:
    return "secret"


def advance(register: str, writer: Annotated[WriteScope, allow(Action.RUN_AUDIT)]) -> None:
    writer.session.execute(update(Register).values(version=Register.version + 1))


def fail_at_commit(session: RequestSession) -> str:
    session.execute(text("create temp table late (x int unique deferrable initially deferred) on commit drop"))
    session.execute(text("insert into late values (1), (1)"))
    return "written"


def lose_server(request: Request, session: RequestSession) -> str:
    process = session.scalar(text("select pg_backend_pid()"))
    with request.app.state.engine.connect() as connection:
        connection.execute(text("select pg_terminate_backend(:process, 5000)"), {"process": process})
    return "written"


def explain_error(request: Request, error: Exception) -> JSONResponse:
    rule = error.rule if isinstance(error, TaqsimatError) else "conflict"
    return JSONResponse({"rule": rule}, 404 if isinstance(error, NotFoundError) else STATUS[rule])


def create_app() -> FastAPI:
    app = FastAPI()
    app.post("/registers/{register}/audits")(write_register)
    app.post("/registers/{register}/divisions/{division_id}/audits")(write_division)
    app.post("/registers/{register}/unlogged")(write_unlogged)
    app.post("/registers/{register}/failing")(write_and_fail)
    app.post("/registers/{register}/advances")(advance)
    app.post("/named")(write_named)
    app.post("/anywhere")(write_anywhere)
    app.post("/accounts")(write_accounts)
    app.get("/log")(read_log)
    app.post("/late")(fail_at_commit)
    app.post("/lost")(lose_server)
    app.add_exception_handler(TaqsimatError, explain_error)
    app.add_exception_handler(IntegrityError, explain_error)
    return app


def fill_register(session: Session) -> dict[str, int]:
    register = session.scalars(insert(Register).values(name="letters", country="dz").returning(Register.id)).one()
    ids = {}
    for code in ("north", "south"):
        ids[code] = session.scalars(insert(Division).values(register_id=register).returning(Division.id)).one()
        same = {"division_id": ids[code], "valid": Range(None, None)}
        session.execute(insert(Standing).values(level="wilaya", **same))
        session.execute(insert(Code).values(register_id=register, scheme="own", version="1", code=code, **same))
    return ids


def make_key(session: Session, role: str = "national_officer", scope: Scope = LETTERS) -> dict[str, str]:
    create_account(session, "sara", caller=OPERATOR)
    grant_role(session, "sara", role, caller=OPERATOR, scope=scope)
    key = issue_key(session, "sara", caller=OPERATOR, label="test").secret
    return {"Authorization": f"Bearer {key}", "If-Match": '"letters-0"'}


def list_writes(session: Session) -> list[tuple[str, str, str]]:
    entries = [(entry.actor, entry.action, entry.subject) for entry in list_entries(session)]
    return [entry for entry in entries if entry[0] == "sara"]


@pytest.fixture
def client(session: Session, divisions: dict[str, int]) -> Iterator[TestClient]:
    """Answer requests over a session that is taken back after the test."""

    def lend_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    app = create_app()
    app.dependency_overrides[open_request_session] = lend_session
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def committing(fresh_engine: Engine) -> Iterator[TestClient]:
    """Answer requests over a database that keeps what is committed."""
    app = create_app()
    app.state.engine = fresh_engine
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def divisions(session: Session) -> dict[str, int]:
    """Fill the register of most tests; give the ids of its provinces."""
    return fill_register(session)


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_key_opens_the_gate_and_the_write_is_logged(client: TestClient, session: Session, header: str):
    headers = make_key(session)
    key = headers.pop("Authorization")
    headers[header] = key if header == "Authorization" else key.removeprefix("Bearer ")
    assert client.post("/registers/letters/audits", headers=headers).json() == {"by": "sara"}
    assert list_writes(session) == [("sara", "run_audit", "letters")]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic c2FyYTpzYXJh"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer tq_000000000000_" + "a" * 43},
        {"X-API-Key": ""},
        {"X-API-Key": "tq_\u0660"},
    ],
)
def test_no_key_no_write(client: TestClient, session: Session, headers: dict[str, str]):
    answer = client.post("/registers/letters/audits", headers={k: v.encode() for k, v in headers.items()})
    assert (answer.status_code, answer.json()) == (401, {"rule": "not_authenticated"})


@pytest.mark.parametrize("fault", ["wrong", "expired", "revoked", "inactive"])
def test_keys_that_do_not_count_are_refused_alike(client: TestClient, session: Session, fault: str):
    headers = make_key(session)
    prefix = headers["Authorization"].split("_")[1]
    match fault:
        case "wrong":
            headers["Authorization"] = headers["Authorization"][:-2] + "--"
        case "expired":
            session.execute(update(ApiKey).values(expires_at=text("now()")))
        case "revoked":
            revoke_key(session, "sara", prefix, caller=OPERATOR)
        case "inactive":
            set_active(session, "sara", caller=OPERATOR, active=False)
    answer = client.post("/registers/letters/audits", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"rule": "not_authenticated"})


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("national_officer", Scope(), 200),
        ("national_officer", Scope("letters"), 200),
        ("province_officer", Scope("letters", "north"), 403),
        ("election_officer", Scope("letters"), 403),
        ("public", Scope(), 403),
    ],
)
def test_register_wants_a_role_for_all_of_it(
    client: TestClient, session: Session, role: str, scope: Scope, status: int
):
    headers = make_key(session, role, scope)
    assert client.post("/registers/letters/audits", headers=headers).status_code == status


@pytest.mark.parametrize(("code", "status"), [("north", 200), ("south", 403)])
@pytest.mark.parametrize("way", ["path", "body"])
def test_province_officer_writes_inside_the_province(client, session, divisions, code, status, way):
    headers = make_key(session, "province_officer", Scope("letters", "north"))
    if way == "path":
        answer = client.post(f"/registers/letters/divisions/{divisions[code]}/audits", headers=headers)
    else:
        answer = client.post("/named", headers=headers, json={"register": "letters", "division": divisions[code]})
    assert answer.status_code == status


@pytest.mark.parametrize("division", ["0", "x", "-1", "9" * 30, "٣"])
def test_unknown_division_is_not_found(client: TestClient, session: Session, division: str):
    answer = client.post(f"/registers/letters/divisions/{division}/audits", headers=make_key(session))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"letters-0"', 200),
        ('"letters-9", "letters-0"', 200),
        ('"letters-1"', 409),
        ('W/"letters-0"', 409),
        ('"other-0"', 409),
        ("*", 428),
        ("letters-0", 428),
        (None, 428),
    ],
)
def test_write_says_what_it_is_based_on(client: TestClient, session: Session, if_match: str | None, status: int):
    headers = make_key(session)
    del headers["If-Match"]
    if if_match:
        headers["If-Match"] = if_match
    assert client.post("/registers/letters/audits", headers=headers).status_code == status


def test_refused_write_leaves_nothing(client: TestClient, session: Session):
    headers = make_key(session)
    assert client.post("/registers/letters/failing", headers=headers).status_code == 409
    assert session.scalar(text("select count(*) from register where name = 'half'")) == 0
    assert list_writes(session) == []


def test_write_that_says_nothing_is_logged_all_the_same(client: TestClient, session: Session):
    assert client.post("/registers/letters/unlogged", headers=make_key(session)).status_code == 200
    assert list_writes(session) == [("sara", "run_audit", "letters")]


def test_endpoint_that_forgets_to_enter_writes_nothing(client: TestClient, session: Session):
    assert client.post("/anywhere", headers=make_key(session)).status_code == 500
    assert list_writes(session) == []


@pytest.mark.parametrize(("scope", "status"), [(Scope(), 200), (Scope("letters"), 403)])
def test_path_without_register_wants_a_role_everywhere(client: TestClient, session: Session, scope: Scope, status: int):
    headers = make_key(session, "admin", scope)
    assert client.post("/accounts", headers=headers).status_code == status


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("national_officer", 403)])
def test_confidential_reading_wants_a_role_and_is_not_logged(
    client: TestClient, session: Session, role: str, status: int
):
    headers = make_key(session, role, Scope())
    assert client.get("/log", headers=headers).status_code == status
    assert list_writes(session) == []


@pytest.mark.parametrize("name", ["nowhere", "%00", "%20"])
def test_unknown_register_is_not_found(client: TestClient, session: Session, name: str):
    assert client.post(f"/registers/{name}/audits", headers=make_key(session)).status_code == 404


@pytest.mark.parametrize(("path", "status"), [("/late", 409), ("/lost", 503)])
def test_failed_commit_becomes_the_answer(committing: TestClient, path: str, status: int):
    assert committing.post(path).status_code == status


def test_write_and_its_entry_are_committed(committing: TestClient):
    with open_session(committing.app.state.engine) as session:
        fill_register(session)
        headers = make_key(session)
    assert committing.post("/registers/letters/audits", headers=headers).status_code == 200
    with open_session(committing.app.state.engine) as session:
        assert list_writes(session) == [("sara", "run_audit", "letters")]


def test_one_of_many_writers_on_one_version_wins(committing: TestClient):
    with open_session(committing.app.state.engine) as session:
        fill_register(session)
        headers = make_key(session)
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda _: committing.post("/registers/letters/advances", headers=headers), range(4))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


@pytest.mark.parametrize("name", ["letters", "ثبت آزمایشی", 'a "quoted" name'])
def test_tag_of_any_register_fits_a_header_and_matches(name: str):
    register = RegisterState(1, name, "dz", 4)
    assert to_etag(register).isascii()
    assert check_version(register, to_etag(register)) is register


@pytest.mark.parametrize("if_match", [None, "", "*", "letters-4"])
def test_version_must_be_named(if_match: str | None):
    with pytest.raises(MissingVersion):
        check_version(REGISTER, if_match)


def test_stale_version_names_both():
    with pytest.raises(StaleVersion) as refusal:
        check_version(REGISTER, '"letters-3"')
    assert refusal.value.params == {"based_on": '"letters-3"', "current": 4}


@pytest.mark.parametrize(
    ("path", "action"), [("/registers/{register}/audits", Action.RUN_AUDIT), ("/late", None), ("/log", None)]
)
def test_gate_of_a_route_is_found(client: TestClient, session: Session, path: str, action: Action | None):
    route = next(route for route in client.app.routes if isinstance(route, APIRoute) and route.path == path)
    gate = find_gate(route)
    assert (gate.action if isinstance(gate, Gate) else None) == action


def test_writes_without_a_gate_are_listed_also_in_included_routers():
    router = APIRouter(prefix="/inner")
    router.put("/open")(read_log)
    router.delete("/guarded")(write_accounts)
    middle = APIRouter(prefix="/middle")
    middle.include_router(router)
    app = FastAPI()
    app.include_router(middle)
    app.post("/late")(fail_at_commit)
    app.get("/log")(read_log)
    assert list_unguarded(app.routes) == ("POST /late", "PUT /middle/inner/open")


def test_keys_are_described_in_the_api(client: TestClient, session: Session):
    operation = client.get("/openapi.json").json()["paths"]["/registers/{register}/audits"]["post"]
    assert operation["security"] == [{"HTTPBearer": []}, {"APIKeyHeader": []}]
