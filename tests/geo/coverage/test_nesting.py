"""Check how children and parents are held against each other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from shapely import box
from shapely.geometry.base import BaseGeometry

from fixtures.letters import draw
from geo.coverage import Audit, Finding, Parents, audit_coverage, guess_parents

CELL, ORIGIN = 0.01, (51.0, 35.0)
FAMILY = {"A": "P", "B": "P", "C": "Q", "D": "Q"}


def audit_family(
    children: Mapping[str, BaseGeometry], parents: Mapping[str, BaseGeometry], parent_of: Mapping[str, str]
) -> Audit:
    level_above = Parents(list(parents), list(parents.values()), [parent_of.get(key) for key in children])
    return audit_coverage(list(children.values()), list(children), parents=level_above)


def audit_drawings(children: str, parents: str, **moved: str) -> Audit:
    drawn = (draw(drawing, cell=CELL, origin=ORIGIN) for drawing in (children, parents))
    return audit_family(*drawn, parent_of=FAMILY | moved)


def list_misfits(audit: Audit) -> list[tuple[str, tuple[str, ...]]]:
    misfits = [finding for finding in audit.findings if finding.kind == "misfit"]
    return [(str(finding.detail["misfit"]), finding.divisions) for finding in misfits]


def find_outside(audit: Audit) -> Finding:
    return next(finding for finding in audit.findings if finding.detail.get("misfit") == "outside")


def test_exact_nesting_is_clean() -> None:
    audit = audit_drawings("ABCD\nABCD", "PPQQ\nPPQQ")
    assert audit.is_clean
    assert audit.certified


@pytest.mark.parametrize(
    ("children", "parents", "misfits"),
    [
        ("ABBC\nABCD", "PPQQ\nPPQQ", [("outside", ("B", "P")), ("uncovered", ("Q",))]),
        ("ABCD\nABCD", "PPQQ\nPPQ.", [("outside", ("D", "Q"))]),
        ("ABCD\nABC.", "PPQQ\nPPQQ", [("uncovered", ("Q",))]),
        ("AACC\nA.CC", "PPQQ\nPPQQ", [("uncovered", ("P",))]),
    ],
)
def test_ground_that_children_and_parents_do_not_share(
    children: str, parents: str, misfits: list[tuple[str, tuple[str, ...]]]
) -> None:
    audit = audit_drawings(children, parents)
    assert list_misfits(audit) == misfits
    assert audit.certified


def test_right_ground_under_the_wrong_parent_shows() -> None:
    audit = audit_drawings("ABCD\nABCD", "PPQQ\nPPQQ", B="Q")
    assert list_misfits(audit) == [("outside", ("B", "Q")), ("uncovered", ("P",))]
    assert find_outside(audit).detail["share_inside"] == pytest.approx(0, abs=1e-9)
    assert find_outside(audit).detail["elsewhere"] == "P"


def test_share_inside_is_of_the_ground() -> None:
    audit = audit_drawings("ABBB\nABBB", "PPPQ\nPPPQ")
    assert find_outside(audit).detail["share_inside"] == pytest.approx(2 / 3, rel=1e-4)


def test_misfit_in_several_pieces_is_one_finding() -> None:
    audit = audit_drawings("ABABA", "P.P.P")
    assert list_misfits(audit) == [("outside", ("B", "P"))]


def test_children_that_overlap_inside_their_parent_hide_no_misfit() -> None:
    children = {"A": box(0, 0, 2, 1), "B": box(0, 0, 1, 1)}
    audit = audit_family(children, {"P": box(0, 0, 1, 1)}, {"A": "P", "B": "P"})
    assert list_misfits(audit) == [("outside", ("A", "P"))]


@pytest.mark.parametrize("parent", [None, "Z"])
def test_child_without_parent_is_an_orphan(parent: str | None) -> None:
    parents = Parents(["P"], [box(0, 0, 1, 1)], ["P", parent])
    audit = audit_coverage([box(0, 0, 1, 1), box(1, 0, 2, 1)], list("AB"), parents=parents)
    assert audit.counts == {"orphan": 1}
    assert audit.findings[0].detail == {"parent": parent}


def test_parent_without_boundary_is_reported() -> None:
    audit = audit_coverage([box(0, 0, 1, 1)], ["A"], parents=Parents(["P"], [None], ["P"]))
    assert audit.counts == {"missing_boundary": 1}
    assert audit.findings[0].detail["level"] == "parent"


def test_parents_do_not_change_the_other_findings() -> None:
    children = draw("AAB\nA.B", ".B.\n...", cell=CELL, origin=ORIGIN)
    alone = audit_coverage(list(children.values()), list(children))
    nested = audit_family(children, draw("PPP\nPPP", cell=CELL, origin=ORIGIN), {"A": "P", "B": "P"})
    assert [finding for finding in nested.findings if finding.kind != "misfit"] == list(alone.findings)


def test_parent_holds_most_of_the_child() -> None:
    best, share = guess_parents([box(0, 0, 4, 1), box(9, 9, 10, 10)], [box(0, 0, 1, 1), box(1, 0, 5, 1)])
    assert best.tolist() == [1, -1]
    assert share.tolist() == pytest.approx([0.75, 0])


def test_first_of_equal_parents_is_taken() -> None:
    assert guess_parents([box(0, 0, 2, 1)], [box(0, 0, 1, 1), box(1, 0, 2, 1)])[0].tolist() == [0]
