"""Test disputes over HTTP: the whole way, races, what the loser keeps, files, and who may know."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from fixtures.registers import invent_register
from services.database.engine import open_session
from services.queries import RegisterState

BASE = "/api/v1/registers/drawn"
DECREE = {"issuer": "هیئت وزیران", "signed_on": "1403-12-20", "in_force_from": "1404-01-01"}
DAY = "1404-06-01"
CLAIM = {
    "by": "0101010001",
    "against": "0101020001",
    "drawn": shapely.LineString([(51.035, 34.0), (51.035, 36.0)]).__geo_interface__,
}
Headers = dict[str, str]


class Office:
    """Speak as two officers with a register of its own, in which the dehestan A claims ground of B."""

    def __init__(self, client: TestClient, issue: Callable[..., Headers]) -> None:
        self.client, self.issue = client, issue
        self.first, self.second = issue("national_officer"), issue("admin")
        self.decrees = 0

    def post(self, path: str, body: object, *, key: Headers | None = None) -> Any:
        """Send a write as one of them, on the version of the register that is read just before."""
        tag = self.client.get(BASE).headers["etag"]
        return self.client.post(BASE + path, json=body, headers={"If-Match": tag, **(key or self.first)})

    def get(self, path: str, *, key: Headers | None = None) -> Any:
        """Read as somebody."""
        return self.client.get(BASE + path, headers=key or {})

    def open(self, **given: Any) -> int:
        """Open the dispute."""
        answer = self.post("/disputes", {"claim": CLAIM, "as_of": DAY, **given})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def step(self, dispute: int, name: str, *, key: Headers | None = None, **body: Any) -> Any:
        """Take a step on the version the dispute is at."""
        version = self.get(f"/disputes/{dispute}", key=self.second).json()["version"]
        return self.post(f"/disputes/{dispute}/{name}", {"version": version, **body}, key=key)

    def decree(self) -> int:
        """Record another decree."""
        self.decrees += 1
        return int(self.post("/decrees", {**DECREE, "number": str(self.decrees)}).json()["id"])

    def propose(self, dispute: int) -> Any:
        """Propose the first option."""
        self.step(dispute, "options", effective_on=DAY)
        return self.step(dispute, "propose", option=1, decree=self.decree(), text="reasons")


@pytest.fixture
def office(
    fresh_client: TestClient,
    fresh_engine: Engine,
    issue: Callable[..., Headers],
    store_states: Callable[..., RegisterState],
) -> Office:
    """Open the office."""
    with open_session(fresh_engine) as session:
        store_states(session, invent_register())
    return Office(fresh_client, issue)


def test_a_claim_is_brought_into_the_register_and_taken_back(office: Office):
    key = office.open()
    proposed = office.propose(key).json()
    assert proposed["decisions"][0]["state"] == "proposed"
    assert office.step(key, "approve").json()["rule"] == "same_officer"
    assert office.step(key, "approve", key=office.second).json()["state"] == "decided"
    applied = office.step(key, "apply", key=office.second).json()
    assert (applied["state"], applied["decisions"][0]["approved_by"]) == ("applied", "admin.all")
    office.step(key, "undo", decree=office.decree(), text="a court")
    office.step(key, "approve", key=office.second)
    assert office.step(key, "apply", key=office.second).json()["state"] == "under_review"


def test_every_step_is_in_the_log(office: Office):
    key = office.open()
    office.propose(key)
    office.step(key, "approve", key=office.second)
    office.step(key, "apply", key=office.second)
    entries = office.client.get("/api/v1/log?limit=1000", headers=office.second).json()
    items = entries["items"] if isinstance(entries, dict) else entries
    steps = [(one["actor"], one["detail"]["step"]) for one in items if "dispute" in one["detail"]]
    officers = ["national_officer.all"] * 4 + ["admin.all"] * 2
    names = ["open", "claim", "options", "propose_settle", "approve", "apply_settle"]
    assert steps == list(zip(officers, names, strict=True))


def test_of_two_officers_one_wins_and_the_other_keeps_what_he_wrote(office: Office):
    key = office.open()
    office.step(key, "options", effective_on=DAY)
    version, decree = office.get(f"/disputes/{key}").json()["version"], office.decree()
    tag, answers, start = office.client.get(BASE).headers["etag"], {}, Barrier(2)

    def decide(name: str, headers: Headers, option: int) -> None:
        body = {"version": version, "option": option, "decree": decree, "text": f"words of {name}"}
        start.wait()
        path = f"{BASE}/disputes/{key}/propose"
        answers[name] = office.client.post(path, json=body, headers={"If-Match": tag, **headers})

    threads = [Thread(target=decide, args=given) for given in (("a", office.first, 1), ("b", office.second, 2))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    codes = {answer.status_code: name for name, answer in answers.items()}
    assert set(codes) == {200, 409}
    lost = answers[codes[409]].json()
    assert (lost["rule"], lost["written"]["text"]) == ("stale_version", f"words of {codes[409]}")
    assert office.get(f"/disputes/{key}").json()["decisions"][0]["text"] == f"words of {codes[200]}"


def test_a_confidential_dispute_is_hidden_from_those_without_a_key(office: Office):
    key = office.open(confidential=True)
    office.propose(key)
    assert office.get("/disputes").json()["total"] == 0
    for path in ("", "/history", "/conflicts", "/places", "/evidence/1/file"):
        assert office.get(f"/disputes/{key}{path}").json()["rule"] == "dispute_not_found"
    assert office.get("/changes").json() == []
    assert office.get("/changes/1").json()["rule"] == "change_not_found"
    shown = office.get("/disputes", key=office.first)
    assert (shown.json()["total"], shown.headers["cache-control"]) == (1, "no-store")


def test_a_change_of_a_decision_is_not_stepped_past_the_dispute(office: Office):
    key = office.open()
    change = office.propose(key).json()["decisions"][0]["change_id"]
    refused = office.post(f"/changes/{change}/approve", {"version": 2}, key=office.second)
    assert (refused.status_code, refused.json()["rule"]) == (409, "change_held")


def send_evidence(office: Office, dispute: int, *, key: Headers | None = None, file: object = None, **form: Any) -> Any:
    version = office.get(f"/disputes/{dispute}").json()["version"]
    headers = {"If-Match": office.client.get(BASE).headers["etag"], **(office.first if key is None else key)}
    data = {"version": version, "kind": "letter", "title": "a letter", **form}
    files = None if file is None else {"file": file}
    return office.client.post(f"{BASE}/disputes/{dispute}/evidence", data=data, files=files, headers=headers)


def test_a_file_is_given_back_to_be_saved_and_not_shown(office: Office):
    key = office.open()
    sent = send_evidence(office, key, file=("../نامه.html", b"<script>alert(1)</script>", "text/html"))
    (kept,) = sent.json()["evidence"]
    assert kept["file"]["media_type"] == "text/plain"
    got = office.get(f"/disputes/{key}/evidence/{kept['id']}/file")
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D9%86")
    assert got.headers["content-type"].startswith("text/plain")
    assert (got.headers["x-content-type-options"], "sandbox" in got.headers["content-security-policy"]) == (
        "nosniff",
        True,
    )


@pytest.mark.parametrize(
    ("form", "file", "status"),
    [
        ({}, ("a.png", b"MZ\xff\xff", "image/png"), 415),
        ({}, ("a.png", b"", "image/png"), 400),
        ({}, ("a.txt", b"a\0b", "text/plain"), 400),
        ({"kind": "rumour"}, None, 400),
        ({"line": "{"}, None, 400),
        ({"line": json.dumps({"type": "Point", "coordinates": [1, 2]})}, None, 400),
        ({"line": "[" * 100_000}, None, 400),
        ({"rank": "x"}, None, 422),
        ({"issued_on": "yesterday"}, None, 400),
        ({"accuracy_m": "nan"}, None, 400),
    ],
)
def test_evidence_that_cannot_be_used_is_refused(office: Office, form, file, status):
    key = office.open()
    assert send_evidence(office, key, file=file, **form).status_code == status
    assert office.get(f"/disputes/{key}").json()["evidence"] == []


def test_files_are_taken_from_those_with_a_key_alone(office: Office):
    key = office.open()
    assert send_evidence(office, key, key={"Authorization": ""}, file=("a.txt", b"x", "text/plain")).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "rule"),
    [
        ({}, 400, "invalid_value"),
        ({"divisions": ["0101010001"], "findings": [1]}, 400, "invalid_value"),
        ({"divisions": ["nowhere"]}, 404, "division_not_found"),
        ({"divisions": ["a\0"]}, 422, "malformed"),
        ({"findings": [10**30]}, 422, "malformed"),
        ({"findings": [0]}, 422, "malformed"),
        ({"findings": [12345]}, 404, "finding_not_found"),
        ({"claim": {**CLAIM, "drawn": {"type": "LineString", "coordinates": [[0, "x"]]}}}, 400, "invalid_value"),
        ({"claim": {**CLAIM, "drawn": {}}}, 400, "invalid_value"),
        ({"claim": CLAIM, "type": "quarrel"}, 400, "invalid_value"),
        ({"claim": CLAIM, "as_of": "soon"}, 400, "invalid_date"),
    ],
)
def test_what_cannot_be_meant_opens_nothing(office: Office, body, status, rule):
    answer = office.post("/disputes", body)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)
    assert office.get("/disputes", key=office.first).json()["total"] == 0


def test_a_reader_has_no_right_to_open(office: Office):
    assert office.post("/disputes", {"claim": CLAIM}, key=office.issue("clerk")).status_code == 403


@pytest.mark.parametrize("query", ["state=applied", "type=gap", "level=county"])
def test_disputes_are_filtered(office: Office, query):
    office.open()
    assert office.get(f"/disputes?{query}").json()["total"] == 0
    assert office.get("/disputes?state=open&type=locational&level=dehestan&division=0101010001").json()["total"] == 1


@pytest.mark.parametrize(
    ("step", "body", "state"),
    [
        ("review", {}, "under_review"),
        ("dismiss", {"reason": "nothing to it"}, "dismissed"),
    ],
)
def test_steps(office: Office, step, body, state):
    key = office.open()
    assert office.step(key, step, key=office.second, **body).json()["state"] == state


def test_acceptance_and_reopening(office: Office):
    key = office.open()
    accepted = office.step(key, "accept", key=office.second, reason="a condominium", until="1410-01-01")
    assert accepted.json()["state"] == "accepted_lawful"
    assert office.step(key, "reopen", reason="it is none").json()["state"] == "under_review"


def test_a_proposal_is_withdrawn(office: Office):
    key = office.open()
    office.propose(key)
    withdrawn = office.step(key, "withdraw", reason="a mistake").json()
    assert [one["state"] for one in withdrawn["decisions"]] == ["withdrawn"]


def test_claims_and_places_are_told(office: Office):
    key = office.open()
    more = {"by": "0101020001", "against": "0101010001", "drawn": shapely.box(51.02, 34.0, 51.03, 36).__geo_interface__}
    claimed = office.step(key, "claims", **more).json()
    assert len(claimed["claims"]) == 2 and len(claimed["faces"]) >= 2
    assert isinstance(office.get(f"/disputes/{key}/places").json(), list)
    assert office.get(f"/disputes/{key}/conflicts").json() == []
