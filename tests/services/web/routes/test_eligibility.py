"""Test the endpoints that say who may vote."""

import pytest

from services.database.engine import open_session

PATH = "/api/v1/registers/dz/eligibility"
QUESTION = {"ballot": "none", "held_on": "2025-03-01"}


def test_ballots_of_a_country_without_any(client):
    assert client.get("/api/v1/registers/dz/ballots").json() == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 400),
        ({"place": "SENTINEL"}, 404),
        ({"born_on": "SENTINEL"}, 400),
        ({"resident_since": "1404-12-30"}, 400),
        ({"sex": "SENTINEL"}, 422),
        ({"held_on": "soon"}, 400),
    ],
)
def test_questions_that_cannot_be_answered(client, said, status):
    assert client.post(PATH, json=QUESTION | said).status_code == status


@pytest.mark.parametrize("field", ["place", "born_on", "resident_since"])
def test_what_an_elector_says_is_not_repeated(client, field):
    answer = client.post(PATH, json=QUESTION | {field: "SENTINEL"})
    assert "SENTINEL" not in answer.text and answer.status_code in (400, 404)


def test_answers_say_why_and_are_not_kept(fresh_client, fresh_engine, store_states):
    with open_session(fresh_engine) as session:
        store_states(session, {}, "ir")
    said = {"born_on": "1360-01-01", "citizen": True, "resident_since": "1403-06-10"}
    answer = fresh_client.post(PATH.replace("dz", "ir"), json=QUESTION | {"ballot": "local_council"} | said)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.json()["outcome"] == "unknown" and all(one["why"] for one in answer.json()["rulings"])
