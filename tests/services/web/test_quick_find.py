"""Test that the short way answers in the very words of the endpoint, and passes on what it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from services.settings import Settings
from services.web.app import create_app
from services.web.quick_find import QuickFind

PATH = "/api/v1/registers/dz/find"
OWN = {"content-length"}


@pytest.fixture(scope="module")
def quick(demo_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Speak with a worker that has the demonstration in memory."""
    folder: Path = tmp_path_factory.mktemp("quick")
    app = create_app(Settings(data_folder=folder), demo_engine)
    app.state.keeper.renew("dz")
    with TestClient(QuickFind(app), raise_server_exceptions=False) as speaking:
        yield speaking


def both(quick: TestClient, client: TestClient, **asked: Any) -> tuple[Any, Any]:
    return quick.post(PATH, **asked), client.post(PATH, **asked)


POINTS = np.random.default_rng(3).uniform((2.8, 36.5), (3.4, 36.9), (25, 2)).tolist()


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("asked", [{}, {"count": 7}, {"count": 1, "sex": "female"}])
def test_answers_are_those_of_the_endpoint(quick: TestClient, client: TestClient, language: str, asked: dict[str, Any]):
    for lon, lat in POINTS:
        question = {"json": {"lon": lon, "lat": lat, **asked}, "headers": {"Accept-Language": language}}
        one, other = both(quick, client, **question)
        assert (one.status_code, one.json()) == (other.status_code, other.json())


def test_headers_are_those_of_the_endpoint(quick: TestClient, client: TestClient):
    one, other = both(quick, client, json={"lon": 3.0588, "lat": 36.7538}, headers={"Accept-Encoding": "identity"})
    assert {name: value for name, value in one.headers.items() if name not in OWN} == {
        name: value for name, value in other.headers.items() if name not in OWN
    }
    assert one.headers["cache-control"] == "private, no-store"


def test_points_of_today_never_touch_the_store(quick: TestClient):
    state = quick.app.app.state  # type: ignore[attr-defined]
    engine, state.engine = state.engine, None
    try:
        assert quick.post(PATH, json={"lon": 3.0588, "lat": 36.7538}).status_code == 200
    finally:
        state.engine = engine


@pytest.mark.parametrize(
    "asked",
    [
        {"json": {"lon": 9.9, "lat": -50.0}},
        {"json": {"lon": 36.75, "lat": 3.05}},
        {"json": {"code": "16"}},
        {"json": {"name": "Alger"}},
        {"json": {"lon": 3.05}},
        {"json": {"lon": "x", "lat": 1}},
        {"json": {"lon": 3.05, "lat": 36.7, "count": 10**9}},
        {"json": {"lon": 3.05, "lat": 36.7}, "params": {"as_of": "1990-01-01"}},
        {"content": b"", "headers": {"Content-Type": "application/json"}},
        {"content": b'{"lon": NaN, "lat": 36.7}', "headers": {"Content-Type": "application/json"}},
        {"content": b'{"lon": 3.05, "lat": 36.7}', "headers": {"Content-Type": "text/plain"}},
        {"content": b'{"lon": 3.05, "lat": 36.7' + b" " * 9000 + b"}", "headers": {"Content-Type": "application/json"}},
        {"content": b"\x00" * 100, "headers": {"Content-Type": "application/json"}},
    ],
)
def test_everything_else_is_passed_on(quick: TestClient, client: TestClient, asked: dict[str, Any]):
    one, other = both(quick, client, **asked)
    assert (one.status_code, one.json()) == (other.status_code, other.json())


@pytest.mark.parametrize("path", ["/api/v1/registers/dz/x/find", "/api/v1/registers/nowhere/find", "/find"])
def test_other_addresses_are_passed_on(quick: TestClient, client: TestClient, path: str):
    question = {"json": {"lon": 3.0588, "lat": 36.7538}}
    assert quick.post(path, **question).status_code == client.post(path, **question).status_code
