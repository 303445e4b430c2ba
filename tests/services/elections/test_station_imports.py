"""Bring polling stations in from files."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from geo.errors import InvalidMapping, MissingColumn, NotPermitted, RowsRefused, UnknownColumn, UnknownLevel
from services.access.roles import ANONYMOUS
from services.elections.station_filing import FilingRule
from services.elections.station_imports import StationOptions, import_stations
from services.elections.station_sources import StationSource, gather_columns, read_stations, split_pairs
from services.tables import elections as tables

DAY = date(2024, 6, 1)
MAP = ("code=code", "name=name", "division=in", "lon=x", "lat=y", "any=n")
HEAD = "code,name,in,x,y,n\n"


@pytest.fixture
def bring(session, register, operator, tmp_path):
    def run(text, *, columns=MAP, branches=None, level="commune", caller=operator, **decided):
        path = tmp_path / "stations.csv"
        path.write_text(HEAD + text, encoding="utf-8")
        extra = tmp_path / "branches.csv"
        if branches:
            extra.write_text("station,number,sex\n" + branches, encoding="utf-8")
        pairs = {name: name for name in ("station", "number", "sex")} if branches else {}
        source = StationSource(path, gather_columns(columns), extra if branches else None, pairs)
        options = StationOptions(FilingRule(DAY, level), **decided)
        return import_stations(session, register, source, options, caller=caller)

    return run


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_dry_run_keeps_nothing(bring, session):
    report = bring("a,School,A,0.5,0.5,2\n")
    assert (report.stations, report.branches, report.committed, count(session, tables.Station)) == (1, 2, False, 0)


def test_stations_are_kept_under_their_division(bring, session):
    bring("a,School,A,0.5,0.5,2\nb,Mosque,D,3.5,0.5,1\n", commit=True)
    assert count(session, tables.Branch) == 3
    assert None not in session.scalars(select(tables.Station.division_id)).all()


def test_position_is_set_against_the_code_on_every_level(bring):
    report = bring("a,School,A,2.5,0.5,1\nb,School,A,0.5,0.5,1\n")
    assert [(one.level, one.coded, one.inside) for one in report.levels] == [
        ("wilaya", 2, 1),
        ("daira", 2, 1),
        ("commune", 2, 1),
    ]
    stray = report.levels[-1].strays[0]
    assert report.divisions[stray.coded].code == "A" and [report.divisions[key].code for key in stray.found] == ["C"]


def test_unknown_codes_are_told_and_their_stations_kept(bring, session):
    report = bring("a,School,nowhere,0.5,0.5,1\n", commit=True)
    assert report.counts["station_division_unknown"] == 1 and count(session, tables.Station) == 1


def test_refused_rows_stop_the_import_with_the_report(bring, session):
    with pytest.raises(RowsRefused) as caught:
        bring("a,School,A,0.5,0.5,1\n,School,A,0.5,0.5,1\n", commit=True)
    assert caught.value.params["report"].refused == 1 and count(session, tables.Station) == 0


def test_refused_rows_can_be_left_out(bring, session):
    bring("a,School,A,0.5,0.5,1\n,School,A,0.5,0.5,1\n", commit=True, skip_refused=True)
    assert count(session, tables.Station) == 1


def test_branches_come_from_their_own_file(bring, session):
    report = bring("0101,School,A,0.5,0.5,9\n", branches="0101,0101-02,F\n0101,0101-03,M\n", commit=True)
    assert report.branches == 2
    assert session.execute(select(tables.Branch.number, tables.Branch.sex)).all() == [(2, "female"), (3, "male")]


@pytest.mark.parametrize(
    ("branches", "rule"),
    [("a,x,M\n", "branch_bad_number"), ("a,1,martian\n", "branch_bad_sex"), ("a,1,M\na,1,F\n", "branch_twice")],
)
def test_branches_that_cannot_be_read_are_told(bring, branches, rule):
    assert bring("a,School,A,0.5,0.5,1\n", branches=branches).counts[rule] == 1


@pytest.mark.parametrize(
    ("decided", "error"),
    [
        ({"columns": ("name=name",)}, MissingColumn),
        ({"columns": ("code=nothing",)}, UnknownColumn),
        ({"columns": ("code=code", "colour=name")}, InvalidMapping),
        ({"level": "ostan"}, UnknownLevel),
        ({"caller": ANONYMOUS}, NotPermitted),
    ],
)
def test_useless_imports_are_refused(bring, decided, error):
    with pytest.raises(error):
        bring("a,School,A,0.5,0.5,1\n", **decided)


def test_pairs_without_a_sign_are_refused():
    with pytest.raises(InvalidMapping):
        list(split_pairs(["code"]))


def test_centres_of_afghanistan_are_read_whole(real_data):
    from geo.register import load_pack

    pairs = ["code=pc_code", "name=pc_name_dari", "name=pc_name_eng", "lon=lon", "lat=lat"]
    pairs += ["male=ps_male", "female=ps_fem", "division=district_code"]
    source = StationSource(real_data / "afghanistan" / "afg_2014_polling_centers.csv", gather_columns(pairs))
    sheet = read_stations(source, load_pack("af"), most_bytes=10**8)
    assert (sheet.total, len(sheet.stations)) == (6787, 6787)
    assert sum(one.rule == "station_no_name" for one in sheet.problems) == 328
