"""Serve the demonstration to tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from services.access.accounts import create_account
from services.access.grants import Scope, grant_role
from services.access.keys import issue_key
from services.access.roles import make_operator
from services.database.engine import open_session
from services.settings import Settings
from services.web.app import create_app

OPERATOR = make_operator("tests")


@pytest.fixture(scope="session")
def client(demo_engine: Engine) -> Iterator[TestClient]:
    """Speak with the service over the demonstration, which reads do not change."""
    with TestClient(create_app(Settings(), demo_engine), raise_server_exceptions=False) as speaking:
        yield speaking


@pytest.fixture
def fresh_client(fresh_engine: Engine) -> Iterator[TestClient]:
    """Speak with a service over a database of the test's own."""
    with TestClient(create_app(Settings(), fresh_engine), raise_server_exceptions=False) as speaking:
        yield speaking


@pytest.fixture
def issue(fresh_engine: Engine) -> Callable[..., dict[str, str]]:
    """Give the header of a fresh key for a role in the fresh database."""

    def make(role: str, *, register: str | None = None, within: str | None = None) -> dict[str, str]:
        name = f"{role}.{register or 'all'}"
        with open_session(fresh_engine) as session:
            create_account(session, name, caller=OPERATOR)
            grant_role(session, name, role, caller=OPERATOR, scope=Scope(register, within))
            secret = issue_key(session, name, caller=OPERATOR, label="test").secret
        return {"Authorization": f"Bearer {secret}"}

    return make
