"""Give a defect a name that stays the same when the audit runs again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from geo.coverage.findings import Finding

_CELL_DIGITS = 5
"""Positions are compared on a grid of 0.00001 degrees, about a metre."""
_LENGTH = 16


def make_fingerprint(kind: str, owners: Sequence[str], point: tuple[float, float] | None, *, nth: int = 0) -> str:
    """Hash what a defect is, whose it is and where it is; `nth` tells apart those that agree in all three.

    Examples
    --------
    >>> make_fingerprint("overlap", ["B", "A"], (1.0, 2.0)) == make_fingerprint("overlap", ["A", "B"], (1.0000001, 2.0))
    True
    """
    # Adding zero turns -0.0 into 0.0.
    cell = "" if point is None else ",".join(f"{round(value, _CELL_DIGITS) + 0.0:.{_CELL_DIGITS}f}" for value in point)
    text = "\x1f".join([kind, *sorted(owners), cell, *([str(nth)] if nth else [])])
    return sha256(text.encode("utf-8")).hexdigest()[:_LENGTH]


def name_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings and give each its fingerprint, no two the same."""
    named: list[Finding] = []
    taken: set[str] = set()
    for finding in sorted(findings, key=_order):
        nth = 0
        while (name := make_fingerprint(_theme(finding), finding.divisions, finding.point, nth=nth)) in taken:
            nth += 1
        taken.add(name)
        named.append(replace(finding, fingerprint=name))
    return tuple(named)


def _theme(finding: Finding) -> str:
    return f"{finding.kind.value}:{finding.detail.get('misfit', '')}"


def _order(finding: Finding) -> tuple[str, tuple[str, ...], tuple[float, float], float, str]:
    point = finding.point or (0.0, 0.0)
    return (finding.kind.value, finding.divisions, point, finding.area_m2 or 0.0, str(sorted(finding.detail.items())))
