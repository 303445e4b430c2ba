"""Test the check of names over HTTP and on its page."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

ADDRESS = "/api/v1/registers/dz/naming-findings"
HTML = {"Accept": "text/html"}


def test_findings_come_page_by_page(client: TestClient):
    found = client.get(ADDRESS, params={"limit": 1}, headers={"Accept-Language": "en"}).json()
    assert (len(found["items"]), found["register"]) == (1, "dz")
    assert found["total"] == sum(rule["found"] for rule in found["rules"])
    assert [link["rel"] for link in found["links"]] == ["next"]


def test_a_rule_is_chosen(client: TestClient):
    found = client.get(ADDRESS, params={"rule": "duplicate_name", "limit": 1000}).json()
    assert {one["rule"] for one in found["items"]} <= {"duplicate_name"}
    assert found["total"] == len(found["items"])


@pytest.mark.parametrize(
    ("params", "status"),
    [({"rule": "moon"}, 400), ({"level": "moon"}, 400), ({"within": "none"}, 404), ({"limit": "0"}, 422)],
)
def test_bad_wishes_are_refused(client: TestClient, params: dict[str, str], status: int):
    assert client.get(ADDRESS, params=params).status_code == status


def test_a_country_without_a_table_romanizes_nothing(client: TestClient):
    answer = client.get("/api/v1/registers/dz/romanization", params={"text": "الجزائر"})
    assert (answer.status_code, answer.json()["rule"]) == (400, "invalid_value")


@pytest.mark.parametrize("params", [{}, {"register": "dz", "rule": "letters", "level": "commune"}, {"text": "الجزائر"}])
def test_page_answers(client: TestClient, params: dict[str, str]):
    answer = client.get("/names", params=params, headers=HTML)
    assert answer.status_code == 200
    assert '<html lang="fa" dir="rtl">' in answer.text


def test_page_shows_no_foreign_markup(client: TestClient):
    text = client.get("/names", params={"text": "<script>alert(1)</script>"}, headers=HTML).text
    assert "<script>alert" not in text


def test_names_of_a_division_tell_their_script(client: TestClient):
    found = client.get("/api/v1/registers/dz/divisions/16").json()["names"]
    assert {one["language"]: one["script"] for one in found} == {"ar": "Arab", "fr": "Latn", "en": "Latn"}
