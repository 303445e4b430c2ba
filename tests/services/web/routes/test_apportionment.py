"""Test what the API and the page answer about seats."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

API = "/api/v1/apportionments"
ARTICLE = [{"code": c, "population": p} for c, p in (("A", 9100), ("B", 700), ("C", 150), ("D", 50))]


def test_article_49_with_every_step(client: TestClient):
    answer = client.post(API, json={"units": ARTICLE, "method": "article-49", "seats": 20, "floor": 2}).json()
    assert answer["seats"] == {"A": 15, "B": 1, "C": 2, "D": 2}
    assert [one["round"] for one in answer["rounds"]] == [1, 2]


def test_body_of_a_pack_brings_its_rule(client: TestClient):
    answer = client.post(API, json={"units": ARTICLE, "country": "af", "body": "wolesi_jirga"}).json()
    assert (answer["total"], answer["reserved"], answer["body"]) == (249, {"kuchi": 10}, "wolesi_jirga")


def test_tie_is_an_answer(client: TestClient):
    units = [{"code": code, "population": 5} for code in "xy"]
    answer = client.post(API, json={"units": units, "method": "dhondt", "seats": 1}).json()
    assert (answer["status"], answer["undecided"], answer["ties"][0]["codes"]) == ("tied", 1, ["x", "y"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"units": ARTICLE, "method": "adams", "seats": 3}, 422),
        ({"units": [], "method": "adams", "seats": 3}, 422),
        ({"units": ARTICLE, "method": "best", "seats": 3}, 400),
        ({"units": ARTICLE, "method": "hamilton"}, 400),
        ({"units": ARTICLE * 2, "method": "hamilton", "seats": 9}, 400),
        ({"units": [{"code": "A", "population": 0}], "method": "hamilton", "seats": 9}, 400),
        ({"units": [{"code": "A", "population": 10**400}], "method": "hamilton", "seats": 9}, 400),
        ({"units": [{"code": "A", "population": "9"}], "method": "hamilton", "seats": 9}, 422),
        ({"units": [{"code": "A", "population": 2.5}], "method": "hamilton", "seats": 9}, 422),
        ({"units": ARTICLE, "body": "wolesi_jirga"}, 400),
    ],
)
def test_what_cannot_be_asked_is_a_problem(client: TestClient, body, status):
    answer = client.post(API, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_wilayas_share_seats(client: TestClient):
    asked = {"level": "wilaya", "method": "sainte-lague", "seats": 407}
    answer = client.get("/api/v1/registers/dz/apportionment", params=asked).json()
    assert (len(answer["units"]), sum(answer["seats"].values())) == (69, 407)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"level": "wilaya", "method": "hamilton", "seats": "۴۰۷"}, "دور ۱"),
        ({"units": "A, 9100\nB، ۷۰۰\nC\t150\nD;50", "method": "article-49", "seats": "20"}, "دور ۲"),
        ({"units": "A,5\nB,5", "method": "dhondt", "seats": "1"}, "برابر"),
        ({"units": "A,5\nB,5", "method": "adams", "seats": "1"}, "پاسخی وجود ندارد"),
        ({"units": "A 5", "method": "adams", "seats": "1"}, "سطر 1"),
        ({"units": "A,x", "method": "adams", "seats": "1"}, "عدد صحیح"),
        ({"level": "wilaya", "method": "hamilton", "seats": "بسیار"}, "عدد صحیح"),
        ({"level": "nothing", "method": "hamilton", "seats": "5"}, "nothing"),
    ],
)
def test_page_tells_the_steps_or_what_is_wrong(client: TestClient, asked, word):
    assert word in client.get("/apportion", params=asked, headers={"Accept": "text/html"}).text


def test_page_keeps_what_was_typed_and_runs_nothing_of_it(client: TestClient):
    text = client.get("/apportion", params={"units": "<script>alert(1)</script>,5", "seats": "3"}).text
    assert "&lt;script&gt;" in text and "<script>alert" not in text
