"""Test that searches and samples are ordered as jobs over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from services.database.engine import open_session
from services.jobs import work_jobs
from services.tables.register import Register

BASE = "/api/v1/registers/drawn/plans"
SEARCH = {"name": "found", "unit_level": "commune", "districts": 2, "seconds": 0.2}
Headers = dict[str, str]


class Office:
    """Order jobs about the plans of a register of its own."""

    def __init__(self, client: TestClient, engine: Engine, key: Headers) -> None:
        self.client, self.engine, self.key = client, engine, key

    def post(self, path: str, body: object, *, version: int = 0) -> Any:
        """Post to the plans of the register."""
        return self.client.post(BASE + path, json=body, headers={"If-Match": f'"drawn-{version}"', **self.key})

    def follow(self, answer: Any) -> Any:
        """Do what waits, and look where an answer points to."""
        work_jobs(self.engine)
        return self.client.get(answer.headers["Location"], headers=self.key).json()


@pytest.fixture
def office(
    fresh_client: TestClient, fresh_engine: Engine, issue: Callable[..., Headers], build_in: Callable[..., Any]
) -> Office:
    """Open the office of an election officer over four communes in a row."""
    with open_session(fresh_engine) as session:
        drawn = build_in(session)
        drawn.draw("XXYY\nXXYY", "wilaya")
        drawn.draw("ABCD\nABCD", "commune", parents={"A": "X", "B": "X", "C": "Y", "D": "Y"})
        session.scalars(select(Register)).one().name = "drawn"
    return Office(fresh_client, fresh_engine, issue("election_officer"))


def test_a_search_is_ordered_and_followed_to_its_plan(office: Office):
    ordered = office.post("/searches", SEARCH)
    assert (ordered.status_code, ordered.json()["state"]) == (202, "waiting")
    done = office.follow(ordered)
    assert (done["state"], done["result"]["plan"]) == ("done", "found")
    assert office.client.get(f"{BASE}/found").json()["assignment"] == {"A": 1, "B": 1, "C": 2, "D": 2}


def test_a_sample_is_ordered_and_followed_to_its_standings(office: Office):
    office.follow(office.post("/searches", SEARCH))
    ordered = office.post("/found/samples", {"neutral": 30})
    assert {one["plans"] for one in office.follow(ordered)["result"]["standings"]} == {30}


@pytest.mark.parametrize(
    ("current", "state"),
    [({"A": 1, "B": 1, "C": 2, "D": 2}, "done"), ({}, "failed"), ({"A": 1}, "failed"), ({"Z": 1}, "failed")],
)
def test_no_new_splits_are_held_against_the_plan_of_today(office: Office, current: dict[str, int], state: str):
    asked = {"no_new_splits": True, "split_level": "wilaya", "current": current}
    assert office.follow(office.post("/searches", SEARCH | asked))["state"] == state


def test_a_search_that_waits_can_be_ended(office: Office):
    where = office.post("/searches", SEARCH).headers["Location"]
    assert office.client.delete(where, headers=office.key).json()["state"] == "cancelled"
    work_jobs(office.engine)
    assert office.client.get(f"{BASE}/found").status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"seconds": 0}, 422),
        ({"seconds": 1e9}, 422),
        ({"districts": "x"}, 422),
        ({"name": ""}, 422),
        ({"name": "a\0"}, 422),
        ({"seats": [1]}, 400),
        ({"tolerance": 2}, 422),
        ({"except": ["nowhere"]}, 400),
        ({"bridges": [["A", "A\0"]]}, 422),
        ({"within": "nowhere"}, 404),
        ({"unit_level": "ostan"}, 400),
        ({"seed": -1}, 422),
    ],
)
def test_searches_without_meaning_are_refused_at_once(office: Office, change: dict[str, Any], status: int):
    assert office.post("/searches", SEARCH | change).status_code == status


@pytest.mark.parametrize("path", ["/searches", "/found/samples"])
def test_jobs_need_a_key_and_the_version(office: Office, path: str):
    office.follow(office.post("/searches", SEARCH))
    body = SEARCH | {"name": "again", "neutral": 10}
    assert office.post(path, body, version=7).status_code in (409, 412)
    office.key = {}
    assert office.post(path, body).status_code == 401


def test_other_roles_order_nothing(office: Office, issue: Callable[..., Headers]):
    office.key = issue("planner")
    assert office.post("/searches", SEARCH).status_code == 403
