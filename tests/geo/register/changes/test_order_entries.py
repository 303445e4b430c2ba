"""Test that an order is read whole, and that whatever is wrong is named."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import InvalidChange
from geo.register.changes import ChangeKind, Side, read_order

DAY = {"effective_on": "1400-05-20"}
SQUARE = {"type": "Polygon", "coordinates": [[[51, 35], [51.1, 35], [51.1, 35.1], [51, 35.1], [51, 35]]]}
LINE = {"type": "LineString", "coordinates": [[51, 35], [51.1, 35.1]]}
BOWTIE = {"type": "Polygon", "coordinates": [[[51, 35], [52, 36], [52, 35], [51, 36], [51, 35]]]}
NEW = {"label": "نو", "level": "county", "names": {"fa": "نو"}}


def test_a_split_is_read_whole():
    founded = {**NEW, "parent": "01", "children": ["010101"], "line": LINE, "side": "right", "position": [51, 35]}
    order = read_order({**DAY, "kind": "split", "divisions": ["0101"], "founded": [founded], "ends": True})
    (part,) = order.founded
    assert (order.kind, order.effective_on, order.ends) == (ChangeKind.SPLIT, date(2021, 8, 11), True)
    assert (part.label, part.children, part.drawn.side, part.position.x) == ("نو", ("010101",), Side.RIGHT, 51)
    assert order.list_references() == ("0101", "01", "010101")


def test_labels_of_new_divisions_are_no_references():
    order = read_order({**DAY, "kind": "create", "founded": [NEW], "codes": {"نو": {"sci/1399": "0109"}}})
    assert order.list_references() == ()


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ([], "-", "change_wants_object"),
        ({"kind": "rename", "divisions": ["1"], "names": {"fa": "ن"}}, "effective_on", "change_part_missing"),
        ({**DAY}, "kind", "change_part_missing"),
        ({**DAY, "kind": "explode"}, "kind", "change_unknown_word"),
        ({**DAY, "kind": "rename", "divisions": ["1"]}, "names", "change_part_missing"),
        ({**DAY, "kind": "rename", "divisions": ["1"], "names": {"fa": "نو"}, "to": "2"}, "to", "change_part_unknown"),
        ({**DAY, "kind": "rename", "divisions": ["1", "2"], "names": {"fa": "نو"}}, "divisions", "change_wants_one"),
        ({**DAY, "kind": "rename", "divisions": ["1"], "names": {"fa": " "}}, "names.fa", "change_wants_text"),
        ({**DAY, "kind": "rename", "divisions": ["1"], "names": {}}, "names", "change_part_missing"),
        ({**DAY, "kind": "rename", "divisions": ["1\0"], "names": {"fa": "ن"}}, "divisions.0", "change_wants_text"),
        ({**DAY, "kind": "rename", "divisions": [7], "names": {"fa": "ن"}}, "divisions.0", "change_wants_text"),
        ({**DAY, "kind": "transfer", "divisions": [], "to": "1"}, "divisions", "change_part_missing"),
        ({**DAY, "kind": "transfer", "divisions": ["1", "1"], "to": "2"}, "divisions.1", "change_said_twice"),
        ({**DAY, "kind": "transfer", "divisions": ["1"], "to": "2", "recode": 1}, "recode", "change_wants_flag"),
        ({**DAY, "kind": "merge", "divisions": ["1"]}, "divisions", "change_wants_two"),
        ({**DAY, "kind": "merge", "divisions": ["1", "2"]}, "to", "change_to_or_founded"),
        ({**DAY, "kind": "merge", "divisions": ["1"], "to": "2", "founded": [NEW]}, "to", "change_to_or_founded"),
        ({**DAY, "kind": "recentre", "divisions": ["1"], "centre": [51]}, "centre", "change_wants_point"),
        ({**DAY, "kind": "recentre", "divisions": ["1"], "centre": [51, float("nan")]}, "centre", "change_wants_point"),
        ({**DAY, "kind": "recentre", "divisions": ["1"], "centre": [35, 91]}, "centre", "change_wants_point"),
        ({**DAY, "kind": "undo", "change": 0}, "change", "change_wants_number"),
        ({**DAY, "kind": "undo", "change": True}, "change", "change_wants_number"),
        ({**DAY, "kind": "create", "founded": [NEW, NEW]}, "founded.1.label", "change_said_twice"),
        ({**DAY, "kind": "create", "founded": [{**NEW, "x": 1}]}, "founded.0.x", "change_part_unknown"),
        ({"kind": "abolish", "divisions": ["1"], "effective_on": "1404-12-30"}, "effective_on", "date_not_in_jalali"),
    ],
)
def test_what_is_wrong_is_named(body: object, field: str, reason: str):
    with pytest.raises(InvalidChange) as caught:
        read_order(body)
    assert (caught.value.params["field"], caught.value.params["reason"].key) == (field, reason)


@pytest.mark.parametrize(
    ("drawn", "field", "reason"),
    [
        ({}, "ground", "change_part_missing"),
        ({"ground": SQUARE, "line": LINE}, "line", "change_line_or_ground"),
        ({"ground": SQUARE, "side": "left"}, "side", "change_unknown_word"),
        ({"line": LINE, "side": "up"}, "side", "change_unknown_word"),
        ({"ground": LINE}, "ground", "change_wants_geometry"),
        ({"ground": {"type": "Polygon", "coordinates": [[[0, 0]]]}}, "ground", "change_wants_geometry"),
        ({"ground": {"type": "Polygon", "coordinates": []}}, "ground", "change_geometry_size"),
        ({"ground": {"type": "Polygon", "coordinates": "x"}}, "ground", "change_wants_geometry"),
        ({"ground": BOWTIE}, "ground", "change_geometry_invalid"),
        ({"line": {"type": "LineString", "coordinates": [[181, 0], [0, 0]]}}, "line", "change_geometry_off_globe"),
        (
            {"line": {"type": "LineString", "coordinates": [[float("inf"), 0], [0, 0]]}},
            "line",
            "change_geometry_off_globe",
        ),
    ],
)
def test_ground_that_cannot_be_used_is_named(drawn: dict[str, object], field: str, reason: str):
    with pytest.raises(InvalidChange) as caught:
        read_order({**DAY, "kind": "rebound", "moves": [{"from": "1", "to": "2", **drawn}]})
    assert (caught.value.params["field"], caught.value.params["reason"].key) == (f"moves.0.{field}", reason)


def test_a_third_dimension_is_left_out():
    line = {"type": "LineString", "coordinates": [[51, 35, 900], [51.1, 35.1, 901]]}
    order = read_order({**DAY, "kind": "rebound", "moves": [{"from": "1", "to": "2", "line": line}]})
    assert not order.moves[0].drawn.line.has_z


SHARE = {"to": "1", "ground": SQUARE}
FACE = {"divisions": ["1", "2"], "ground": SQUARE, "shares": [SHARE]}


def test_a_settlement_is_one_face_or_several():
    one = read_order({**DAY, "kind": "settle", **FACE, "gap": True})
    many = read_order({**DAY, "kind": "settle", "faces": [{**FACE, "gap": True}, FACE]})
    assert (one.faces[0], one.list_references()) == (many.faces[0], ("1", "2"))
    assert [face.gap for face in many.faces] == [True, False]


def test_a_share_may_be_nobodys():
    order = read_order({**DAY, "kind": "settle", **FACE, "shares": [{"to": None, "ground": SQUARE}]})
    assert order.faces[0].shares[0].to is None


@pytest.mark.parametrize(
    ("parts", "field", "reason"),
    [
        ({}, "divisions", "change_part_missing"),
        ({"faces": []}, "faces", "change_part_missing"),
        ({"faces": [FACE], **FACE}, "divisions", "change_face_or_faces"),
        ({"faces": FACE}, "faces", "change_wants_list"),
        ({"faces": [{**FACE, "kind": "gap"}]}, "faces.0.kind", "change_part_unknown"),
        ({**FACE, "divisions": []}, "divisions", "change_part_missing"),
        ({**FACE, "divisions": ["1", "1"]}, "divisions.1", "change_said_twice"),
        ({**FACE, "shares": []}, "shares", "change_part_missing"),
        ({**FACE, "shares": [{**SHARE, "to": "3"}]}, "shares.0.to", "change_share_stranger"),
        ({**FACE, "shares": [{"to": "1"}]}, "shares.0.ground", "change_part_missing"),
        ({**FACE, "shares": [{**SHARE, "ground": LINE}]}, "shares.0.ground", "change_wants_geometry"),
        ({**FACE, "ground": BOWTIE}, "ground", "change_geometry_invalid"),
        ({**FACE, "gap": "no"}, "gap", "change_wants_flag"),
        ({**FACE, "to": "1"}, "to", "change_part_unknown"),
    ],
)
def test_what_is_wrong_with_a_settlement_is_named(parts: dict[str, object], field: str, reason: str):
    with pytest.raises(InvalidChange) as caught:
        read_order({**DAY, "kind": "settle", **parts})
    assert (caught.value.params["field"], caught.value.params["reason"].key) == (field, reason)
