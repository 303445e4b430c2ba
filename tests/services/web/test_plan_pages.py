"""Test the pages on which plans are studied, compared, changed by hand and tried out."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient


def read(client: TestClient, path: str, **query: object) -> str:
    answer = client.get(
        path, params={"register": "dz", "lang": "en"} | {key.rstrip("_"): str(v) for key, v in query.items()}
    )
    assert answer.status_code == 200
    return answer.text


def test_plans_are_listed(client: TestClient):
    assert "16-demo" in read(client, "/plans")


def test_a_plan_is_studied(client: TestClient):
    text = read(client, "/plans", plan="16-demo")
    assert "Cut edges" in text and "/plans/dz/16-demo" in text and "Among" not in text


def test_a_plan_is_drawn_among_neutral_ones(client: TestClient):
    text = read(client, "/plans", plan="16-demo", neutral=100)
    assert "<svg" in text and "Among 100 neutral plans" in text


def test_a_plan_is_compared(client: TestClient):
    assert "0 units with 0 people" in read(client, "/plans", plan="16-demo", with_="16-demo")


def test_moves_are_tried(client: TestClient):
    assignment = client.get("/api/v1/registers/dz/plans/16-demo").json()["assignment"]
    code, district = next(iter(assignment.items()))
    assert "1 units with" in read(client, "/plans", plan="16-demo", moves=f"{code} = {district % 6 + 1}")


@pytest.mark.parametrize(
    "query",
    [
        {"moves": "abc"},
        {"moves": "9999999=1"},
        {"moves": "1601=77"},
        {"with_": "none"},
        {"plan": "none"},
    ],
)
def test_what_stands_in_the_way_is_told(client: TestClient, query: dict[str, str]):
    assert 'role="alert"' in read(client, "/plans", **({"plan": "16-demo"} | query))


@pytest.mark.parametrize(
    "query", [{"districts": 4}, {"seats": "1,2,1", "tolerance": 30}, {"districts": 3, "objective": "perimeter"}]
)
def test_a_plan_is_tried(client: TestClient, query: dict[str, object]):
    text = read(client, "/plans/try", within=16, **query)
    assert "The plan that was found" in text and 'role="alert"' not in text


@pytest.mark.parametrize(
    "query",
    [
        {"districts": 0},
        {"districts": "x"},
        {"districts": 10**6},
        {"districts": 4, "within": "none"},
        {"districts": 4, "tolerance": "nan"},
        {"districts": 4, "tolerance": 500},
        {"districts": 4, "objective": "beauty"},
        {"districts": 4, "level": "none"},
        {"seats": "1,2", "districts": 3},
        {"districts": 4, "seed": 10**12},
        {"districts": 4, "turns": 61},
        {"districts": 4, "turns": 3, "turn": 4},
        {"districts": 4, "turns": 3, "turn": 2, "best": 2},
        {"districts": 4, "turn": "x"},
    ],
)
def test_trials_without_meaning_are_told(client: TestClient, query: dict[str, object]):
    assert 'role="alert"' in read(client, "/plans/try", **({"within": 16} | query))


def follow(text: str) -> dict[str, str]:
    """Read where a page goes on by itself."""
    found = re.search(r'http-equiv="refresh" content="1; url=/plans/try\?([^"]+)"', text)
    return dict(parse_qsl(unescape(found[1]))) if found else {}


def test_a_trial_goes_on_turn_after_turn_until_it_is_over(client: TestClient):
    text = read(client, "/plans/try", within=16, districts=4, turns=3)
    assert "Turn 1 of 3" in text and "<progress" in text
    for turn in (2, 3):
        query = follow(text)
        assert query["turn"] == str(turn)
        text = read(client, "/plans/try", **query)
    assert follow(text) == {} and "of the 3 taken" in text


def test_a_trial_is_stopped_by_a_button(client: TestClient):
    text = read(client, "/plans/try", within=16, districts=4, turns=10)
    form = text.partition('<form class="under-way"')[2].partition("</form>")[0]
    stop = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    ended = read(client, "/plans/try", **stop)
    assert stop["turns"] == "1" and follow(ended) == {} and "The plan that was found" in ended


def test_districts_are_shown_one_by_one(client: TestClient):
    assert "People per seat" in read(client, "/plans", plan="16-demo")


@pytest.mark.parametrize("path", ["/plans", "/plans/try"])
def test_pages_are_persian_first(client: TestClient, path: str):
    text = client.get(path).text
    assert 'dir="rtl"' in text and "حوزه" in text
