"""Test audit runs, lawful exceptions and jobs over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from shapely import box
from sqlalchemy import Engine

from services.database.engine import open_session
from services.jobs import work_jobs

BASE = "/api/v1/registers/{}"
SQUARE = {"type": "Polygon", "coordinates": [[[-1, -1], [9, -1], [9, 9], [-1, 9], [-1, -1]]]}


class Office:
    """Speak with a service over a drawn register, with a key."""

    def __init__(self, client: TestClient, issue: Callable[..., dict[str, str]], register: str) -> None:
        self.client, self.issue, self.register = client, issue, register
        self.header = issue("national_officer", register=register)
        self.base = BASE.format(register)

    def get(self, path: str, **options: Any) -> Any:
        """Read an answer."""
        return self.client.get(self.base + path, **options).json()

    def write(self, method: str, path: str, body: Any = None, *, header: dict[str, str] | None = None, match="0"):
        """Send a write with a key and the version it is based on."""
        sent = {**(header or self.header), "If-Match": f'"{self.register}-{match}"'}
        return self.client.request(method, self.base + path, json=body, headers=sent)

    def audit(self) -> int:
        """Audit the communes and give the key of the run."""
        return int(self.write("POST", "/audits", {"levels": ["commune"]}).json()["run"])


@pytest.fixture
def office(fresh_client: TestClient, fresh_engine: Engine, build_in, issue) -> Office:
    """Serve two communes of which one reaches into the other."""
    with open_session(fresh_engine) as session:
        drawn = build_in(session)
        drawn.add("X", "wilaya", ground=box(0, 0, 3, 1))
        drawn.add("P", "daira", parent="X", ground=box(0, 0, 3, 1))
        drawn.add("A", "commune", parent="P", ground=box(0, 0, 2, 1))
        drawn.add("B", "commune", parent="P", ground=box(1, 0, 3, 1))
    return Office(fresh_client, issue, drawn.register.name)


def count(office: Office, path: str) -> int:
    return int(office.get(path)["counts"].get("overlap", 0))


def test_run_is_shown_listed_and_compared(office):
    first, second = office.audit(), office.audit()
    shown = office.get(f"/audit-runs/{second}")
    assert (shown["certified"], shown["previous"], shown["divisions"]) == (True, first, 2)
    assert [run["id"] for run in office.get("/audit-runs?level=commune")] == [second, first]
    assert office.get(f"/audit-runs/{second}/comparison?earlier={first}")["counts"]["gone"] == 0


def test_findings_of_a_run_by_status(office):
    office.audit()
    run = office.audit()
    for status, found in {"new": 0, "still": 1, "gone": 0, "excepted": 0}.items():
        assert count(office, f"/audit-runs/{run}/findings?status={status}") == found
        assert count(office, f"/findings?level=commune&status={status}") == found


NOWHERE = {
    "/audit-runs/999999": 404,
    "/audit-runs/0": 422,
    "/audit-runs/99999999999999999999": 422,
    "/audit-runs/999999/findings": 404,
    "/audit-runs?level=nowhere": 400,
    "/findings?status=odd": 422,
}
"""Addresses that lead nowhere, and the status of each; one store serves them all."""


def test_runs_that_cannot_be_meant(office):
    assert {path: office.client.get(office.base + path).status_code for path in NOWHERE} == NOWHERE


FRONTS = {"csv": b"\xef\xbb\xbfid", "geojson": b'{"type"', "gpkg": b"SQLite", "xlsx": b"PK"}
"""How the files of each format begin."""


def test_run_is_sent_as_a_file(office):
    address = f"{office.base}/audit-runs/{office.audit()}/export"
    answers = {ending: office.client.get(address, params={"format": ending}) for ending in FRONTS}
    assert {ending: answer.content[: len(FRONTS[ending])] for ending, answer in answers.items()} == FRONTS
    assert all(answer.headers["content-disposition"].endswith(f'.{name}"') for name, answer in answers.items())


def test_run_is_not_sent_in_an_unknown_format(office):
    answer = office.client.get(f"{office.base}/audit-runs/{office.audit()}/export?format=exe")
    assert (answer.status_code, answer.json()["rule"]) == (400, "invalid_value")


def test_exception_takes_a_case_out_of_the_defects_until_it_is_withdrawn(office):
    office.audit()
    (overlap,) = office.get("/findings?level=commune&kind=overlap")["items"]
    wanted = {"kind": "overlap", "reason": "decree", "fingerprint": overlap["fingerprint"], "ends": "1500-01-01"}
    kept = office.write("POST", "/exceptions", wanted)
    assert kept.status_code == 201
    assert count(office, "/findings?level=commune") == 0
    assert office.get("/exceptions")[0]["ends"] == kept.json()["ends"]
    assert office.write("DELETE", f"/exceptions/{kept.json()['id']}").status_code == 200
    assert count(office, "/findings?level=commune") == 1


EXCEPTIONS: list[tuple[Any, int]] = [
    ({"kind": "overlap", "reason": "x", "ground": SQUARE}, 201),
    ({"kind": "overlap", "reason": "x"}, 400),
    ({"kind": "odd", "reason": "x", "fingerprint": "f"}, 400),
    ({"kind": "overlap", "reason": "x\0", "fingerprint": "f"}, 422),
    ({"kind": "overlap", "reason": "x", "fingerprint": "f", "starts": "1404-13-01"}, 400),
    ({"kind": "overlap", "reason": "x", "fingerprint": "f", "starts": "1404-01-01", "ends": "1403-01-01"}, 400),
    ({"kind": "overlap", "reason": "x", "ground": {"type": "Polygon"}}, 400),
    ({"kind": "overlap", "reason": "x", "fingerprint": "f", "decree": 77}, 404),
    ({"kind": "overlap", "reason": "x", "fingerprint": "f", "status": "odd"}, 422),
    ([], 422),
]
"""What is declared, and the status of the answer."""


def test_exceptions_are_checked(office):
    statuses = [office.write("POST", "/exceptions", body).status_code for body, _ in EXCEPTIONS]
    assert statuses == [status for _, status in EXCEPTIONS]


@pytest.mark.parametrize(("role", "match", "status"), [("planner", "0", 403), ("national_officer", "7", 409)])
def test_exceptions_take_a_role_and_the_version(office, role, match, status):
    header = office.header if role == "national_officer" else office.issue(role)
    body = {"kind": "overlap", "reason": "x", "fingerprint": "f"}
    assert office.write("POST", "/exceptions", body, header=header, match=match).status_code == status


def test_audit_is_ordered_done_and_told(office, fresh_engine):
    job = office.write("POST", "/audit-jobs", {})
    assert (job.status_code, job.json()["state"]) == (202, "waiting")
    work_jobs(fresh_engine)
    done = office.client.get(f"/api/v1/jobs/{job.json()['id']}", headers=office.header).json()
    assert (done["state"], len(done["result"]["runs"]), done["problem"]) == ("done", 3, None)


def test_audit_of_one_division_is_for_its_officer(office):
    officer = office.issue("province_officer", register=office.register, within="P")
    body = {"levels": ["commune"], "within": "P"}
    assert office.write("POST", "/audits", body, header=officer).status_code == 201
    assert office.write("POST", "/audits", {"levels": ["commune"]}, header=officer).status_code == 403


@pytest.mark.parametrize(("language", "word"), [("en", "boundary"), ("fa", "مرز")])
def test_failed_job_says_why_in_the_readers_language(office, fresh_engine, language, word):
    job = office.write("POST", "/audit-jobs", {"levels": ["daira"], "within": "A"}).json()["id"]
    work_jobs(fresh_engine)
    told = office.client.get(f"/api/v1/jobs/{job}?lang={language}", headers=office.header).json()
    assert (told["state"], told["rule"], word in told["problem"]) == ("failed", "invalid_value", True)


def test_job_is_ended_by_whoever_ordered_it_alone(office):
    officer = office.issue("province_officer", register=office.register)
    job = office.write("POST", "/audit-jobs", {}, header=office.header).json()["id"]
    path = f"/api/v1/jobs/{job}"
    assert office.client.delete(path, headers=officer).status_code == 404
    assert office.client.delete(path, headers=office.header).json()["state"] == "cancelled"
    again = office.client.delete(path, headers=office.header)
    assert (again.status_code, again.json()["rule"]) == (409, "job_ended")


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/api/v1/jobs/1"])
def test_jobs_take_a_key(client, path):
    assert client.get(path).status_code == 401


def test_job_that_cannot_be_meant(office):
    keys = ("0", "-1", "x", "99999999999999999999")
    assert {office.client.get(f"/api/v1/jobs/{key}", headers=office.header).status_code for key in keys} == {422}
