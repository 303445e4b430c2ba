"""Check what the audit of one coverage finds."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from fixtures.letters import draw, drop_straight
from geo.coverage import Audit, FindingKind, Severity, Tolerances, audit_coverage

CELL, ORIGIN = 0.01, (51.0, 35.0)


def audit_drawing(*layers: str) -> Audit:
    ground = draw(*layers, cell=CELL, origin=ORIGIN)
    return audit_coverage(list(ground.values()), list(ground))


def select(audit: Audit, kind: str) -> list[tuple[str, ...]]:
    return [finding.divisions for finding in audit.findings if finding.kind == kind]


@pytest.mark.parametrize("drawing", ["A", "AB", "AABB\nACCB\nDDDD", "A.B", "AAA\nABA\nAAA"])
def test_coverage_is_clean(drawing: str) -> None:
    audit = audit_drawing(drawing)
    assert audit.certified
    assert audit.is_clean


def test_no_polygons_are_clean() -> None:
    assert audit_coverage([], []).is_clean


@pytest.mark.parametrize(
    ("layers", "owners"),
    [
        (("AAB\nAAB", ".A.\n..."), []),
        (("AAB\nAAB", "..A\n..."), [("A", "B")]),
        (("AABB\nAABB", "..A.\n.B.."), [("A", "B"), ("A", "B")]),
        (("AABB", ".CC."), [("A", "C"), ("B", "C")]),
        (("AABB", ".BA.", ".CC."), [("A", "B", "C")]),
        (("AAA\nAAA\nAAA", "...\n.B.\n..."), [("A", "B")]),
    ],
)
def test_overlap_is_one_face_with_its_owners(layers: tuple[str, ...], owners: list[tuple[str, ...]]) -> None:
    audit = audit_drawing(*layers)
    assert select(audit, "overlap") == owners
    assert audit.certified


@pytest.mark.parametrize(
    ("drawing", "around"),
    [
        ("AAA\nA.A\nAAA", [("A",)]),
        ("AAB\nA.B\nABB", [("A", "B")]),
        ("AABB\nA..B\nAABB", [("A", "B")]),
        ("AAAAA\nA.B.A\nAAAAA", [("A", "B"), ("A", "B")]),
        ("AA\nA.\nAA", []),
        (".A\nA.", []),
    ],
)
def test_gap_is_enclosed_ground_of_nobody(drawing: str, around: list[tuple[str, ...]]) -> None:
    audit = audit_drawing(drawing)
    assert select(audit, "gap") == around
    assert audit.certified


def test_gap_may_touch_the_outside_in_a_point() -> None:
    corners = [box(0, 0, 1, 3), box(1, 2, 3, 3), box(1, 0, 2, 1), Polygon([(2, 0), (3, 0), (3, 2), (2, 1)])]
    assert audit_coverage(corners, list("ABCD")).counts["gap"] == 1


def test_same_ground_twice_is_a_twin() -> None:
    shape = box(51, 35, 51.01, 35.01)
    audit = audit_coverage([shape, shapely.reverse(shape), box(51.01, 35, 51.02, 35.01)], list("ABC"))
    assert audit.counts == {"twin": 1}
    assert audit.findings[0].divisions == ("A", "B")


def test_third_polygon_over_twins_is_an_overlap() -> None:
    shape = box(51, 35, 51.02, 35.01)
    audit = audit_coverage([shape, shape, box(51.01, 35, 51.03, 35.01)], list("ABC"))
    assert select(audit, "overlap") == [("A", "B", "C")]
    assert select(audit, "twin") == [("A", "B")]


def test_reversed_and_rotated_edges_match() -> None:
    left = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    right = Polygon([(1, 1), (1, 0), (2, 0), (2, 1)][::-1])
    assert audit_coverage([left, right], list("AB")).is_clean


def test_vertex_without_counterpart_is_found_once_with_all_owners() -> None:
    audit = audit_coverage([box(0, 0, 1, 2), box(1, 0, 2, 1), box(1, 1, 2, 2)], list("ABC"))
    assert select(audit, "unmatched_vertex") == [("A", "B", "C")]
    assert audit.findings[0].point == (1, 1)
    assert audit.findings[0].severity is Severity.WARNING


def test_corners_of_an_overlap_are_no_findings() -> None:
    assert audit_coverage([box(0, 0, 2, 2), box(1, 1, 3, 3)], list("AB")).counts == {"overlap": 1}


@pytest.mark.parametrize(("shift_m", "counts"), [(0.001, {"unmatched_vertex": 1}), (0.5, {"gap": 1})])
def test_strip_narrower_than_the_vertex_width_is_no_gap(shift_m: float, counts: dict[str, int]) -> None:
    aside = 0.01 + shift_m / 111_000
    right = Polygon([(0.01, 0), (aside, 0.005), (0.01, 0.01), (0.02, 0.01), (0.02, 0)])
    assert audit_coverage([box(0, 0, 0.01, 0.01), right], list("AB")).counts == counts


@pytest.mark.parametrize(("limit", "count"), [(1e5, 1), (1e7, 0)])
def test_faces_below_the_area_are_not_reported(limit: float, count: int) -> None:
    shapes = [box(0, 0, 0.02, 0.01), box(0.01, 0, 0.03, 0.01)]
    audit = audit_coverage(shapes, list("AB"), tolerances=Tolerances(report_area_m2=limit))
    assert audit.counts.get("overlap", 0) == count


def test_detached_parts_are_noticed() -> None:
    parts = MultiPolygon([box(0, 0, 2, 1), box(3, 0, 4, 1), box(5, 0, 5.5, 1)])
    audit = audit_coverage([parts], ["A"])
    assert audit.counts == {"detached_part": 2}
    assert audit.is_clean


def test_key_used_twice_is_a_clash() -> None:
    audit = audit_coverage([box(0, 0, 1, 1), box(2, 0, 3, 1)], ["A", "A"])
    assert [(finding.kind, finding.divisions) for finding in audit.findings] == [(FindingKind.CODE_CLASH, ("A",))]


def test_measures_are_of_the_ground() -> None:
    gap = audit_drawing("AAA\nA.A\nAAA").findings[0]
    assert gap.area_m2 == pytest.approx(1.0123e6, rel=1e-3)
    assert gap.width_m == pytest.approx(912, rel=1e-2)
    assert gap.length_m == pytest.approx(4042, rel=1e-2)
    assert box(51.01, 35.01, 51.02, 35.02).contains(Point(gap.point))


@pytest.mark.parametrize(("height", "sliver"), [(0.0001, True), (0.005, False)])
def test_narrow_faces_are_slivers(height: float, sliver: bool) -> None:
    audit = audit_coverage([box(0, 0, 0.01, 0.01), box(0, 0.01 - height, 0.01, 0.02)], list("AB"))
    assert audit.findings[0].detail["sliver"] is sliver


def test_rows_may_come_in_any_order() -> None:
    ground = draw("AABB\nA.BB", ".B..\n....", cell=CELL, origin=ORIGIN)
    forth = audit_coverage(list(ground.values()), list(ground))
    back = audit_coverage([*ground.values()][::-1], [*ground][::-1])
    assert back.findings == forth.findings


def test_plane_coordinates_give_the_same_findings() -> None:
    ground = [*draw("AAB\nA.B\nAAB", ".B.\n...\n...", cell=CELL, origin=ORIGIN).values()]
    plane = [shapely.transform(shape, lambda xy: (xy - 51) * 1e5) for shape in ground]
    audit = audit_coverage(plane, list("AB"), to_lonlat=lambda xy: np.asarray(xy / 1e5 + 51))
    expected = audit_coverage(ground, list("AB"))
    assert [f.fingerprint for f in audit.findings] == [f.fingerprint for f in expected.findings]
    assert audit.area_m2["gap"] == pytest.approx(expected.area_m2["gap"])


def test_straight_vertices_dropped_alike_leave_a_clean_coverage() -> None:
    ground = drop_straight(draw("AABB\nAABB\nCCCC", cell=CELL, origin=ORIGIN))
    assert audit_coverage(list(ground.values()), list(ground)).is_clean


def test_stacked_levels_overlap_division_by_division() -> None:
    fine = draw("AB\nCD", cell=CELL, origin=ORIGIN)
    audit = audit_coverage([*fine.values(), shapely.union_all([*fine.values()])], [*fine, "P"])
    assert select(audit, "overlap") == [("A", "P"), ("B", "P"), ("C", "P"), ("D", "P")]
