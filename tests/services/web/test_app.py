"""Test the service as a whole."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from geo import errors
from services.messages import LANGUAGES, load_catalogue
from services.settings import Settings
from services.web.access import list_unguarded
from services.web.app import create_app
from services.web.errors import STATUSES, status_of

READS_WITH_A_BODY = {
    "POST /api/v1/apportionments",
    "POST /api/v1/registers/{register}/changes/preview",
    "POST /api/v1/registers/{register}/consequences/preview",
    "POST /api/v1/registers/{register}/crosswalk/table",
    "POST /api/v1/registers/{register}/divisions/at",
    "POST /api/v1/registers/{register}/eligibility",
    "POST /api/v1/registers/{register}/find",
    "POST /api/v1/registers/{register}/plans/{plan}/preview",
    "POST /changes/preview",
    "POST /find",
    "POST /history/where",
}


def list_errors() -> list[type[errors.TaqsimatError]]:
    found = [errors.TaqsimatError]
    for one in found:
        found += one.__subclasses__()
    return [one for one in found if one.__module__ == "geo.errors"]


def test_every_write_is_guarded(client: TestClient):
    assert set(list_unguarded(client.app.routes)) == READS_WITH_A_BODY


@pytest.mark.parametrize("error", list_errors(), ids=lambda error: error.rule)
def test_every_error_has_a_status_that_has_a_title(error: type[errors.TaqsimatError]):
    assert error in STATUSES or error.__mro__[1] in STATUSES or error.__mro__[2] in STATUSES
    assert all(f"problem.status_{status_of(error)}" in load_catalogue(language) for language in LANGUAGES)


def test_health(client: TestClient):
    assert client.get("/api/v1/health").json()["status"] == "ok"


def test_lost_database_is_a_problem():
    engine = create_engine("postgresql+psycopg://nobody@/nothing?host=/nonexistent")
    with TestClient(create_app(Settings(), engine), raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["rule"]) == (503, "database_down")


def test_description_has_examples(client: TestClient):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["DivisionOut"]["properties"]["code"]["examples"] == ["16"]


def test_assets_are_served_by_us(client: TestClient):
    html = client.get("/", headers={"Accept": "text/html"}).text
    address = html.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(address)
    assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)


def test_the_type_of_a_problem_leads_to_its_meaning(client: TestClient):
    address, _, rule = client.get("/api/v1/registers/nowhere").json()["type"].partition("#")
    assert f'<tr id="{rule}">' in client.get(address, headers={"Accept": "text/html"}).text
