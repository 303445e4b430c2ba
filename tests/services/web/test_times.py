"""Test that every read takes a day, or says why it has none."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import QueryParams
from starlette.requests import Request

from services.web.language import read_reader

TIMELESS = {
    "health": "is about the service",
    "accounts": "are no part of a register",
    "log": "is ordered by time itself",
    "decrees": "have their own dates",
    "changes": "have their own dates",
    "consequences": "are those of a change, on its day",
    "events": "is asked between two dates",
    "timeline": "lists every day",
    "crosswalk": "is asked with two days",
    "romanization": "is about a text",
    "codes/schemes": "are those of the country pack, with their periods",
    "codes/next": "a code once held is never free, whatever the day",
    "codes/kept": "are kept from now on",
    "worksheets": "are work in progress",
    "findings/{finding}": "stands as of the day of its audit",
    "plans": "stand as of the day they were drawn",
    "complaints/density": "is asked by years that are over",
    "divisions/{code}/council": "is asked by years that are over",
    "repairs": "stand as of the day of their audit",
    "disputes/{dispute}": "is a case with dates of its own",
    "audit-runs": "stand as of the day they looked at",
    "exceptions": "have periods of their own",
    "jobs": "are work of the service",
    "ballots": "are those of the country pack",
    "elections": "are held on a day of their own",
    "stations.geojson": "are those that stand now",
    "stations/{station}/notices": "have moments of their own",
    "editions": "are published as of their own day",
    "indices": "are those of the country pack",
    "thresholds": "are those of the country pack",
}
"""The reads without a day, by the beginning of their address inside a register, and why."""


def list_reads(client: TestClient) -> dict[str, set[str]]:
    paths: dict[str, Any] = client.get("/openapi.json").json()["paths"]
    return {
        path.removeprefix("/api/v1/").removeprefix("registers/{register}/"): {
            one["name"] for one in methods["get"].get("parameters", ())
        }
        for path, methods in paths.items()
        if "get" in methods
    }


def test_every_read_takes_a_day_or_says_why_not(client: TestClient):
    without = [path for path, names in list_reads(client).items() if "as_of" not in names]
    assert [path for path in without if not path.startswith(tuple(TIMELESS))] == []


def test_no_reason_is_left_over(client: TestClient):
    without = [path for path, names in list_reads(client).items() if "as_of" not in names]
    assert [key for key in TIMELESS if not any(path.startswith(key) for path in without)] == []


@pytest.mark.parametrize(
    ("query", "as_of"),
    [("as_of=1390", "1390"), ("as_of=1404-12-30", ""), ("as_of=", ""), ("x=1", ""), ("as_of=%00", "")],
)
def test_date_is_kept_when_it_can_be_read(client: TestClient, query: str, as_of: str):
    scope = {"type": "http", "path": "/findings", "query_string": query.encode(), "headers": [], "app": client.app}
    reader = read_reader(Request(scope))
    assert (reader.as_of, reader.day is not None) == (as_of, bool(as_of))
    assert dict(QueryParams(query)).keys() - {"as_of"} == dict(reader.query).keys()


def test_page_that_does_not_depend_on_the_date_says_so(client: TestClient):
    text = client.get("/findings?as_of=1390", headers={"Accept": "text/html"}).text
    assert "به تاریخ بستگی ندارد" in text
    assert 'href="/search?as_of=1390"' in text


@pytest.mark.parametrize("path", ["/", "/divisions/16?register=dz", "/search", "/find", "/complaints", "/apportion"])
def test_bad_date_is_refused_on_pages(client: TestClient, path: str):
    mark = "&" if "?" in path else "?"
    answer = client.get(f"{path}{mark}as_of=1404-12-30", headers={"Accept": "text/html"})
    assert (answer.status_code, "گاه‌شمار شمسی" in answer.text or "چنین روزی" in answer.text) == (400, True)
