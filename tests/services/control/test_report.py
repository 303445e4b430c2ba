"""Test that the control finds where the register and its decrees differ."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from services.control.findings import DecreeFinding
from services.control.report import check_decrees
from services.queries import RegisterState
from services.tables.changes import Change
from services.tables.register import Standing

DAY = date(2022, 3, 21)
LINE = 'first,second,accuracy_m,source,wkt\n0101010001,0101010002,{accuracy},survey,"LINESTRING({points})"\n'
MARKER = "number,first,second,accuracy_m,source,lon,lat\n7,0101010001,0101010002,{accuracy},survey,{lon},{lat}\n"


def find(session: Session, register: RegisterState, *kinds: str) -> list[DecreeFinding]:
    found = check_decrees(session, register, day=DAY).findings
    return [one for one in found if str(one.kind) in kinds or (not kinds and str(one.kind) != "unused_decree")]


@pytest.mark.parametrize(
    ("points", "accuracy", "is_off"),
    [
        ("51 35.02, 51.02 35.02", 1, False),
        ("51 35.02, 51.02 35.0201", 5, True),
        ("51 35.02, 51.02 35.0201", 15, False),
        ("51 35.021, 51.02 35.021", 110, True),
        ("51 35.021, 51.02 35.021", 112, False),
    ],
)
def test_a_line_is_off_when_farther_than_its_accuracy(session, drawn, describe, points, accuracy, is_off):
    describe("lines", LINE.format(accuracy=accuracy, points=points))
    assert bool(find(session, drawn, "line_off")) == is_off


def test_a_line_says_where_and_how_far_it_is_off(session, drawn, describe):
    describe("lines", LINE.format(accuracy=30, points="51 35.02, 51.01 35.021, 51.02 35.02"))
    [finding] = find(session, drawn)
    assert finding.distance_m == pytest.approx(110.95, abs=0.05)
    assert finding.point == pytest.approx((51.01, 35.021), abs=1e-9)
    assert [one.code for one in finding.divisions] == ["0101010001", "0101010002"]
    assert finding.geometry is not None
    assert 0 < (finding.length_m or 0) < 1850


@pytest.mark.parametrize(
    ("lon", "lat", "accuracy", "is_off"),
    [(51.01, 35.02, 0.5, False), (51.01, 35.0201, 5, True), (51.01, 35.0201, 12, False), (51.03, 35.03, 5, True)],
)
def test_a_marker_is_off_when_farther_than_its_accuracy(session, drawn, describe, lon, lat, accuracy, is_off):
    describe("markers", MARKER.format(lon=lon, lat=lat, accuracy=accuracy))
    assert bool(find(session, drawn, "marker_off")) == is_off


def test_a_marker_has_to_be_on_both_borders(session, drawn, describe):
    describe("markers", MARKER.format(lon=51.0, lat=35.04, accuracy=5))
    [finding] = find(session, drawn)
    assert finding.distance_m == pytest.approx(2218.9, abs=0.5)


@pytest.mark.parametrize(
    ("division", "stands", "lies"),
    [("0101010001", None, None), ("dehestan:0101020001", "elsewhere", "elsewhere"), ("0102", "elsewhere", "elsewhere")],
)
def test_a_place_is_where_the_decree_says(session, drawn, describe, division, stands, lies):
    describe("places", f"place,division\nvillage:{code_of(session, drawn)},{division}\n")
    found = find(session, drawn, "place_elsewhere")
    assert [(one.detail["stands"], one.detail["lies"]) for one in found] == ([(stands, lies)] if stands else [])


def code_of(session: Session, register: RegisterState) -> str:
    from services.lookups import list_matching

    return list_matching(session, register, DAY, Standing.level == "village")[0].code


def test_a_sheet_that_nobody_recorded_is_noticed_until_it_is(session, drawn, describe):
    describe("lines", "first,second,source,series,sheet,edition\n0101010001,0101010002,law,K551,6262-I,2\n")
    assert [one.detail["sheet"] for one in find(session, drawn)] == ["K551 6262-I 2"]
    describe("sheets", "series,sheet,edition,scale\nK551,6262-I,2,1:50000\n")
    assert find(session, drawn) == []


def test_the_scale_of_its_sheet_tells_the_accuracy_of_a_line(session, drawn, describe):
    describe("sheets", "series,sheet,scale\nK551,6262-I,50000\n")
    row = '0101010001,0101010002,law,K551,6262-I,"LINESTRING(51 35.0203, 51.02 35.0203)"'
    describe("lines", f"first,second,source,series,sheet,wkt\n{row}\n")
    [finding] = find(session, drawn)
    assert (finding.accuracy_m, round(finding.distance_m or 0)) == (25.0, 33)


def test_a_decree_without_a_change_is_told(session, drawn, decree):
    [finding] = find(session, drawn, "unused_decree")
    assert (finding.decree, str(finding.severity)) == (decree, "warning")


@pytest.mark.parametrize(("effective_on", "count"), [(date(2021, 3, 21), 0), (date(2021, 3, 20), 1)])
def test_a_change_before_its_decree_is_told(session, drawn, decree, effective_on, count):
    values = {"kind": "rename", "state": "applied", "body": {}, "drafted_by": "a", "applied_at": func.now()}
    keys = {"register_id": drawn.id, "decree_id": decree, "effective_on": effective_on}
    session.execute(insert(Change).values(**values, **keys))
    assert len(find(session, drawn, "early_change")) == count


def test_a_parent_that_changed_without_a_decree_is_told(session, drawn):
    own = select(Standing).where(Standing.level == "village").order_by(Standing.division_id)
    standing = session.scalars(own).first()
    assert standing is not None
    first, later = Range(None, date(2020, 1, 1)), Range(date(2020, 1, 1), None)
    session.execute(update(Standing).where(Standing.id == standing.id).values(valid=first))
    values = {"division_id": standing.division_id, "level": "village", "parent_id": standing.parent_id}
    session.execute(insert(Standing).values(**values, valid=later))
    [finding] = find(session, drawn, "undecreed_change")
    assert finding.detail == {"of": "standing", "since": "2020-01-01"}


def test_the_same_register_gives_the_same_names(session, drawn, describe):
    describe("lines", LINE.format(accuracy=1, points="51 35.021, 51.02 35.02"))
    describe("markers", MARKER.format(lon=51.01, lat=35.0201, accuracy=5))
    first, second = (check_decrees(session, drawn, day=DAY) for _ in range(2))
    names = [one.fingerprint for one in first.findings]
    assert names == [one.fingerprint for one in second.findings]
    assert len(set(names)) == len(names) == 3
    assert first.checked == {"decrees": 1, "lines": 1, "markers": 1, "places": 0}


def test_the_gravest_comes_first(session, drawn, describe):
    describe("lines", LINE.format(accuracy=1, points="51 35.021, 51.02 35.02"))
    assert [str(one.severity) for one in check_decrees(session, drawn, day=DAY).findings] == ["error", "warning"]
