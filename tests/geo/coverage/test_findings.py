"""Check how findings are counted and ranked."""

from __future__ import annotations

import pytest

from geo.coverage import Audit, Finding, FindingKind, Severity, rank_kind


def make(kind: FindingKind, area_m2: float | None = None) -> Finding:
    return Finding(kind, rank_kind(kind), ("A",), None, area_m2=area_m2)


def audit(*findings: Finding, certified: bool = True) -> Audit:
    return Audit(certified, findings, 1, 4)


def test_counts_and_areas_are_by_kind() -> None:
    found = audit(make(FindingKind.OVERLAP, 1.5), make(FindingKind.GAP, 2.0), make(FindingKind.OVERLAP, 0.5))
    assert found.counts == {"gap": 1, "overlap": 2}
    assert found.area_m2 == {"gap": 2.0, "overlap": 2.0}


def test_kinds_without_area_have_no_sum() -> None:
    assert audit(make(FindingKind.INVALID)).area_m2 == {}


@pytest.mark.parametrize(
    ("kind", "clean"),
    [(FindingKind.DETACHED_PART, True), (FindingKind.UNMATCHED_VERTEX, False), (FindingKind.OVERLAP, False)],
)
def test_only_notices_are_clean(kind: FindingKind, clean: bool) -> None:
    assert audit(make(kind)).is_clean is clean


def test_nothing_is_clean_without_certificate() -> None:
    assert not audit(certified=False).is_clean


@pytest.mark.parametrize("kind", list(FindingKind))
def test_every_kind_has_a_severity(kind: FindingKind) -> None:
    assert rank_kind(kind) in Severity
