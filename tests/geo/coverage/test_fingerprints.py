"""Check that a defect keeps its name."""

from __future__ import annotations

import pytest
from shapely import box

from geo.coverage import Audit, audit_coverage, make_fingerprint

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
