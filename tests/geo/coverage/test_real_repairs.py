"""Test on real boundaries which defects fall inside the limits of repairs, and that mending them leaves nothing new."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import CRS, Transformer

from geo.coverage import Audit, Sheet, audit_coverage
from geo.coverage.options import Share
from geo.coverage.repairs import NO_POINTS, RepairGround, RepairPlan, RepairWay, plan_repairs
from geo.coverage.settlements import DecidedFace, settle_faces

COLORADO, AFGHAN, IRAN = (
    ("broken/co_bad_gap_region.gpkg", None),
    ("afghanistan/afg_geoboundaries.gpkg", "admin2_2014"),
    ("iran/iran_osm_admin_2025.gpkg", "counties"),
)
Source = tuple[str, str | None]


def load(real_data: Path, source: Source) -> Sheet:
    meta, _, wkb, _ = pyogrio.raw.read(real_data / source[0], layer=source[1])
    move = Transformer.from_crs(CRS.from_user_input(meta["crs"]), 4326, always_xy=True).transform
    shapes = shapely.transform(
        shapely.force_2d(shapely.from_wkb(wkb)), lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])).round(9)
    )
    keys = range(1, len(shapes) + 1)
    return Sheet(dict(zip(keys, shapes, strict=True)), dict.fromkeys(keys), dict.fromkeys(keys, "district"))


def audit(sheet: Sheet) -> Audit:
    return audit_coverage(list(sheet.shapes.values()), [str(key) for key in sheet.shapes])


def propose(sheet: Sheet, first: RepairWay = RepairWay.BORDER) -> RepairPlan:
    return plan_repairs(audit(sheet).findings, RepairGround(sheet, NO_POINTS), first=first)


@pytest.mark.parametrize(
    ("source", "mended", "left"),
    [
        (COLORADO, {"gap", "overlap"}, {"repair_large": 4}),
        (AFGHAN, {"gap"}, {"repair_kind": 2}),
        (IRAN, set(), {"repair_kind": 1}),
    ],
    ids=["colorado", "afghanistan", "iran"],
)
def test_real_defects_are_mended_or_left(real_data: Path, source: Source, mended: set[str], left: dict[str, int]):
    plan = propose(load(real_data, source))
    reasons = [one.reason.key for one in plan.left]
    assert {str(move.finding.kind) for move in plan.moves} == mended
    assert {key: reasons.count(key) for key in set(reasons)} == left


@pytest.mark.parametrize("source", [COLORADO, AFGHAN], ids=["colorado", "afghanistan"])
@pytest.mark.parametrize("first", [RepairWay.BORDER, RepairWay.MEDIAL])
def test_mending_leaves_nothing_new(real_data: Path, source: Source, first: RepairWay):
    sheet = load(real_data, source)
    plan = propose(sheet, first)
    faces = [
        DecidedFace(move.finding.geometry, move.divisions, tuple(Share(one.taker, one.ground) for one in move.shares))
        for move in plan.moves
        if move.finding.geometry is not None
    ]
    after = audit(sheet.with_shapes(settle_faces(sheet, faces).moved.shapes))
    assert after.certified
    assert {one.fingerprint for one in after.findings} == {one.finding.fingerprint for one in plan.left}
