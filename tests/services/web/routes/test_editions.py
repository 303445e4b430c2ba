"""Test that editions are published, listed and handed out over HTTP."""

from __future__ import annotations

import hashlib

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.engine import open_session
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery
from services.settings import Settings
from services.web.app import create_app
from services.web.scope import today

EDITIONS = "/api/v1/registers/ir/editions"
ROWS = "code,level,parent,name_fa\n01,ostan,,تهران\n0101,shahrestan,01,ری\n"


@pytest.fixture
def office(fresh_engine: Engine, tmp_path, issue):
    """Serve a register of two divisions, with the header of who may publish it."""
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    layer = LayerSource(tmp_path / "a.csv", None, ColumnMapping(columns={}), guess=True)
    with open_session(fresh_engine) as session:
        options = ImportOptions(register="ir", commit=True)
        import_delivery(session, Delivery("a", "ir", (layer,)), options, caller=make_operator("t"), today=today())
    settings = Settings(data_folder=tmp_path / "data")
    with TestClient(create_app(settings, fresh_engine), raise_server_exceptions=False) as client:
        client.headers.update(issue("national_officer"))
        yield client


def publish(office: TestClient, **body: object):
    tag = office.get("/api/v1/registers/ir").headers["etag"]
    return office.post(EDITIONS, json=body, headers={"If-Match": tag})


def test_edition_is_published_once(office):
    first, again = publish(office).json(), publish(office).json()
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert first["edition"] == again["edition"] == office.get(EDITIONS).json()[0]
    assert office.get(f"{EDITIONS}/1").json()["number"] == 1


def test_files_come_with_the_bytes_that_were_published(office):
    for file in publish(office).json()["edition"]["files"]:
        answer = office.get(file["href"])
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert answer.headers["etag"] == f'"{file["sha256"]}"'


def test_part_of_a_file_is_sent(office):
    publish(office)
    answer = office.get(f"{EDITIONS}/1/files/divisions.gpkg", headers={"Range": "bytes=0-5"})
    assert (answer.status_code, answer.content) == (206, b"SQLite")


@pytest.mark.parametrize(
    "path", ["2", "2/files/divisions.csv", "1/files/manifest.json", "1/files/..%2F..%2Fx", "0", "x"]
)
def test_what_is_not_there_is_refused(office, path):
    publish(office)
    assert office.get(f"{EDITIONS}/{path}").status_code in (404, 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [({"as_of": "1420-01-01"}, 400), ({"as_of": "1404-12-30"}, 400), ({"as_of": "x\0"}, 422), ({"as_of": 5}, 422)],
)
def test_bad_days_are_refused(office, body, status):
    assert publish(office, **body).status_code == status


def test_days_may_be_jalali(office):
    assert publish(office, as_of="1404-01-01").json()["edition"]["as_of"] == "2025-03-21"


def test_version_must_be_named(office):
    assert office.post(EDITIONS, json={}).status_code == 428


@pytest.mark.parametrize("role", ["clerk", "province_officer", "planner", "election_officer"])
def test_others_may_not_publish(office, issue, role):
    tag = office.get("/api/v1/registers/ir").headers["etag"]
    answer = office.post(EDITIONS, json={}, headers={"If-Match": tag, **issue(role)})
    assert answer.status_code == 403


def test_statistics_count_by_level(office):
    told = office.get("/api/v1/registers/ir/statistics").json()
    assert told["totals"] == {"province": 1, "county": 1}
    assert told["rows"] == [{"code": "01", "name": "تهران", "counts": {"county": 1}}]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_pages_show_editions_and_counts(office, language):
    publish(office)
    editions = office.get(f"/editions?register=ir&lang={language}").text
    assert all(name in editions for name in ("divisions.gpkg", "/editions/1/files/"))
    assert "تهران" in office.get(f"/statistics?register=ir&lang={language}").text


def test_pages_stand_without_any_register(fresh_client):
    assert [fresh_client.get(path).status_code for path in ("/editions", "/statistics")] == [200, 200]
