"""Check that a defect keeps its name."""

from __future__ import annotations

import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from geo.coverage import Audit, Finding, FindingKind, Severity, audit_coverage, keep_names, make_fingerprint

ROWS = {"A": box(0, 0, 2, 2), "B": box(1, 1, 3, 3), "C": box(10, 0, 11, 1)}


def audit_rows(**rows: object) -> Audit:
    return audit_coverage(list(rows.values()), list(rows))  # type: ignore[arg-type]


def test_name_survives_what_happens_elsewhere() -> None:
    before, after = audit_rows(**ROWS), audit_rows(**ROWS | {"C": box(10, 0, 12, 1), "D": box(11, 0, 13, 1)})
    assert before.findings[0] in after.findings


@pytest.mark.parametrize(
    ("kind", "owners", "point"),
    [("gap", ["A", "B"], (1.0, 2.0)), ("overlap", ["A", "C"], (1.0, 2.0)), ("overlap", ["A", "B"], (1.1, 2.0))],
)
def test_kind_owners_and_place_make_the_name(kind: str, owners: list[str], point: tuple[float, float]) -> None:
    assert make_fingerprint(kind, owners, point) != make_fingerprint("overlap", ["A", "B"], (1.0, 2.0))


def test_zeros_of_either_sign_are_one_place() -> None:
    assert make_fingerprint("gap", [], (0.0, -1e-9)) == make_fingerprint("gap", [], (-0.0, 0.0))


def test_defects_in_one_cell_have_names_of_their_own() -> None:
    shapes = [box(0, 0, 1, 1), box(0.999999, 0, 2, 0.0000001), box(0.999999, 0.0000002, 2, 0.0000003)]
    audit = audit_coverage(shapes, ["A", "B", "B"])
    names = [finding.fingerprint for finding in audit.findings]
    assert len(set(names)) == len(names)


def test_rows_with_one_key_clash_and_are_both_named() -> None:
    audit = audit_coverage([box(0, 0, 2, 2), box(1, 1, 3, 3)], ["A", "A"])
    assert [(finding.kind, finding.divisions) for finding in audit.findings] == [
        ("code_clash", ("A",)),
        ("overlap", ("A", "A")),
    ]


def make_gap(geometry: BaseGeometry | None, name: str, *owners: str) -> Finding:
    point = None if geometry is None else (geometry.centroid.x, geometry.centroid.y)
    return Finding(FindingKind.GAP, Severity.ERROR, owners or ("A",), geometry, point=point, fingerprint=name)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (box(0, 0, 2, 2), box(0, 0, 2, 3), True),
        (box(0, 0, 2, 2), box(0, 0, 1, 1), True),
        (box(0, 0, 2, 2), box(1.5, 0, 4, 2), False),
        (box(0, 0, 2, 2), box(2, 0, 4, 2), False),
        (shapely.Point(1, 1), shapely.Point(1.00001, 1), True),
        (shapely.Point(1, 1), shapely.Point(1.001, 1), False),
        (None, None, True),
        (None, box(0, 0, 1, 1), False),
    ],
)
def test_case_keeps_its_name_where_its_ground_stays(
    before: BaseGeometry | None, after: BaseGeometry | None, kept: bool
) -> None:
    name = keep_names([make_gap(after, "new")], [make_gap(before, "old")])[0].fingerprint
    assert (name == "old") == kept


def test_other_owners_make_another_case() -> None:
    ground = box(0, 0, 1, 1)
    assert keep_names([make_gap(ground, "new", "B")], [make_gap(ground, "old", "A")])[0].fingerprint == "new"


def test_most_alike_keep_their_names_first() -> None:
    before = [make_gap(box(0, 0, 2, 2), "first"), make_gap(box(2, 0, 4, 2), "second")]
    after = [make_gap(box(2, 0, 4, 2), "first"), make_gap(box(0, 0, 0.5, 2), "second")]
    assert [finding.fingerprint for finding in keep_names(after, before)] == ["second", "first"]


def test_name_that_was_given_away_is_not_given_twice() -> None:
    before = [make_gap(box(0, 0, 2, 2), "old")]
    after = [make_gap(box(0, 0, 2, 2.1), "new"), make_gap(box(5, 5, 6, 6), "old")]
    names = [finding.fingerprint for finding in keep_names(after, before)]
    assert (names[0], len(set(names))) == ("old", 2)


@pytest.mark.parametrize("step", [4e-6, 1e-5, 2.5e-5])
def test_names_survive_a_shift_over_the_edges_of_cells(step: float) -> None:
    shapes = [box(x * 0.01, 0, x * 0.01 + 0.0101, 0.01) for x in range(8)]
    before = audit_rows(**dict(zip("ABCDEFGH", shapes, strict=True)))
    moved = [shapely.transform(shape, lambda xy: xy + step) for shape in shapes]
    after = audit_rows(**dict(zip("ABCDEFGH", moved, strict=True)))
    kept = keep_names(after.findings, before.findings)
    assert [finding.fingerprint for finding in kept] == [finding.fingerprint for finding in before.findings]
