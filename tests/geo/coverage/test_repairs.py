"""Test which defects a repair is proposed for, how it would be done, and why the others are left."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage import Sheet, audit_coverage
from geo.coverage.repairs import NO_POINTS, RepairGround, RepairLimits, RepairPlan, RepairWay, plan_repairs

X, Y = 51.0, 35.0
METRE = 1 / 91_288  # a metre of longitude at this latitude, in degrees


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def plan(*shapes: BaseGeometry, points: Any = NO_POINTS, **given: Any) -> RepairPlan:
    ground = {name: given.pop(name) for name in ("parents", "excepted") if name in given}
    sheet = Sheet(dict(enumerate(shapes, start=1)), {}, {})
    keys = [str(key) for key in sheet.shapes]
    return plan_repairs(audit_coverage(list(shapes), keys).findings, RepairGround(sheet, points, **ground), **given)


def overlap(width_m: float, height: float = 0.004) -> tuple[shapely.Polygon, ...]:
    """Let a low box reach into a high one by some metres, with a third on top so that nothing is on the border."""
    low, high = box(0, 0, 0.01 + width_m * METRE, height), box(0.01, 0, 0.02, height)
    return low, high, box(-0.01, height, 0.03, 0.02), box(-0.01, -0.01, 0.03, 0)


def explain(found: RepairPlan) -> dict[str, str]:
    return {left.finding.kind.value: left.reason.key for left in found.left}


def test_a_sliver_goes_to_one_of_two():
    found = plan(*overlap(5))
    [move] = [one for one in found.moves if one.finding.kind == "overlap"]
    assert (move.way, move.divisions, len(move.shares)) == (RepairWay.BORDER, (1, 2), 1)
    assert move.displacement_m == pytest.approx(5, rel=0.02)
    assert move.area_m2 == pytest.approx(5 * 444, rel=0.02)


def test_a_strip_is_parted_half_way_where_that_is_wanted():
    left, right = box(0, 0, 0.01, 0.004), box(0.01, 0, 0.02, 0.004)
    bulge = shapely.Polygon([(X + 0.01, Y), (X + 0.01 + 10 * METRE, Y + 0.002), (X + 0.01, Y + 0.004)])
    found = plan(shapely.union(left, bulge), right, first=RepairWay.MEDIAL)
    [move] = found.moves
    assert (move.way, [share.taker for share in move.shares]) == (RepairWay.MEDIAL, [1, 2])
    assert sum(share.ground.area for share in move.shares) == pytest.approx(bulge.area)
    assert move.displacement_m < 10


def test_a_gap_goes_to_the_longest_border():
    low, top = box(0, 0, 0.02, 0.01), box(0, 0.01 + 1e-5, 0.02, 0.02)
    sides = box(-0.01, 0, 0, 0.02), box(0.02, 0, 0.03, 0.02)
    [move] = [one for one in plan(low, top, *sides).moves if one.finding.kind == "gap"]
    assert move.shares[0].taker in (1, 2)
    assert move.displacement_m == pytest.approx(1.11, rel=0.02)


def test_a_vertex_is_inserted():
    found = plan(box(0, 0, 0.02, 0.01), box(0, 0.01, 0.007, 0.02), box(0.007, 0.01, 0.02, 0.02))
    [move] = found.moves
    assert (move.way, move.shares, move.points) == (RepairWay.VERTEX, (), ((X + 0.007, Y + 0.01),))
    assert move.displacement_m < 0.002


@pytest.mark.parametrize(
    ("width_m", "limits", "reason"),
    [
        (40, RepairLimits(), "repair_large"),
        (5, RepairLimits(most_area_m2=1000), "repair_large"),
        (5, RepairLimits(most_width_m=4), "repair_wide"),
        (5, RepairLimits(most_displacement_m=4), "repair_displaced"),
    ],
)
def test_what_is_over_a_limit_is_left(width_m: float, limits: RepairLimits, reason: str):
    assert explain(plan(*overlap(width_m), limits=limits))["overlap"] == reason


def test_a_place_inside_is_left():
    points = np.array([[X + 0.01 + 2 * METRE, Y + 0.002]])
    assert explain(plan(*overlap(5), points=points))["overlap"] == "repair_place"


def test_the_outer_border_is_left():
    low, high = overlap(5)[:2]
    assert explain(plan(low, high))["overlap"] == "repair_outer"


def test_a_part_within_another_is_left():
    inner = box(0.005, 0.001, 0.005 + 5 * METRE, 0.002)
    assert explain(plan(box(0, 0, 0.01, 0.004), inner))["overlap"] == "repair_contained"


def test_more_than_two_parties_are_left():
    reach, over = 0.01 - 5 * METRE, 0.002 + 5 * METRE
    found = plan(box(0, 0, 0.01, 0.004), box(reach, 0, 0.02, over), box(reach, 0.002, 0.02, 0.004))
    assert "repair_parties" in {left.reason.key for left in found.left}


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ((box(0, 0, 0.01, 0.01), box(0, 0, 0.01, 0.01)), "twin"),
        ((shapely.union(box(0, 0, 0.01, 0.01), box(0.02, 0, 0.0201, 0.0001)),), "detached_part"),
    ],
)
def test_kinds_that_are_never_mended_are_left(shapes: tuple[BaseGeometry, ...], kind: str):
    assert explain(plan(*shapes))[kind] == "repair_kind"


def test_divisions_with_ground_below_are_left():
    assert explain(plan(*overlap(5), parents={1}))["overlap"] == "repair_below"


def test_lawful_exceptions_are_left():
    known = [left.finding.fingerprint for left in plan(*overlap(5), parents={1}).left]
    assert set(explain(plan(*overlap(5), excepted=known)).values()) <= {"repair_excepted"}


def test_nothing_is_proposed_where_nothing_is_wrong():
    assert plan(box(0, 0, 0.01, 0.01), box(0.01, 0, 0.02, 0.01)) == RepairPlan((), ())
