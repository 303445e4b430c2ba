"""Test the endpoints of elections and of what became of stations."""

import pytest

from services.database.engine import open_session
from services.tables.elections import Station

BASE = "/api/v1/registers/drawn"


@pytest.fixture
def officer(fresh_client, fresh_engine, store_states, issue):
    """Give what an election officer sends with a write to a drawn register with two stations."""
    with open_session(fresh_engine) as session:
        register = store_states(session, {})
        session.add_all(Station(register_id=register.id, code=code, name=code) for code in "ab")
    tag = fresh_client.get(BASE).headers["etag"]
    return issue("election_officer") | {"If-Match": tag}


def give(client, headers, **said):
    return client.post(f"{BASE}/stations/a/notices", json={"status": "closed"} | said, headers=headers)


def test_elections_are_recorded_and_listed(fresh_client, officer):
    election = {"ballot": "majles", "name": "مجلس", "held_on": "1402-12-11"}
    assert fresh_client.post(f"{BASE}/elections", json=election, headers=officer).json()["held_on"] == "2024-03-01"
    assert [one["ballot"] for one in fresh_client.get(f"{BASE}/elections").json()] == ["majles"]


def test_notices_show_at_once(fresh_client, officer):
    assert give(fresh_client, officer, reason="سیل", replacement="b").status_code == 200
    told = fresh_client.get(f"{BASE}/stations/a/notices").json()
    assert [(one["status"], one["replacement"]) for one in told] == [("closed", "b")]
    assert "actor" not in told[0]


def test_second_officer_gets_a_conflict(fresh_client, officer):
    give(fresh_client, officer)
    assert give(fresh_client, officer, status="open").status_code == 409


@pytest.mark.parametrize(
    ("said", "status"),
    [({"status": "gone"}, 422), ({"status": "moved"}, 400), ({"replacement": "z"}, 404), ({"reason": "x" * 501}, 422)],
)
def test_useless_notices_are_refused(fresh_client, officer, said, status):
    assert give(fresh_client, officer, **said).status_code == status


def test_strangers_give_no_notices(fresh_client, officer):
    assert give(fresh_client, {}).status_code == 401


def test_clerks_give_no_notices(fresh_client, officer, issue):
    assert give(fresh_client, officer | issue("clerk")).status_code == 403
