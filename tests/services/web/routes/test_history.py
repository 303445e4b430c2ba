"""Test the register through time over HTTP and on its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

HTML = {"Accept": "text/html"}


@pytest.fixture
def session(fresh_engine: Engine) -> Iterator[Session]:
    """Open a session on the database that the client speaks to."""
    with Session(fresh_engine) as session:
        yield session


@pytest.fixture
def address(story: Any) -> str:
    """Commit the story, and give the address of its register."""
    story.session.commit()
    return f"/api/v1/registers/{story.country.register.name}"


@pytest.fixture
def ask(fresh_client: TestClient, address: str) -> Callable[..., Any]:
    """Give the way to ask the API about the register."""
    return lambda path="", **params: fresh_client.get(address + path, params=params).json()


def test_life_is_told_with_decrees(ask: Callable[..., Any]):
    found = ask("/divisions/B/history")
    assert [(one["day"], one["before"], one["after"]) for one in found["events"]] == [
        ("2019-01-01", "P", "N"),
        ("2021-01-01", "N", "Q"),
    ]
    assert found["events"][0]["change"] is not None
    assert found["periods"] == [{"start": None, "end": None}]


def test_lineage_follows_a_code_that_is_gone(ask: Callable[..., Any]):
    found = ask("/divisions/N/lineage")
    assert (found["as_of"], [kin["division"]["code"] for kin in found["successors"]]) == ("2020-12-31", ["Q"])
    assert [(one["kind"], one["decree"]["number"]) for one in found["earlier"]] == [("split", "57/1")]


def test_named_day_is_taken_at_its_word(fresh_client: TestClient, address: str):
    assert fresh_client.get(f"{address}/divisions/N/lineage", params={"as_of": "2024-01-01"}).status_code == 404
    assert fresh_client.get(f"{address}/divisions/N/lineage", params={"as_of": "1398"}).status_code == 200


def test_lineage_ends_on_the_day_asked_for(ask: Callable[..., Any]):
    found = ask("/divisions/P/lineage", as_of="2018-01-01", until="2019")
    assert {kin["division"]["code"]: kin["area_share"] for kin in found["successors"]} == pytest.approx(
        {"N": 0.5, "P": 0.5}
    )


def test_boundaries_are_features_with_periods(ask: Callable[..., Any]):
    features = ask("/divisions/P/boundaries")["features"]
    assert [(one["properties"]["valid_from"], one["properties"]["valid_to"]) for one in features] == [
        (None, "2019-01-01"),
        ("2019-01-01", None),
    ]


@pytest.mark.parametrize(
    ("params", "kinds"),
    [
        ({"from": "2019", "to": "2021"}, ["split", "rename", "merge"]),
        ({"from": "1397", "to": "1397"}, ["split"]),
        ({"from": "2019-01-01", "to": "2019-01-01"}, ["split"]),
        ({"from": "2019", "to": "2021", "within": "Y"}, ["merge"]),
    ],
)
def test_events_between_two_dates(ask: Callable[..., Any], params: dict[str, str], kinds: list[str]):
    assert [one["kind"] for one in ask("/events", **params)["changes"]] == kinds


def test_events_come_in_pages(ask: Callable[..., Any]):
    found = ask("/events", **{"from": "2019", "to": "2021", "limit": "2"})
    assert (found["total"], [link["rel"] for link in found["links"]]) == (7, ["next"])


def test_timeline_lists_days(ask: Callable[..., Any]):
    assert [line["day"] for line in ask("/timeline")["days"]] == ["2021-01-01", "2020-01-01", "2019-01-01"]


@pytest.mark.parametrize(
    ("path", "params", "rule"),
    [
        ("/events", {"from": "1390", "to": "2015"}, "invalid_value"),
        ("/events", {"from": "1395", "to": "1390"}, "invalid_period"),
        ("/events", {"from": "1404-12-30", "to": "1405"}, "invalid_date"),
        ("/events", {"from": "2019", "to": "2020", "within": "\0"}, "address_unreadable"),
        ("/events", {"from": "2019"}, "malformed"),
        ("/events", {"from": "0", "to": "2020"}, "invalid_date"),
        ("/divisions/A/history", {"as_of": "9999-12-31"}, "invalid_date"),
        ("/divisions/A/lineage", {"until": "99"}, "invalid_date"),
        ("/divisions/A/lineage", {"as_of": "1" * 33}, "malformed"),
    ],
)
def test_bad_questions_are_refused_with_their_rule(
    ask: Callable[..., Any], path: str, params: dict[str, str], rule: str
):
    assert ask(path, **params)["rule"] == rule


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/history", "۱۳۹۷/۱۰/۱۱"),
        ("/divisions/P/history", "تفکیک"),
        ("/divisions/P/history?as_of=1390", "۲۹ اسفند ۱۳۹۰"),
        ("/history/life?code=N", "امروز برقرار نیست"),
        ("/history/life?code=nobody", "واحدی پیدا نشد"),
        ("/history/between?from=1397&to=1399", "57/1"),
        ("/history/between?from=1397&to=2020", "دو گاه‌شمار"),
        ("/history/where", "این نقطه"),
        ("/divisions/N?as_of=2020-01-01", "بازگشت به امروز"),
    ],
)
@pytest.mark.usefixtures("address")
def test_pages_answer(fresh_client: TestClient, path: str, told: str):
    answer = fresh_client.get(path, headers=HTML)
    assert (answer.status_code, told in answer.text) == (200, True)


@pytest.mark.usefixtures("address")
def test_chosen_date_is_kept_across_links_and_forms(fresh_client: TestClient):
    text = fresh_client.get("/divisions/P?as_of=1390&x=1", headers=HTML).text
    assert 'href="/search?as_of=1390"' in text
    assert '<input type="hidden" name="x" value="1">' in text
    assert "۲۹ اسفند ۱۳۹۰" in text


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize(
    ("day", "told"),
    [("2018", "P"), ("2019-06-01", "N"), ("", "Q"), ("1404-12-30", "message"), ("x", "message")],
)
def test_point_is_looked_up_on_a_day(fresh_client: TestClient, day: str, told: str):
    point = {"latitude": "0.5", "longitude": "۱٫۵", "day": day}
    answer = fresh_client.post("/history/where", data=point, headers=HTML)
    assert (f">{told}<" in answer.text or f'class="{told}"' in answer.text) is True
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("point", [("", ""), ("91", "0"), ("nan", "0"), ("1e999", "0"), ("\0", "0")])
def test_point_off_the_earth_is_told(fresh_client: TestClient, point: tuple[str, str]):
    data = {"latitude": point[0], "longitude": point[1]}
    assert 'role="alert"' in fresh_client.post("/history/where", data=data, headers=HTML).text


def test_day_that_was_chosen_is_in_the_header(fresh_client: TestClient, address: str):
    answer = fresh_client.get(f"{address}/divisions/A", params={"as_of": "1390"})
    assert answer.headers["as-of"] == "2012-03-19"


@pytest.mark.parametrize(("day", "dairas"), [("2018", 3), ("2019", 4), ("2021", 3)])
def test_counts_of_levels_are_those_of_the_day(ask: Callable[..., Any], day: str, dairas: int):
    assert ask("", as_of=day)["levels"]["daira"] == dairas
