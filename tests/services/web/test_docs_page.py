"""Check that the API description is shown from our own files."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from maps.offline import list_remote_addresses
from services.web.docs_page import create_docs_router, write_docs
from services.web.static_files import gather_assets

ASSETS = gather_assets()


def test_the_page_asks_no_other_host() -> None:
    assert list_remote_addresses(write_docs(ASSETS, openapi_address="/openapi.json", title="<b>")) == []


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css", "docs.js"])
def test_the_page_links_to_our_own_files(name: str) -> None:
    assert ASSETS.url(name) in write_docs(ASSETS, openapi_address="/openapi.json", title="API")


def test_the_page_is_served_with_a_policy() -> None:
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(create_docs_router(ASSETS))
    answer = TestClient(app).get("/docs")
    assert 'data-openapi="/openapi.json"' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
