"""Test that audit runs and lawful exceptions are commanded from a shell."""

from __future__ import annotations

import json

import pytest

from geo.errors import ExceptionNotFound, InvalidValue, RunNotFound


@pytest.fixture
def run_twice(read_json, register):
    """Audit the drawn register twice and give the two runs."""
    return [read_json("audit", "commune", "--register", register.name)["run"] for _ in range(2)]


def test_runs_are_listed_and_shown(read_json, register, run_twice):
    first, second = run_twice
    assert [run["id"] for run in read_json("audits", "list", "--register", register.name)] == [second, first]
    assert read_json("audits", "show", second, "--register", register.name)["previous"] == first


def test_runs_are_compared(read_json, register, run_twice):
    found = read_json("audits", "compare", run_twice[1], "--to", run_twice[0], "--register", register.name)
    assert {case["status"] for case in found["cases"]} <= {"still"}


def test_run_is_written(read_json, register, run_twice, tmp_path):
    out = tmp_path / "run.csv"
    report = read_json("audits", "export", run_twice[0], "--out", out, "--register", register.name)
    assert (report["path"], out.exists()) == (str(out), True)


@pytest.mark.parametrize("command", ["show", "compare"])
def test_run_that_is_not_there(run_in_store, register, command):
    with pytest.raises(RunNotFound):
        run_in_store("audits", command, 999_999, "--register", register.name)


def test_tables_are_printed_for_people(run_in_store, register, run_twice):
    for command in (("list",), ("show", run_twice[1]), ("compare", run_twice[1])):
        shown = run_in_store("audits", *command, "--register", register.name)
        assert shown.exit_code == 0 and shown.stdout.strip()


def test_whole_register_is_audited_without_a_level(read_json, register):
    whole = read_json("audit", "--register", register.name)
    assert [part["levels"] for part in whole["parts"]] == [["wilaya"], ["daira"], ["commune"]]


def test_part_is_audited_within_a_division(read_json, register):
    assert read_json("audit", "commune", "--within", "X", "--register", register.name)["polygons"] == 2


def test_audit_is_queued(read_json, register):
    job = read_json("audit", "commune", "--later", "--register", register.name)
    assert (job["state"], job["parameters"]["levels"]) == ("waiting", ["commune"])
    assert read_json("jobs", "show", job["id"])["kind"] == "audit"
    assert read_json("jobs", "cancel", job["id"])["state"] == "cancelled"
    assert [one["id"] for one in read_json("jobs", "list", "--state", "cancelled")] == [job["id"]]


def test_queued_audit_is_told_to_people(run_in_store, register):
    assert "./taqsimat jobs show" in run_in_store("audit", "--later", "--register", register.name).stdout
    assert run_in_store("jobs", "list").exit_code == 0


def test_exception_is_declared_listed_and_withdrawn(read_json, run_in_store, register):
    said = ("gap", "--fingerprint", "5b1c", "--reason", "decree", "--until", "1450-01-01", "--register", register.name)
    kept = read_json("exceptions", "declare", *said)
    assert read_json("exceptions", "list", "--register", register.name)[0]["text"]["fingerprint"] == "5b1c"
    assert "5b1c" in run_in_store("exceptions", "list", "--register", register.name).stdout
    read_json("exceptions", "withdraw", kept["id"], "--register", register.name)
    with pytest.raises(ExceptionNotFound):
        run_in_store("exceptions", "withdraw", kept["id"], "--register", register.name)


def test_exception_is_declared_on_a_ground(read_json, register, tmp_path):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    path = tmp_path / "ground.geojson"
    path.write_text(json.dumps(square), encoding="utf-8")
    said = ("gap", "--ground", path, "--reason", "lake", "--status", "void", "--register", register.name)
    assert read_json("exceptions", "declare", *said)["text"]["status"] == "void"


@pytest.mark.parametrize("options", [(), ("--fingerprint", "f", "--status", "odd")])
def test_exception_that_cannot_be_meant_is_refused(run_in_store, register, options):
    with pytest.raises(InvalidValue):
        run_in_store("exceptions", "declare", "gap", "--reason", "x", *options, "--register", register.name)


@pytest.mark.parametrize("status", ["new", "still", "gone", "excepted"])
def test_findings_are_listed_by_status(read_json, register, run_twice, status):
    found = read_json("findings", "--run", run_twice[1], "--status", status, "--register", register.name)
    assert {one["status"] for one in found} <= {status}
