"""Test that what decrees describe is kept whole, and that each wrong row is named with its field and rule."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import DecreeNotFound, MissingColumn, NotPermitted, RowsRefused, UnreadableFile
from services.access.roles import ANONYMOUS
from services.boundaries.described import list_lines, list_markers, list_places
from services.queries import RegisterState
from services.tables.described import BoundaryMarker, DescribedLine, MapSheet

HEAD = {
    "lines": "first,second,accuracy_m,source,series,sheet,wkt",
    "markers": "number,first,second,accuracy_m,source,surveyed_on,lon,lat",
    "places": "place,division",
    "sheets": "series,sheet,scale",
}
A, D = "0101010001", "dehestan:0101010002"
LINE = '"LINESTRING(51 35.02, 51.02 35.02)"'
WRONG = [
    ("lines", f"{A},{D},0,law,,,{LINE}", "accuracy_m", "described_accuracy"),
    ("lines", f"{A},{D},nan,law,,,{LINE}", "accuracy_m", "described_accuracy"),
    ("lines", f"{A},{D},1e9,law,,,{LINE}", "accuracy_m", "described_accuracy"),
    ("lines", f"{A},{D},5,,,,{LINE}", "source", "described_empty"),
    ("lines", f"{A},{A},5,law,,,{LINE}", "second", "described_same_division"),
    ("lines", f"9999,{D},5,law,,,{LINE}", "first", "described_division"),
    ("lines", f"county:{A},{D},5,law,,,{LINE}", "first", "described_division"),
    ("lines", f"nothing:{A},{D},5,law,,,{LINE}", "first", "described_division"),
    ("lines", f"{A},{D},5,law,,,", "geometry", "described_nothing"),
    ("lines", f"{A},{D},,law,,,{LINE}", "geometry", "described_no_accuracy"),
    ("lines", f'{A},{D},5,law,,,"POINT(51 35)"', "geometry", "described_wants_geometry"),
    ("lines", f'{A},{D},5,law,,,"LINESTRING(51 95, 51 96)"', "geometry", "ground_off_globe"),
    ("lines", f'{A},{D},5,law,,,"LINESTRING(51 35, 51 35)"', "geometry", "described_no_length"),
    ("lines", f'{A},{D},5,law,,,"LINESTRING(51"', "geometry", "described_geometry_unreadable"),
    ("markers", f"7,{A},{D},5,law,,,", "geometry", "described_no_point"),
    ("markers", f"7,{A},{D},5,law,,510,35", "geometry", "ground_off_globe"),
    ("markers", f"7,{A},{D},5,law,,x,35", "geometry", "ground_off_globe"),
    ("markers", f",{A},{D},5,law,,51,35", "number", "described_empty"),
    ("markers", f"{'7' * 501},{A},{D},5,law,,51,35", "number", "change_wants_text"),
    ("sheets", "K551,6262,10", "scale", "described_scale"),
    ("sheets", "K551,6262,1/50000", "scale", "described_scale"),
    ("places", f"nowhere,{A}", "place", "described_division"),
]


def bring(describe, what: str, *rows: str, **given: object):
    return describe(what, "\n".join([HEAD[what], *rows, ""]), **given)


def refuse(describe, what: str, *rows: str) -> list[tuple[int, str, str]]:
    with pytest.raises(RowsRefused) as caught:
        bring(describe, what, *rows)
    return [(one.row, one.field, one.rule) for one in caught.value.params["report"].problems]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("what", "row", "field", "rule"), WRONG)
def test_a_wrong_row_is_named(describe, what: str, row: str, field: str, rule: str):
    assert refuse(describe, what, row) == [(1, field, rule)]


def test_a_day_that_is_none_is_named(describe):
    [(row, field, _)] = refuse(describe, "markers", f"7,{A},{D},5,law,1403-13-01,51,35")
    assert (row, field) == (1, "surveyed_on")


def test_one_wrong_row_keeps_all_out(session: Session, describe):
    good, bad = f"1,{A},{D},5,law,,51,35", f"2,{A},{D},0,law,,51,35"
    assert [row for row, _, _ in refuse(describe, "markers", good, bad)] == [2]
    assert session.scalar(select(func.count()).select_from(BoundaryMarker)) == 0


@pytest.mark.parametrize(
    ("what", "row"),
    [("markers", f"7,{A},{D},5,law,,51,35"), ("sheets", "K551,6262,50000"), ("places", f"{A},0102")],
)
def test_nothing_is_said_twice(describe, what: str, row: str):
    assert [one[2] for one in refuse(describe, what, row, row)] == ["described_twice"]
    bring(describe, what, row)
    assert [one[2] for one in refuse(describe, what, row)] == ["described_known"]


def test_what_was_said_is_replaced(session: Session, describe):
    bring(describe, "lines", f"{A},{D},5,law,,,{LINE}", f"{A},{D},9,law,,,{LINE}")
    report = bring(describe, "lines", f"{A},{D},7,law,,,{LINE}", replace=True)
    assert (report.kept, report.replaced) == (1, 2)
    assert session.scalars(select(DescribedLine.accuracy_m)).all() == [7.0]


def test_lines_are_given_to_whoever_asks_for_both_sides(session: Session, drawn: RegisterState, describe):
    bring(describe, "lines", f"{A},{D},5,law,,,{LINE}", f"{A},,5,law,,,{LINE}")
    first, second = list_lines(session, drawn)[0].first, list_lines(session, drawn)[0].second or 0
    assert [len(list_lines(session, drawn, asked)) for asked in ([first, second], [first], [second])] == [2, 1, 0]
    assert list_lines(session, drawn)[0].lines[0].coords[:] == [(51.0, 35.02), (51.02, 35.02)]


@pytest.mark.parametrize("day", ["1400-05-12", "2021-08-03"])
def test_markers_keep_the_day_of_their_survey(session: Session, drawn: RegisterState, describe, day: str):
    bring(describe, "markers", f"۷,{A},{D},۲٫۵,law,{day},51.01,35.02")
    [marker] = list_markers(session, drawn)
    assert (marker.surveyed_on, marker.accuracy_m) == (date(2021, 8, 3), 2.5)


@pytest.mark.parametrize(("text", "scale"), [("50000", 50_000), ("1:250,000", 250_000), ("۱:۲۵۰۰۰", 25_000)])
def test_scales_are_read_as_they_are_written(session: Session, describe, text: str, scale: int):
    bring(describe, "sheets", f'K551,6262,"{text}"')
    assert session.scalars(select(MapSheet.scale)).one() == scale


def test_a_layer_brings_its_own_geometry(session: Session, drawn: RegisterState, describe):
    properties = {"first": A, "second": D, "source": "survey", "accuracy_m": 5}
    line = {"type": "MultiLineString", "coordinates": [[[51, 35.02], [51.01, 35.02]], [[51.01, 35.02], [51.02, 35.02]]]}
    feature = {"type": "Feature", "geometry": line, "properties": properties}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert describe("lines", text, ending="geojson").kept == 1
    assert len(list_lines(session, drawn)[0].lines) == 2


def test_persian_columns_are_known(session: Session, drawn: RegisterState, describe):
    assert describe("places", f"آبادی,واحد\n{A},0102\n").kept == 1
    assert len(list_places(session, drawn)) == 1


@pytest.mark.parametrize(
    ("what", "text", "given", "error"),
    [
        ("places", "place\nx\n", {}, MissingColumn),
        ("places", f"place,division\n{A},0102\n", {"decree": 99}, DecreeNotFound),
        ("places", f"place,division\n{A},0102\n", {"decree": None}, DecreeNotFound),
        ("places", "place,division\n\0,1\n", {}, UnreadableFile),
        ("places", f"place,division\n{A},0102\n", {"caller": ANONYMOUS}, NotPermitted),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(describe, what: str, text: str, given: dict, error: type):
    with pytest.raises(error):
        describe(what, text, **given)
