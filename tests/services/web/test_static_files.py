"""Check that the whitelist is served, kept by browsers, and nothing beside it."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.web.static_files import create_static_router, gather_assets

ASSETS = gather_assets()


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(create_static_router(ASSETS))
    return TestClient(app)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("app.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("leaflet.js", "text/javascript; charset=utf-8"),
        ("vazirmatn.woff2", "font/woff2"),
    ],
)
def test_a_listed_file_is_served_for_ever(client: TestClient, name: str, media_type: str) -> None:
    answer = client.get(ASSETS.url(name))
    assert answer.headers["content-type"] == media_type
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == ASSETS.read(name)


@pytest.mark.parametrize("name", ["leaflet.js", "leaflet.0123456789ab.js", "..%2f..%2fpyproject.toml", "package.json"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/vendor/{name}").status_code == 404
