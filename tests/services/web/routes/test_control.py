"""Test the control against decrees over HTTP and on its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from fixtures.registers import invent_register
from services.access.roles import make_operator
from services.database.engine import open_session
from services.queries import RegisterState, get_register
from services.register.decrees import DecreeText, record_decree
from services.web.access import to_etag

API = "/api/v1/registers/drawn/decrees"
MARKERS = "number,first,second,accuracy_m,source,lon,lat\n7,0101010001,0101010002,5,=cmd,51.01,35.0201\n"
LINE = 'first,second,accuracy_m,source,wkt\n0101010001,0101010002,5,survey,"LINESTRING(51 35.02, 51.02 35.021)"\n'

Send = Callable[..., Any]


@pytest.fixture
def send(
    fresh_client: TestClient,
    fresh_engine: Engine,
    issue: Callable[..., dict[str, str]],
    store_states: Callable[..., RegisterState],
) -> Send:
    """Send a file of descriptions under a decree of the drawn register."""
    with open_session(fresh_engine) as session:
        state = store_states(session, invent_register())
        text = DecreeText("1", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
        record_decree(session, state, text, caller=make_operator("tests"))
        tag = to_etag(get_register(session, "drawn"))
    headers = {**issue("national_officer"), "If-Match": tag}

    def post(what: str, text: str, *, decree: int = 1, **form: str) -> Any:
        address = f"{API}/{decree}/descriptions/{what}"
        return fresh_client.post(address, files={"file": ("a.csv", text)}, data=form, headers=headers)

    return post


def test_what_is_described_is_held_against_the_boundaries(send: Send, fresh_client: TestClient):
    assert send("markers", MARKERS).json()["kept"] == 1
    assert send("lines", LINE).json()["kept"] == 1
    answer = fresh_client.get(f"{API}/control").json()
    assert answer["counts"] == {"line_off": 1, "marker_off": 1, "unused_decree": 1}
    assert answer["checked"] == {"decrees": 1, "lines": 1, "markers": 1, "places": 0}
    marker = next(one for one in answer["findings"] if one["kind"] == "marker_off")
    assert (marker["geometry"]["type"], round(marker["distance_m"], 1)) == ("Point", 11.1)


def test_a_table_runs_no_formulas(send: Send, fresh_client: TestClient):
    send("markers", MARKERS)
    text = fresh_client.get(f"{API}/control.csv").text
    assert text.startswith("\ufeffkind,severity")
    assert "=cmd" in text
    assert ",=cmd" not in text


def test_what_cannot_be_kept_is_refused(send: Send):
    refused = {
        400: ("markers", "number\n7\n", 1),
        404: ("markers", MARKERS, 99),
        422: ("markers", MARKERS.replace("35.0201", "nan"), 1),
        415: ("lines", "\0", 1),
    }
    assert [send(what, text, decree=key).status_code for what, text, key in refused.values()] == list(refused)
    assert send("marks", MARKERS).status_code == 422


def test_a_kind_is_replaced(send: Send):
    statuses = [send("markers", MARKERS, **form).status_code for form in ({}, {}, {"replace": "true"})]
    assert statuses == [200, 422, 200]


def test_the_page_shows_what_differs(send: Send, fresh_client: TestClient):
    send("markers", MARKERS)
    pages = [fresh_client.get(path) for path in ("/decrees/control", "/decrees/control?lang=en")]
    picture = fresh_client.get("/maps/drawn/control")
    assert [one.status_code for one in (*pages, picture)] == [200, 200, 200]
    assert all("0101010001" in page.text for page in pages)


def test_the_page_of_an_empty_store_says_so(fresh_client: TestClient):
    assert fresh_client.get("/decrees/control?lang=en").status_code == 200
