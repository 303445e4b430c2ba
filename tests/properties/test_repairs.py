"""Hold repairs of coverages torn at random against what must always be true."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.coverage import Sheet, audit_coverage
from geo.coverage.insertions import Spot, insert_vertices
from geo.coverage.options import Share
from geo.coverage.repairs import NO_POINTS, RepairGround, RepairLimits, RepairPlan, plan_repairs
from geo.coverage.settlements import DecidedFace, settle_faces

CELL, ROWS, COLUMNS, PIECES = 0.02, 2, 3, 4
LIMITS = RepairLimits(most_area_m2=2_000, most_width_m=5, most_displacement_m=4)
SLOW = settings(max_examples=25, suppress_health_check=(HealthCheck.too_slow,))


def draw_side(start: np.ndarray, end: np.ndarray, dice: np.random.Generator, spread: float) -> np.ndarray:
    share = np.linspace(0, 1, PIECES + 1)[:-1, None]
    spots = start + share * (end - start)
    spots[1:] += dice.normal(0, spread, spots[1:].shape)
    return spots


def tear(seed: int, spread: float) -> dict[int, shapely.Polygon]:
    """Draw a chessboard whose cells each have their own idea of the lines between them."""
    dice = np.random.default_rng(seed)
    shapes = {}
    for row in range(ROWS):
        for column in range(COLUMNS):
            west, south = 51 + column * CELL, 35 + row * CELL
            corners = np.array([(west, south), (west + CELL, south), (west + CELL, south + CELL), (west, south + CELL)])
            sides = [draw_side(corners[side], corners[(side + 1) % 4], dice, spread) for side in range(4)]
            shapes[len(shapes) + 1] = shapely.Polygon(np.vstack(sides).round(9))
    return shapes


def propose(shapes: dict[int, shapely.Polygon]) -> RepairPlan:
    audit = audit_coverage(list(shapes.values()), [str(key) for key in shapes])
    return plan_repairs(audit.findings, RepairGround(Sheet(shapes, {}, {}), NO_POINTS), limits=LIMITS)


def carry_out(shapes: dict[int, shapely.Polygon], plan: RepairPlan) -> dict[int, shapely.Polygon]:
    sheet = Sheet(shapes, dict.fromkeys(shapes), dict.fromkeys(shapes, "district"))
    spots = [Spot(point, move.divisions) for move in plan.moves for point in move.points]
    sheet = insert_vertices(sheet, spots, width_m=LIMITS.vertex_width_m).sheet
    faces = [
        DecidedFace(
            move.finding.geometry, move.divisions, tuple(Share(share.taker, share.ground) for share in move.shares)
        )
        for move in plan.moves
        if move.shares and move.finding.geometry is not None
    ]
    return {**sheet.shapes, **settle_faces(sheet, faces).moved.shapes}


@SLOW
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 5e-6, 2e-5]))
def test_no_move_is_over_the_limits(seed: int, spread: float):
    for move in propose(tear(seed, spread)).moves:
        assert 0 <= move.area_m2 <= LIMITS.most_area_m2
        assert move.displacement_m <= LIMITS.most_displacement_m
        assert (move.finding.width_m or 0) <= LIMITS.most_width_m


@SLOW
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 5e-6, 2e-5]))
def test_every_defect_is_mended_or_left_with_a_reason(seed: int, spread: float):
    shapes = tear(seed, spread)
    plan = propose(shapes)
    told = [one.finding.fingerprint for one in (*plan.moves, *plan.left)]
    audit = audit_coverage(list(shapes.values()), [str(key) for key in shapes])
    assert sorted(told) == sorted(finding.fingerprint for finding in audit.findings)


@SLOW
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 5e-6]))
def test_mended_ground_is_a_valid_coverage_without_those_defects(seed: int, spread: float):
    shapes = tear(seed, spread)
    plan = propose(shapes)
    after = carry_out(shapes, plan)
    audit = audit_coverage(list(after.values()), [str(key) for key in after])
    left = {one.finding.fingerprint for one in plan.left}
    assert all(shape.is_valid for shape in after.values())
    assert audit.certified
    ground = [one for one in audit.findings if one.kind in ("overlap", "gap")]
    assert {one.fingerprint for one in ground} <= left


@SLOW
@given(st.integers(0, 2**32 - 1))
def test_no_coordinate_is_computed_anew(seed: int):
    shapes = tear(seed, 5e-6)
    plan = propose(shapes)
    drawn = [move.finding.geometry for move in plan.moves]
    known = set(map(tuple, shapely.get_coordinates([*shapes.values(), *drawn]).round(9).tolist()))
    after = set(map(tuple, shapely.get_coordinates(list(carry_out(shapes, plan).values())).round(9).tolist()))
    assert after <= known
