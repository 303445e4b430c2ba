"""Check how rows of a file are read as stations."""

from datetime import time

import pytest

from geo.elections.station_rows import BranchRow, StationMapping, StationReader, read_sex
from geo.elections.stations import Sex, Visibility
from geo.errors import UnknownColumn
from geo.register import load_pack
from geo.register.rows import Rows

ROW = {
    "pc": "0101001",
    "dari": "ليسه",
    "eng": "School",
    "district": "0101",
    "x": "69.18",
    "y": "34.50",
    "m": "2",
    "f": "1",
}
COLUMNS = {
    "code": ("pc",),
    "name": ("dari", "eng"),
    "division": ("district",),
    "lon": ("x",),
    "lat": ("y",),
    "male": ("m",),
    "female": ("f",),
}


def read(*rows, branches=None, **columns):
    given = [ROW | row for row in rows] or [ROW]
    held = {name: [row.get(name) for row in given] for name in {key for row in given for key in row}}
    mapping = StationMapping(COLUMNS | {name: (column,) for name, column in columns.items()})
    reader = StationReader(
        mapping, load_pack("af").bounds, "file", Rows(range(1, len(given) + 1), held), branches or {}
    )
    return reader.read(), [(one.row, one.field, one.rule, str(one.weight)) for one in reader.problems]


def test_row_becomes_a_station_with_numbered_branches():
    ((station,), _) = read()
    assert (station.code, station.division_code, station.point.coords[0]) == ("0101001", "0101", (69.18, 34.5))
    assert [(one.number, one.sex) for one in station.branches] == [("1", "male"), ("2", "male"), ("3", "female")]


def test_second_column_stands_in_for_a_missing_name():
    ((station,), problems) = read({"dari": ""})
    assert station.name == "School" and (1, "name", "station_no_name", "noted") in problems


def test_letters_of_another_keyboard_are_noted_and_kept():
    ((station,), problems) = read()
    assert station.name == "ليسه" and ("station_foreign_letters", "noted") in [one[2:] for one in problems]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"pc": ""}, "station_no_code"),
        ({"pc": "01 01"}, "station_bad_code"),
        ({"pc": "0" * 101}, "station_bad_code"),
        ({"dari": "x" * 501}, "station_bad_name"),
        ({"dari": "a\0b"}, "station_bad_name"),
        ({"x": "east"}, "station_bad_point"),
        ({"x": "nan"}, "station_bad_point"),
        ({"x": "inf"}, "station_bad_point"),
        ({"y": ""}, "station_bad_point"),
        ({"x": "34.5", "y": "69.18"}, "station_swapped"),
        ({"m": "-1"}, "station_bad_number"),
        ({"m": "1000"}, "station_bad_number"),
        ({"m": "two"}, "station_bad_number"),
    ],
)
def test_bad_rows_are_refused_by_their_rule(row, rule):
    found, problems = read(row)
    assert found == [None] and rule in [one[2] for one in problems if one[3] == "refused"]


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [("opens", "25:00", "station_bad_time"), ("visibility", "secret", "station_bad_visibility")],
)
def test_bad_cells_of_other_fields_are_refused(field, text, rule):
    found, problems = read({"cell": text}, **{field: "cell"})
    assert found == [None] and [one[2] for one in problems if one[3] == "refused"] == [rule]


@pytest.mark.parametrize(("text", "fact"), [("yes", True), ("خیر", False), ("", None), ("perhaps", None)])
def test_accessibility_is_a_fact_only_where_somebody_looked(text, fact):
    ((station,), _) = read({"ramp": text}, accessible="ramp")
    assert {branch.accessible for branch in station.branches} == {fact}


def test_times_and_visibility_are_read():
    ((station,), _) = read({"from": "۷:۳۰", "seen": "NAME_ONLY"}, opens="from", visibility="seen")
    assert station.branches[0].opens == time(7, 30) and station.visibility is Visibility.NAME_ONLY


def test_of_two_rows_with_one_code_the_later_is_refused():
    found, problems = read({}, {})
    assert found[1] is None and problems[-1][2] == "station_twice"


def test_stations_abroad_are_taken_and_noted():
    ((station,), problems) = read({"x": "2.3", "y": "48.8"})
    assert station.point.y == 48.8 and ("station_abroad", "noted") in [one[2:] for one in problems]


def test_missing_position_is_noted():
    ((station,), problems) = read({"x": "", "y": ""})
    assert station.point.is_empty and ("station_no_point", "noted") in [one[2:] for one in problems]


def test_branches_of_a_file_of_their_own_go_before_counts():
    ((station,), _) = read(branches={"0101001": [BranchRow("7", Sex.FEMALE)]})
    assert [(one.number, one.sex) for one in station.branches] == [("7", Sex.FEMALE)]


@pytest.mark.parametrize(
    ("text", "sex"),
    [("M", Sex.MALE), ("زنانه", Sex.FEMALE), ("", Sex.ANY), ("mixed", Sex.ANY), ("x", None)],
)
def test_sex_of_a_branch_is_read(text, sex):
    assert read_sex(text) is sex


def test_unknown_columns_are_refused():
    with pytest.raises(UnknownColumn):
        StationMapping({"code": ("nothing",)}).check(["pc"])
