"""Hold settled faces against what must always be true, on overlaps and gaps planted at random."""

from __future__ import annotations

import math

import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from fixtures.sheets import CELL, ORIGIN, apply_moves, audit_sheet, draw_sheet
from geo.coverage import GroundMove, Sheet, adopt_line, follow_medial, lay_face, move_ground, settle_face
from geo.errors import Infeasible

SHEET = draw_sheet("ZZZZ\nZZZZ\nZZZZ", "PPQQ\nPPQQ\nPPQQ", "AABB\nCCBB\nCCDD")
KEYS = tuple(map(ord, "ABCD"))
# To draw a sheet takes its time, the more so on a busy machine.
SLOW = (HealthCheck.too_slow,)
LEAST = 1e-10

spots = st.tuples(st.integers(0, 400), st.integers(0, 300)).map(
    lambda spot: (ORIGIN[0] + spot[0] * CELL / 100, ORIGIN[1] + spot[1] * CELL / 100)
)


@st.composite
def grounds(draw: st.DrawFn) -> tuple[int, BaseGeometry]:
    """Draw a piece of one district, in one part."""
    key = draw(st.sampled_from(KEYS))
    drawn = shapely.convex_hull(shapely.MultiPoint(draw(st.lists(spots, min_size=3, max_size=6, unique=True))))
    ground = shapely.intersection(drawn, SHEET.shapes[key])
    assume(isinstance(ground, Polygon) and ground.area > LEAST)
    return key, ground


def plant_overlap(owner: int, other: int, ground: BaseGeometry) -> tuple[Sheet, BaseGeometry]:
    """Let a district, and the county above it where that is another, claim ground of another district as well."""
    moved = move_ground(SHEET, [GroundMove(ground, owner, other)])
    family = (owner, SHEET.parents[owner])
    kept = {key: shape for key, shape in moved.shapes.items() if key not in family or key == SHEET.parents[other]}
    noded = move_ground(apply_moves(SHEET, moved, [other]), [GroundMove(moved.moved[0].ground, other, owner)])
    return SHEET.with_shapes({**noded.shapes, **kept}), moved.moved[0].ground


@settings(max_examples=30, suppress_health_check=SLOW)
@given(grounds(), st.sampled_from(KEYS), st.booleans())
def test_no_overlap_is_left_whoever_has_the_face(piece: tuple[int, BaseGeometry], other: int, to_owner: bool) -> None:
    owner, ground = piece
    assume(owner != other)
    sheet, face_ground = plant_overlap(owner, other, ground)
    assert any(finding.kind == "overlap" for finding in audit_sheet(sheet))
    face = lay_face(sheet, face_ground, [owner, other])
    moved = settle_face(face, adopt_line(face, owner if to_owner else other))
    assert audit_sheet(apply_moves(sheet, moved, [None])) == []


@settings(max_examples=30, suppress_health_check=SLOW)
@given(grounds(), st.sampled_from(KEYS))
def test_no_gap_is_left_whoever_has_the_face(piece: tuple[int, BaseGeometry], taker: int) -> None:
    owner, ground = piece
    torn = move_ground(SHEET, [GroundMove(ground, owner, None)])
    sheet = apply_moves(SHEET, torn, [None])
    face = lay_face(
        sheet, torn.moved[0].ground, sorted({owner, taker} - {key for key in KEYS if sheet.shapes[key].is_empty})
    )
    moved = settle_face(face, adopt_line(face, taker if not sheet.shapes[taker].is_empty else face.candidates[0]))
    after = apply_moves(sheet, moved, [None])
    assert audit_sheet(after) == []
    assert math.isclose(sum(after.shapes[key].area for key in KEYS), SHEET.shapes[ord("Z")].area, rel_tol=1e-12)


@settings(max_examples=30, suppress_health_check=SLOW)
@given(grounds(), st.sampled_from(KEYS))
def test_medial_line_shares_the_whole_face_or_is_refused(piece: tuple[int, BaseGeometry], other: int) -> None:
    owner, ground = piece
    assume(owner != other)
    sheet, face_ground = plant_overlap(owner, other, ground)
    face = lay_face(sheet, face_ground, [owner, other])
    try:
        option = follow_medial(face)
    except Infeasible:
        return
    assert math.isclose(sum(share.ground.area for share in option.shares), face.ground.area, rel_tol=1e-9)
    moved = settle_face(face, option)
    assert audit_sheet(apply_moves(sheet, moved, [None, None])) == []
