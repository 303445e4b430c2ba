"""Test proposals of repairs over HTTP and on their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from fixtures.registers import invent_register
from fixtures.torn import tear_register
from services.access.accounts import create_account
from services.access.grants import Scope, grant_role
from services.access.keys import issue_key
from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import create_store_engine, open_session
from services.queries import RegisterState, get_register
from services.register.decrees import DecreeText, record_decree
from services.settings import Settings
from services.web.access import to_etag
from services.web.app import create_app

API = "/api/v1/registers/drawn/repairs"
DAY = "2022-03-21"
OPERATOR = make_operator("tests")


class Office:
    """Speak for two officers over one register."""

    def __init__(self, client: TestClient, engine: Engine) -> None:
        self.client, self.engine = client, engine
        self.keys = [self._issue(role) for role in ("national_officer", "admin")]

    def _issue(self, role: str) -> str:
        with open_session(self.engine) as session:
            create_account(session, role, caller=OPERATOR)
            grant_role(session, role, role, caller=OPERATOR, scope=Scope(None, None))
            return issue_key(session, role, caller=OPERATOR, label="test").secret

    def post(self, path: str, body: dict[str, Any], *, second: bool = False) -> Any:
        """Send a write as one of them, on the register as it is."""
        with open_session(self.engine) as session:
            tag = to_etag(get_register(session, "drawn"))
        headers = {"Authorization": f"Bearer {self.keys[second]}", "If-Match": tag}
        return self.client.post(f"{API}{path}?as_of={DAY}", json=body, headers=headers)

    def propose(self) -> dict[str, Any]:
        """Propose repairs as the first of them."""
        answer = self.post("", {"levels": ["dehestan"]})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def office(cluster: Cluster, template: str, store_states: Callable[..., RegisterState]) -> Iterator[Office]:
    """Open the office of a torn register, with a decree and a first proposal."""
    engine = create_store_engine(cluster.create_database("torn_register", template=template))
    with open_session(engine) as session:
        state = store_states(session, tear_register(invent_register()))
        text = DecreeText("1", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
        record_decree(session, state, text, caller=OPERATOR)
    with TestClient(create_app(Settings(), engine), raise_server_exceptions=False) as client:
        office = Office(client, engine)
        office.propose()
        yield office
    engine.dispose()


def test_moves_say_what_is_done_and_how_far(office: Office):
    moves = office.client.get(f"{API}/1/moves").json()
    assert [move["way"] for move in moves] == ["border", "border", "vertex"]
    assert all(0 <= move["displacement_m"] < 2 for move in moves)
    assert [len(move["divisions"]) for move in moves] == [2, 2, 2]


@pytest.mark.parametrize(
    ("body", "second", "status", "rule"),
    [
        ({"version": 1, "decree": 1}, False, 403, "same_repair_officer"),
        ({"version": 9, "decree": 1}, True, 409, "stale_version"),
        ({"version": 1, "decree": 77}, True, 404, "decree_not_found"),
        ({"version": 1, "decree": 1, "numbers": [9]}, True, 400, "invalid_value"),
        ({"version": 1, "decree": 1, "effective_on": "2001-01-01"}, True, 409, "change_refused"),
        ({"version": "x", "decree": 1}, True, 422, "malformed"),
    ],
)
def test_an_acceptance_is_refused(office: Office, body: dict[str, Any], second: bool, status: int, rule: str):
    answer = office.post("/1/accept", body, second=second)
    assert (answer.status_code, answer.json()["type"].rsplit("#")[-1]) == (status, rule)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"levels": ["nothing"]}, 400),
        ({"levels": []}, 422),
        ({"levels": ["dehestan"], "limits": {"most_area_m2": 10_001}}, 400),
        ({"levels": ["dehestan"], "limits": {"most_width_m": 0}}, 400),
        ({"levels": ["dehestan"], "limits": {"most_displacement_m": "NaN"}}, 400),
        ({"levels": ["dehestan"], "first": "vertex"}, 400),
        ({"levels": ["dehestan"], "first": "guess"}, 422),
        ({"levels": ["village"]}, 400),
    ],
)
def test_a_proposal_is_refused(office: Office, body: dict[str, Any], status: int):
    assert office.post("", body).status_code == status


def test_a_refusal_keeps_its_reason(office: Office):
    key = office.propose()["id"]
    refused = office.post(f"/{key}/refuse", {"version": 1, "reason": "بازدید"}, second=True).json()
    assert (refused["state"], refused["reason"], refused["decided_by"]) == ("refused", "بازدید", "admin")
    assert [one["id"] for one in office.client.get(f"{API}?state=refused").json()] == [key]


def test_nobody_proposes_without_a_key(office: Office):
    assert office.client.post(API, json={"levels": ["dehestan"]}).status_code == 401


@pytest.mark.parametrize(("kind", "begins"), [("geojson", '{"type": "FeatureCollection"'), ("csv", "number,")])
def test_a_proposal_is_exported(office: Office, kind: str, begins: str):
    answer = office.client.get(f"{API}/1/export?format={kind}")
    assert answer.status_code == 200
    assert answer.text.startswith(begins)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("path", ["/repairs", "/repairs/1", "/maps/drawn/repairs/1", "/repairs?state=proposed"])
def test_pages_show_a_proposal(office: Office, path: str, language: str):
    answer = office.client.get(path, params={"lang": language} if "?" not in path else {})
    assert answer.status_code == 200
    assert "drawn" in answer.text or "0101010002" in answer.text


def test_an_unknown_proposal_is_not_found(office: Office):
    assert [office.client.get(path).status_code for path in (f"{API}/99", "/repairs/99", "/maps/drawn/repairs/99")] == [
        *(404, 404, 404)
    ]


def test_a_proposal_goes_from_the_audit_into_the_register(office: Office):
    proposal = office.client.get(f"{API}/1").json()
    assert proposal["moves"] == {"gap/border": 1, "overlap/border": 1, "unmatched_vertex/vertex": 1}
    accepted = office.post("/1/accept", {"version": 1, "decree": 1, "effective_on": DAY}, second=True)
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["accepted"]) == (200, "accepted", 3)
    applied = office.post("/1/apply", {"version": 2}, second=True)
    assert (applied.status_code, applied.json()["state"]) == (200, "applied")
    assert office.propose()["moves"] == {}
