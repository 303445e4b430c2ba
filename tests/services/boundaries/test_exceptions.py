"""Test that lawful exceptions are declared, cover what they name while they last, and are withdrawn."""

from __future__ import annotations

from datetime import date

import pytest
from shapely import Point, Polygon, box
from sqlalchemy import insert

from geo.errors import DecreeNotFound, ExceptionNotFound, InvalidPeriod, InvalidValue, NotPermitted
from geo.register.periods import Period
from services.access.log import list_entries
from services.access.roles import Caller, RoleGrant, make_operator
from services.boundaries.exceptions import (
    ExceptionText,
    declare_exception,
    get_exception,
    list_exceptions,
    read_ground,
    withdraw_exception,
)
from services.boundaries.findings import FindingFilter, count_findings, get_finding, list_findings
from services.tables.changes import Decree

OPERATOR = make_operator("tests")
EVERYTHING = box(49, 29, 55, 33)


def declare(session, register, **said):
    text = ExceptionText(**{"kind": "gap", "reason": "decree", **said})
    return declare_exception(session, register, text, caller=OPERATOR)


def find_gap(session, register, run):
    return list_findings(session, register, FindingFilter("gap", run=run))[0]


@pytest.mark.parametrize("by", ["fingerprint", "ground"])
def test_exception_covers_the_case_of_a_run_before_and_after(session, torn_register, audit, by):
    first = audit()
    gap = find_gap(session, torn_register, first.run)
    kept = declare(session, torn_register, **({by: gap.fingerprint} if by == "fingerprint" else {by: EVERYTHING}))
    assert "gap" not in count_findings(session, torn_register, FindingFilter(run=first.run))
    second = audit()
    assert (second.counts.get("gap"), second.excepted) == (None, {"gap": 1})
    assert "gap" not in second.area_m2
    (found,) = list_findings(session, torn_register, FindingFilter(run=second.run, status="excepted"))
    assert (found.status, found.exception) == ("excepted", kept.id)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "overlap"},
        {"ground": box(50, 30, 50.1, 30.1)},
        {"period": Period(date(2026, 1, 2), None)},
        {"period": Period(None, date(2026, 1, 1))},
    ],
    ids=["other kind", "elsewhere", "not yet", "expired"],
)
def test_exception_covers_nothing_else(session, torn_register, audit, said):
    declare(session, torn_register, **{"ground": EVERYTHING, **said})
    assert audit().counts["gap"] == 1


def test_withdrawn_exception_covers_nothing(session, torn_register, audit):
    run, kept = audit().run, declare(session, torn_register, ground=EVERYTHING)
    withdraw_exception(session, torn_register, kept.id, caller=OPERATOR)
    assert count_findings(session, torn_register, FindingFilter(run=run))["gap"] == 1
    assert list_exceptions(session, torn_register) == ()
    with pytest.raises(ExceptionNotFound):
        withdraw_exception(session, torn_register, kept.id, caller=OPERATOR)


def test_exception_is_kept_as_it_was_said(session, torn_register):
    period = Period(date(2025, 1, 1), date(2027, 1, 1))
    kept = declare(session, torn_register, ground=EVERYTHING, period=period, status="undetermined")
    found = get_exception(session, torn_register, kept.id)
    assert (found.text.period, found.text.status) == (period, "undetermined")
    assert found.text.ground.equals(EVERYTHING)
    assert list_entries(session)[-1].detail["exception"] == kept.id


@pytest.mark.parametrize(("day", "count"), [(date(2026, 1, 1), 1), (date(2027, 1, 1), 0), (None, 1)])
def test_exceptions_of_a_day(session, torn_register, day, count):
    declare(session, torn_register, fingerprint="f", period=Period(None, date(2027, 1, 1)))
    assert len(list_exceptions(session, torn_register, day=day)) == count


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "nothing", "fingerprint": "f"},
        {"kind": "x\0", "fingerprint": "f"},
        {"status": "perhaps", "fingerprint": "f"},
        {"reason": " ", "fingerprint": "f"},
        {"reason": "a\0", "fingerprint": "f"},
        {"reason": "a" * 2000, "fingerprint": "f"},
        {"fingerprint": ""},
        {"fingerprint": "\0"},
        {},
        {"fingerprint": "f", "ground": EVERYTHING},
        {"ground": Polygon()},
        {"ground": Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])},
    ],
)
def test_what_cannot_be_meant_is_refused(session, torn_register, said):
    with pytest.raises(InvalidValue):
        declare(session, torn_register, **said)


@pytest.mark.parametrize("decree", [0, -1, 999_999_999, 2**70])
def test_decree_must_be_there(session, torn_register, decree):
    with pytest.raises(DecreeNotFound):
        declare(session, torn_register, fingerprint="f", decree=decree)


def test_decree_of_another_register_is_not_there(session, register, torn_register):
    act = {"number": "1", "issuer": "x", "signed_on": date(2026, 1, 1), "in_force_from": date(2026, 1, 1)}
    own = {"register_id": register.id, "recorded_by": "tests"}
    key = session.scalar(insert(Decree).values(**act, **own).returning(Decree.id))
    with pytest.raises(DecreeNotFound):
        declare(session, torn_register, fingerprint="f", decree=key)


@pytest.mark.parametrize("role", ["province_officer", "planner", "public"])
def test_declaring_takes_its_role(session, torn_register, role):
    caller = Caller(None, "x", (RoleGrant(role, torn_register.id),))
    with pytest.raises(NotPermitted):
        declare_exception(session, torn_register, ExceptionText("gap", "x", fingerprint="f"), caller=caller)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1e999, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [500, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
    ],
)
def test_ground_that_cannot_be_read_is_refused(body):
    with pytest.raises(InvalidValue):
        read_ground(body)


def test_period_ends_after_it_starts():
    with pytest.raises(InvalidPeriod):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_one_finding_tells_its_exception(session, torn_register, audit):
    gap = find_gap(session, torn_register, audit().run)
    kept = declare(session, torn_register, fingerprint=gap.fingerprint)
    found = get_finding(session, torn_register, gap.id)
    assert (found.exception, found.status, found.geometry.covers(Point(found.point))) == (kept.id, "excepted", True)
