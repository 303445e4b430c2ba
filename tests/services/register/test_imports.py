"""Check what an import shows, writes, refuses and leaves alone."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.errors import (
    DatabaseDown,
    EmptyFile,
    InvalidMapping,
    MissingColumn,
    NotPermitted,
    RowsRefused,
    StaleVersion,
    TaqsimatError,
    UnknownColumn,
    UnknownCountry,
    UnknownLevel,
    UnknownScheme,
    WrongCrs,
)
from services.access.roles import ANONYMOUS
from services.database.engine import open_session, translate_fault
from services.messages import LANGUAGES, explain, say
from services.queries import find_register, select_divisions
from services.register.imports import NOT_MADE, ImportOptions, import_delivery
from services.tables.access import AuditLog
from services.tables.register import Boundary, Code, Division, ImportRun, Name, Population, Position, Register, Standing

TABLES = (Register, Division, Standing, Code, Name, Boundary, Position, Population, ImportRun, AuditLog)


def count(session: Session) -> list[int]:
    """Count the rows of every table an import writes to."""
    return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def write_features(*shapes: dict, **properties: object) -> str:
    """Write GeoJSON of provinces 01, 02 and so on."""
    features = [
        {"type": "Feature", "properties": {"code": f"{number:02}", **properties}, "geometry": shape}
        for number, shape in enumerate(shapes, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def square(west: float = 51, south: float = 35, side: float = 1) -> dict:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_dry_run_counts_and_writes_nothing(bring, session):
    before = count(session)
    report = bring(commit=False)
    assert report.counts["county"] == {"new": 2, "changed": 0, "same": 0, "refused": 0, "absent": 0}
    assert (report.committed, report.version, count(session)) == (False, 0, before)


def test_commit_writes_what_the_dry_run_showed(bring, session):
    shown, done = bring(commit=False), bring()
    assert (done.counts, done.committed, done.version) == (shown.counts, True, 1)
    rows = session.execute(select_divisions(find_register(session, "test"), bring.today)).all()
    assert sorted((row.level, row.code, row.names["fa"]) for row in rows) == [
        *(("county", "0101", "ری"), ("county", "0102", "شمیران"), ("province", "01", "تهران"))
    ]


def test_same_file_twice_changes_nothing(bring, session):
    bring()
    before = count(session)
    again = bring()
    assert [again.counts[level]["same"] for level in again.counts] == [1, 2]
    assert (again.version, count(session)) == (1, before)


def test_changes_and_absences_are_counted(bring):
    bring()
    report = bring("code,level,name_fa\n0101,county,شهر ری\n0103,county,ورامین\n")
    assert report.counts["county"] == {"new": 1, "changed": 1, "same": 0, "refused": 0, "absent": 1}


def test_import_is_logged_once_with_its_counts(bring, session):
    before = session.scalar(select(func.count()).select_from(AuditLog))
    report = bring()
    entry = session.scalars(select(AuditLog).order_by(AuditLog.id.desc()).limit(1)).one()
    assert (entry.subject, entry.detail["counts"], entry.id) == ("test", report.counts, before + 1)


def test_import_run_keeps_problems_and_digest(bring, session):
    bring("code,level,name_fa\n1,ostan,تهران\n")
    run = session.scalars(select(ImportRun)).one()
    assert len(run.digest) == 64
    assert [(one["rule"], one["row"], one["reason"]["params"]["code"]) for one in run.problems] == [
        ("code_restored", 1, ["01"])
    ]


def test_refused_rows_stop_a_commit(bring, session):
    before = count(session)
    with pytest.raises(RowsRefused) as caught:
        bring("code,level\n01,ostan\n0101,x\n", skip_refused=False)
    assert (caught.value.params["refused"], caught.value.params["total"]) == (1, 2)
    assert count(session) == before


def test_import_of_nothing_but_refused_rows_makes_no_register(bring, session):
    report = bring("code,level\n0101,county\n")
    assert (report.version, find_register(session, "test")) == (NOT_MADE, None)


ROWS = {
    "code,level\n,ostan\n": [(1, "code", "code_missing", "refused")],
    "code,level\n1,ostan\n": [(1, "code", "code_restored", "restored")],
    "code,level\n1.0,ostan\n": [(1, "code", "code_restored", "restored")] * 2,
    "code,level\n۰۱,ostan\n": [(1, "code", "code_restored", "restored")],
    "code,level\n' 01,ostan\n": [(1, "code", "code_restored", "restored")],
    "code,level\n01,ostan\n1E+2,county\n": [(2, "code", "code_invalid", "refused")],
    "code,level\n01,ostan\n01011,county\n": [(2, "code", "code_invalid", "refused")],
    f"code,level\n01,ostan\n{'1' * 101},county\n": [(2, "code", "code_invalid", "refused")],
    "code,level\n99,ostan\n": [(1, "code", "code_invalid", "refused")],
    "code,level\n01,galaxy\n": [(1, "level", "level_unknown", "refused")],
    "code,level\n01,\n": [(1, "level", "level_unknown", "refused")],
    "code,level\n01,ostan\n01,ostan\n": [
        (1, "code", "code_duplicate", "refused"),
        (2, "code", "code_duplicate", "refused"),
    ],
    "code,level\n01,ostan\n1,ostan\n": [
        (1, "code", "code_duplicate", "refused"),
        *[(2, "code", "code_restored", "restored"), (2, "code", "code_duplicate", "refused")],
    ],
    "code,level\n0101,county\n": [(1, "parent", "orphan", "refused")],
    "code,level,parent\n01,ostan,\n02,ostan,\n0101,county,02\n": [(3, "parent", "nesting_broken", "refused")],
    "code,level,parent\n01,ostan,\n0101,county,xyz\n": [(2, "parent", "parent_invalid", "refused")],
    "code,level,parent\n01,ostan,\n0101,county,1\n": [(2, "parent", "code_restored", "restored")],
    "code,level,name_fa\n01,ostan,\n": [(1, "name.fa", "name_missing", "noted")],
    "code,level,name_fa\n01,ostan,كرج\n": [(1, "name.fa", "name_letters", "noted")],
    "code,level,name_fa\n01,ostan, کرج \n": [(1, "name.fa", "name_letters", "restored")],
    f"code,level,name_fa\n01,ostan,{'ک' * 501}\n": [(1, "name.fa", "name_long", "refused")],
    "code,level,population\n01,ostan,many\n": [(1, "population", "population", "noted")],
    "code,level,population\n01,ostan,3000000000\n": [(1, "population", "population", "noted")],
    "code,level,lon,lat\n01,ostan,51,35\n": [],
    "code,level,lon,lat\n01,ostan,35,51\n": [(1, "geometry", "geometry_swapped", "refused")],
    "code,level,lon,lat\n01,ostan,2,48\n": [(1, "geometry", "geometry_abroad", "refused")],
    "code,level,lon,lat\n01,ostan,512345,3500000\n": [(1, "geometry", "geometry_off_globe", "refused")],
    "code,level,lon,lat\n01,ostan,nan,35\n": [(1, "geometry", "geometry_numbers", "refused")],
    "code,level,lon,lat\n01,ostan,51,\n": [(1, "geometry", "geometry_numbers", "refused")],
    "code,level,lon,lat\n01,ostan,51,inf\n": [(1, "geometry", "geometry_numbers", "refused")],
    "code,level,lon,lat\n01,ostan,,\n": [(1, "geometry", "geometry_missing", "noted")],
    "code,level,wkt\n01,ostan,POLYGON ((51\n": [(1, "geometry", "geometry_unreadable", "refused")],
    'code,level,wkt\n01,ostan,"LINESTRING (51 35, 52 35)"\n': [(1, "geometry", "geometry_kind", "refused")],
    'code,level,wkt\n01,ostan,"POLYGON ((51 35, 52 35, 52 nan, 51 35))"\n': [
        (1, "geometry", "geometry_numbers", "refused")
    ],
    "code,level,wkt\n01,ostan,POLYGON EMPTY\n": [(1, "geometry", "geometry_empty", "refused")],
    'code,level,wkt\n01,ostan,"GEOMETRYCOLLECTION (POINT (51 35))"\n': [(1, "geometry", "geometry_kind", "refused")],
    'code,level,wkt\n01,ostan,"POLYGON ((51 35, 52 36, 52 35, 51 36, 51 35))"\n': [
        (1, "geometry", "geometry_invalid", "refused")
    ],
}


@pytest.mark.parametrize(("text", "expected"), ROWS.items())
def test_problems_are_told_by_row_and_field(bring, tell_rules, text, expected):
    report = bring(text, commit=False)
    assert tell_rules(report) == expected
    assert report.refused == len({row for row, *_, weight in expected if weight == "refused"})
    for problem in report.problems:
        assert all(say(f"reason.{problem.reason.key}", lang, **dict(problem.reason.params)) for lang in LANGUAGES)


@pytest.mark.parametrize("text", [text for text, problems in ROWS.items() if any(p[3] == "refused" for p in problems)])
def test_rows_that_were_not_refused_are_written(bring, session, text):
    report = bring(text)
    written = session.scalar(select(func.count()).select_from(Division).join(Register).where(Register.name == "test"))
    assert written == sum(counts["new"] for counts in report.counts.values())


def test_points_go_under_the_division_that_holds_them(bring, tell_rules):
    square_of = '"POLYGON (({0} 35, {1} 35, {1} 36, {0} 36, {0} 35))"'
    provinces = "".join(f"{code},ostan,{square_of.format(50 + code, 51 + code)}\n" for code in (1, 2))
    bring("code,level,wkt\n" + provinces, scheme="osm")
    points = "code,level,lon,lat\n11,county,52.5,35.5\n12,county,52,35.5\n13,county,55,35\n14,county,,\n"
    report = bring(points, scheme="osm", parent_by_position=True)
    placed = {p.row: dict(p.reason.params)["parent"] for p in report.problems if p.rule == "parent_by_position"}
    assert placed == {1: "osm:2", 2: "osm:1"}
    assert [one for one in tell_rules(report) if one[2] == "orphan"] == [
        *((3, "parent", "orphan", "refused"), (4, "parent", "orphan", "refused"))
    ]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"source": "name,level\nx,ostan\n"}, MissingColumn),
        ({"source": "code,name\n01,x\n"}, MissingColumn),
        ({"source": "code,level,lon\n01,ostan,51\n"}, MissingColumn),
        ({"source": "code\n"}, EmptyFile),
        ({"columns": {"code": "nowhere"}}, UnknownColumn),
        ({"columns": {"height": "code"}}, InvalidMapping),
        ({"columns": {"name": "name_fa"}}, InvalidMapping),
        ({"columns": {"codes.sci": "code"}, "level": "province"}, InvalidMapping),
        ({"level": "galaxy"}, UnknownLevel),
        ({"levels": {"ostan": "galaxy"}}, UnknownLevel),
        ({"scheme": "galactic"}, UnknownScheme),
        ({"country": "xx"}, UnknownCountry),
        ({"crs": "EPSG:99999", "source": "code,level,lon,lat\n01,ostan,51,35\n"}, WrongCrs),
        ({"caller": ANONYMOUS}, NotPermitted),
        ({"based_on": 3}, StaleVersion),
    ],
)
def test_import_that_cannot_begin_says_why(bring, session, given, error):
    before = count(session)
    with pytest.raises(error) as caught:
        bring(**given)
    assert all(explain(caught.value, language) for language in LANGUAGES)
    assert count(session) == before


def test_register_is_of_one_country(bring):
    bring()
    with pytest.raises(InvalidMapping):
        bring("code,level\n01,wilaya\n", country="dz")


def test_work_on_an_older_version_is_refused(bring):
    bring()
    bring("code,level\n02,ostan\n", based_on=1)
    with pytest.raises(StaleVersion) as caught:
        bring("code,level\n03,ostan\n", based_on=1)
    assert caught.value.params == {"based_on": 1, "current": 2}


def test_level_is_not_changed_by_an_import(bring, tell_rules):
    bring("code,level\n01,ostan\n0101,county\n010101,bakhsh\n01010001,city\n")
    report = bring("code,level\n01,ostan\n0101,county\n010101,bakhsh\n", level="province")
    assert {rule for _, _, rule, _ in tell_rules(report)} == {"code_invalid"}


@pytest.mark.parametrize(
    ("shape", "limits", "rule"),
    [
        (
            {"type": "MultiPolygon", "coordinates": [square()["coordinates"]] * 2},
            {"most_vertices": 9},
            "geometry_vertices",
        ),
        ({"type": "Polygon", "coordinates": []}, {}, "geometry_empty"),
        (None, {}, "geometry_missing"),
        (
            {"type": "Polygon", "coordinates": [[[51, 35, 9], [52, 35, 9], [52, 36, 9], [51, 35, 9]]]},
            {},
            "geometry_heights",
        ),
    ],
)
def test_ground_is_checked(bring, tell_rules, shape, limits, rule):
    report = bring(write_features(shape, square(55)), name="a.geojson", level="province", **limits)
    assert [rule for _, field, rule, _ in tell_rules(report) if field == "geometry"] == [rule]
    assert report.counts["province"]["new"] == 1 + (rule in ("geometry_missing", "geometry_heights"))


def test_direction_of_rings_is_no_change(bring):
    ring = square()["coordinates"][0]
    bring(write_features(square()), name="a.geojson", level="province")
    turned = {"type": "MultiPolygon", "coordinates": [[ring[::-1]]]}
    assert bring(write_features(turned), name="a.geojson", level="province").counts["province"]["same"] == 1


def test_boundary_is_replaced_and_area_with_it(bring, session):
    bring(write_features(square()), name="a.geojson", level="province")
    bring(write_features(square(side=2)), name="a.geojson", level="province")
    areas = session.scalars(select(Boundary.area_m2).where(func.upper_inf(Boundary.recorded))).all()
    assert [round(area / 1e9) for area in areas] == [40]


def test_codes_of_other_schemes_are_kept_or_left_out(bring, session, tell_rules):
    given = {"columns": {"codes.osm": "osm"}}
    report = bring("code,level,osm\n01,ostan,538258\n02,ostan,x\n", **given)
    assert tell_rules(report) == [(2, "codes.osm", "other_code_left_out", "noted")]
    assert session.scalars(select(Code.code).where(Code.scheme == "osm")).all() == ["538258"]


def test_code_of_another_division_is_refused(bring, tell_rules):
    given = {"columns": {"codes.osm": "osm"}}
    bring("code,level,osm\n01,ostan,5\n", **given)
    assert tell_rules(bring("code,level,osm\n02,ostan,5\n", **given)) == [(1, "codes.osm", "code_clash", "refused")]


def test_code_set_free_in_the_same_file_may_be_taken(bring, tell_rules):
    given = {"columns": {"codes.osm": "osm"}}
    bring("code,level,osm\n01,ostan,5\n", **given)
    assert tell_rules(bring("code,level,osm\n01,ostan,6\n02,ostan,5\n", **given)) == []


def test_later_layer_speaks_last_of_a_new_division(bring, session):
    first, second = (
        bring.deliver(f"code,level,name_fa\n01,ostan,{name}\n", name=f"{name}.csv") for name in ("الف", "ب")
    )
    both = replace(first, layers=(*first.layers, *second.layers))
    options = ImportOptions(register="test", commit=True)
    report = import_delivery(session, both, options, caller=bring.caller, today=bring.today)
    assert (report.counts["province"]["new"], report.counts["province"]["changed"]) == (1, 1)
    assert session.scalars(select(Name.text)).all() == ["ب"]


def test_letters_that_copies_write_otherwise_are_kept(bring, session):
    odd = 'a\\b\tc"d'
    bring(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"code": "01", "level": "ostan", "name_fa": odd + "\r\nx"},
                        "geometry": None,
                    }
                ],
            }
        ),
        name="a.geojson",
    )
    assert session.scalars(select(Name.text)).all() == [odd + "\r\nx"]


def test_row_of_a_known_division_is_not_absent_when_refused(bring):
    bring("code,level\n01,ostan\n")
    report = bring("code,level,lon,lat\n01,ostan,35,51\n")
    assert (report.counts["province"]["refused"], report.counts["province"]["absent"]) == (1, 0)


def test_of_two_imports_at_once_one_wins(fresh_engine, bring):
    with open_session(fresh_engine) as session:
        bring.at(session)()
    waiting, results = threading.Barrier(2, timeout=60), []

    def work(number: int) -> None:
        try:
            with open_session(fresh_engine) as session:
                bring.at(session)(f"code,level\n{number},ostan\n", name=f"{number}.csv", commit=False)
                find_register(session, "test")
                waiting.wait()
                bring.at(session)(f"code,level\n{number},ostan\n", name=f"{number}.csv", based_on=1)
            results.append("won")
        except TaqsimatError as error:
            results.append(error.rule)

    threads = [threading.Thread(target=work, args=[number]) for number in (20, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["stale_version", "won"]


def test_of_two_imports_that_make_a_register_one_wins(fresh_engine, bring):
    planned, outcome = threading.Event(), []
    options = ImportOptions(register="test", commit=True)
    delivery = bring.deliver("code,level\n02,ostan\n", name="b.csv")
    terms = {"caller": bring.caller, "today": bring.today, "progress": lambda *_: planned.set()}

    def work() -> None:
        try:
            with open_session(fresh_engine) as second:
                import_delivery(second, delivery, options, **terms)
        except StaleVersion as error:
            outcome.append(error.params)

    with open_session(fresh_engine) as first:
        bring.at(first)()
        thread = threading.Thread(target=work)
        thread.start()
        assert planned.wait(60)
    thread.join()
    assert outcome == [{"based_on": 0, "current": 1}]


def test_dry_run_at_an_edge_that_commits_leaves_nothing(fresh_engine, bring):
    with open_session(fresh_engine) as session:
        bring.at(session)(commit=False)
    with open_session(fresh_engine) as session:
        assert find_register(session, "test") is None


def test_server_that_is_lost_while_writing_is_told(fresh_engine, bring):
    delivery, options = bring.deliver(bring.list), ImportOptions(register="test", commit=True)

    def cut(step: str, done: int, total: int) -> None:
        if done == total:
            with fresh_engine.connect() as other:
                others = "pid <> pg_backend_pid() and datname = current_database()"
                other.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"))

    with pytest.raises(DatabaseDown), open_session(fresh_engine) as session:
        import_delivery(session, delivery, options, caller=bring.caller, today=bring.today, progress=cut)
    with open_session(fresh_engine) as session:
        assert find_register(session, "test") is None


def test_errors_of_a_copy_are_known_at_the_edge(bring, monkeypatch):
    monkeypatch.setattr("services.register.writing._to_hex", lambda shape: "no geometry")
    with pytest.raises(DBAPIError) as caught:
        bring("code,level,lon,lat\n01,ostan,51,35\n")
    assert not isinstance(translate_fault(caught.value), TaqsimatError)
