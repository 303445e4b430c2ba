"""Test that every page answers in both languages and asks nothing of other hosts."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from maps.offline import list_remote_addresses

PAGES = (
    "/",
    "/find",
    "/findings",
    "/findings?level=daira",
    "/complaints",
    "/complaints?level=commune",
    "/complaints?category=water",
    "/apportion",
    "/apportion?level=wilaya&seats=407",
    "/divisions/16",
    "/plans/dz/16-demo",
    "/maps/dz/findings?level=commune",
    "/maps/dz/complaints?level=wilaya",
    "/maps/dz/plans/16-demo",
    "/problems",
    "/docs",
)
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_page_answers(client: TestClient, address: str, language: str):
    answer = client.get(address, headers={**HTML, "Accept-Language": language})
    assert answer.status_code == 200
    assert list_remote_addresses(answer.text) == []


@pytest.mark.parametrize("address", [page for page in PAGES if page != "/docs"])
def test_page_is_right_to_left_in_persian(client: TestClient, address: str):
    assert '<html lang="fa" dir="rtl">' in client.get(address, headers=HTML).text


def test_home_counts_the_divisions(client: TestClient):
    text = client.get("/", headers=HTML).text
    assert all(number in text for number in ("۶۹", "۵۴۸", "۱٬۵۳۸"))


def test_voter_is_answered_without_a_script(client: TestClient):
    answer = client.post("/find", data={"register": "dz", "latitude": "۳۶٫۷۵۳۸", "longitude": "3.0588"})
    assert "الجزائر" in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"latitude": "x", "longitude": "3"}, "مختصات باید عدد باشد"),
        ({"latitude": "35.7", "longitude": "51.4"}, "پیدا نشد"),
        ({"asked": "ناکجاآباد"}, "پیدا نشد"),
        ({"asked": "الشلف"}, "کدام یک؟"),
        ({"asked": "<script>alert(1)</script>"}, "پیدا نشد"),
    ],
)
def test_voter_is_told_what_is_wrong(client: TestClient, form: dict[str, str], word: str):
    answer = client.post("/find", data={"register": "dz", **form})
    assert word in answer.text
    assert "<script>alert" not in answer.text


def test_missing_page_is_a_page(client: TestClient):
    answer = client.get("/divisions/9999", headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_empty_store_says_how_to_begin(fresh_client: TestClient):
    assert "./taqsimat demo" in fresh_client.get("/", headers=HTML).text
