"""Test the search by name over HTTP and on its page."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

ADDRESS = "/api/v1/registers/dz/search"
HTML = {"Accept": "text/html"}


def test_hits_come_with_chain_and_reasons(client: TestClient):
    found = client.get(ADDRESS, params={"text": "الجزائر", "level": "wilaya"}, headers={"Accept-Language": "en"}).json()
    assert (found["total"], found["register"]) == (1, "dz")
    (hit,) = found["hits"]
    assert (hit["division"]["code"], hit["score"], hit["reasons"]) == ("16", 1.0, ["the very name"])


def test_slip_is_forgiven(client: TestClient):
    found = client.get(ADDRESS, params={"text": "Tlemcn", "level": "wilaya"}).json()
    assert [hit["division"]["names"]["fr"] for hit in found["hits"]] == ["Tlemcen"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": "x" * 201}, 422),
        ({"text": "x", "limit": "0"}, 422),
        ({"text": "x", "level": "moon"}, 400),
        ({"text": "a\0"}, 400),
    ],
)
def test_bad_questions_are_refused(client: TestClient, params: dict[str, str], status: int):
    assert client.get(ADDRESS, params=params).status_code == status


@pytest.mark.parametrize("params", [{}, {"text": "الجزائر"}, {"text": "qqqqqqqq"}, {"text": "Alger", "level": ""}])
def test_page_answers(client: TestClient, params: dict[str, str]):
    answer = client.get("/search", params=params, headers=HTML)
    assert answer.status_code == 200
    assert '<html lang="fa" dir="rtl">' in answer.text


def test_page_links_to_divisions(client: TestClient):
    text = client.get("/search", params={"text": "الجزائر", "register": "dz"}, headers=HTML).text
    assert 'href="/divisions/16?register=dz"' in text


def test_page_shows_no_foreign_markup(client: TestClient):
    text = client.get("/search", params={"text": "<script>alert(1)</script>"}, headers=HTML).text
    assert "<script>alert" not in text


def test_voter_is_offered_what_is_alike(client: TestClient):
    answer = client.post("/find", data={"register": "dz", "asked": "Tlemcn"})
    assert "آیا یکی از این‌ها منظور است؟" in answer.text
    assert "تلمسان" in answer.text
