"""Test that what voters ask is kept nowhere: not in logs, answers to others, the database, its log or memory."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from services.database.cluster import Cluster
from services.database.programs import QUIET_ENVIRONMENT, find_client
from services.settings import Settings
from services.web.app import create_app
from services.web.pages import elections as page_routes
from services.web.routes import elections as api_routes

LON, LAT, NAME, CODE = "3.0123457", "36.7654321", "Zqxvoter", "1987654321"
MARKS = (LON, LAT, NAME, NAME.lower(), CODE)
REGISTER = "/api/v1/registers/dz"
QUESTIONS = ({"lon": float(LON), "lat": float(LAT)}, {"name": NAME}, {"code": CODE}, {"lon": NAME, "lat": LAT})
FORMS = ({"latitude": LAT, "longitude": LON}, {"asked": NAME}, {"asked": CODE}, {"latitude": NAME, "longitude": LON})


@pytest.fixture
def asking(demo_engine: Engine) -> Iterator[TestClient]:
    """Speak with a service of the test's own that logs all it can."""
    with TestClient(create_app(Settings(log_level="debug"), demo_engine), raise_server_exceptions=False) as speaking:
        yield speaking


def ask_everything(client: TestClient) -> list[str]:
    """Ask in every way, and give the headers of the answers."""
    answers = [client.post(f"{REGISTER}/find", json=question) for question in QUESTIONS]
    answers += [client.post(f"{REGISTER}/divisions/at", json=question) for question in QUESTIONS[:1]]
    answers += [client.post("/find", data=form, headers={"Accept": "text/html"}) for form in FORMS]
    return [str(answer.headers) for answer in answers]


def fail_in_python(*_arguments: object, **asked: object) -> None:
    raise ValueError(f"nobody foresaw {NAME} {asked}")


def fail_in_database(session, *_arguments: object, **_asked: object) -> None:
    session.execute(text("select cast(:asked as integer)"), {"asked": NAME})


def find_marks(said: str) -> list[str]:
    """List what was asked and stands in a text."""
    return [mark for mark in MARKS if mark in said]


@pytest.mark.parametrize("fail", [None, fail_in_python, fail_in_database])
def test_nothing_asked_is_logged_or_remembered(
    asking: TestClient, cluster: Cluster, monkeypatch, capfd, caplog, fail: Callable[..., None] | None
):
    caplog.set_level(logging.DEBUG)
    for module in (api_routes, page_routes) if fail else ():
        monkeypatch.setattr(module, "find_branch", fail)
    said = ask_everything(asking)
    memories = [repr(vars(memory)) for memory in (asking.app.state.memory, asking.app.state.counts)]
    said += [*capfd.readouterr(), caplog.text, cluster.layout.log.read_text(encoding="utf-8"), *memories]
    assert [find_marks(one) for one in said] == [[] for _ in said]


def test_mistake_is_noted_by_its_kind_and_place(asking: TestClient, monkeypatch, capfd):
    monkeypatch.setattr(api_routes, "find_branch", fail_in_python)
    assert asking.post(f"{REGISTER}/find", json=QUESTIONS[0]).status_code == 500
    said = "".join(capfd.readouterr())
    assert "builtins.ValueError" in said and "fail_in_python" in said


def test_nothing_asked_is_in_the_database(asking: TestClient, cluster: Cluster):
    ask_everything(asking)
    options = ["--dbname", cluster.find_url("demonstration"), "--exclude-table-data=boundary"]
    command = [find_client("pg_dump", at_least=1), *options]
    dump = subprocess.run(command, env=QUIET_ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    assert "COPY public.register" in dump and find_marks(dump) == []


def test_database_keeps_no_statements(demo_session):
    shown = [demo_session.scalar(text(f"show {name}")) for name in ("log_statement", "log_min_error_statement")]
    extensions = demo_session.scalars(text("select extname from pg_extension")).all()
    assert shown == ["none", "panic"] and not {"pg_stat_statements", "auto_explain"} & set(extensions)
