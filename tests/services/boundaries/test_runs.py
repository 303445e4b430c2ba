"""Test that audit runs are listed, shown and compared."""

from __future__ import annotations

import math

import pytest

from geo.coverage import Balance
from geo.errors import InvalidValue, RunNotFound, UnknownLevel
from services.boundaries.run_records import to_certificate
from services.boundaries.runs import compare_runs, get_audit_run, list_audit_runs


def test_runs_are_listed_the_latest_first(session, torn_register, audit):
    first, second = audit(), audit()
    assert [run.id for run in list_audit_runs(session, torn_register)] == [second.run, first.run]
    assert [run.id for run in list_audit_runs(session, torn_register, limit=1, offset=1)] == [first.run]


@pytest.mark.parametrize(("level", "count"), [("bakhsh", 1), ("county", 0)])
def test_runs_are_listed_by_level(session, torn_register, audit, level, count):
    audit()
    assert len(list_audit_runs(session, torn_register, level=level)) == count


def test_unknown_level_is_refused(session, torn_register):
    with pytest.raises(UnknownLevel):
        list_audit_runs(session, torn_register, level="nowhere")


@pytest.mark.parametrize("run", [0, -1, 999_999_999, 2**70])
def test_run_that_is_not_there(session, torn_register, run):
    with pytest.raises(RunNotFound):
        get_audit_run(session, torn_register, run)


def test_run_of_another_register_is_not_there(session, register, audit):
    with pytest.raises(RunNotFound):
        get_audit_run(session, register, audit().run)


def test_first_run_has_nothing_before_it(session, torn_register, audit):
    found = compare_runs(session, torn_register, audit().run)
    assert (found.earlier, found.counts["still"], found.counts["gone"]) == (None, 0, 0)
    assert found.counts["new"] == len(found.cases) > 0


def test_run_is_compared_with_any_of_its_scope(session, torn_register, audit):
    first, _, third = audit(), audit(), audit()
    found = compare_runs(session, torn_register, third.run, earlier=first.run)
    assert (found.earlier.id, found.counts["new"], found.counts["gone"]) == (first.run, 0, 0)
    assert all(case.area_m2 == case.area_before_m2 for case in found.cases)


def test_run_of_another_scope_is_refused(session, torn, audit):
    part, whole = audit(within=torn.ids["9901"]), audit()
    with pytest.raises(InvalidValue):
        compare_runs(session, torn.register, whole.run, earlier=part.run)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_certificate_holds_only_what_json_can(value):
    assert to_certificate(Balance(difference=value))["difference"] is None
