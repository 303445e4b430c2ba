"""Hold an audit that is brought up to date against an audit of everything, after random edits of random coverages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage import Audit, Parents, audit_coverage
from geo.coverage.alterations import Former
from geo.coverage.renewals import LevelGround, Renewal, renew_audit

SIDE = 6
UNIT = 0.01
BROKEN = Polygon([(0, 0), (2 * UNIT, 2 * UNIT), (2 * UNIT, 0), (0, 2 * UNIT)])

FRAME = [
    box(x * UNIT, y * UNIT, (x + 2) * UNIT, (y + 2) * UNIT)
    for x in range(-2, SIDE + 1, 2)
    for y in range(-2, SIDE + 1, 2)
    if not (0 <= x < SIDE and 0 <= y < SIDE)
]
"""Divisions around all others that never change, so that few edits reach the outer border."""

corners = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE))
rings = st.lists(corners, min_size=3, max_size=6, unique=True).map(lambda ring: Polygon(np.array(ring) * UNIT))
cells = st.frozensets(st.tuples(st.integers(0, SIDE - 1), st.integers(0, SIDE - 1)), min_size=1, max_size=9)
blocks = cells.map(lambda chosen: shapely.union_all([draw_cell(x, y) for x, y in sorted(chosen)]))
grounds = st.one_of(rings.filter(lambda ring: ring.is_valid and ring.area > 0), blocks)
odd = st.one_of(grounds, grounds, grounds, st.sampled_from([None, Polygon(), BROKEN]))


def draw_cell(x: int, y: int) -> Polygon:
    return box(x * UNIT, y * UNIT, (x + 1) * UNIT, (y + 1) * UNIT)


@dataclass(frozen=True)
class State:
    """Hold a level by key, each with its parent, and the level above by key."""

    children: dict[str, tuple[BaseGeometry | None, str | None]]
    parents: dict[str, BaseGeometry | None]

    def audit(self, *, nested: bool) -> Audit:
        """Audit everything."""
        keys = sorted(self.children)
        above = Parents(list(self.parents), list(self.parents.values()), [self.children[key][1] for key in keys])
        return audit_coverage([self.children[key][0] for key in keys], keys, parents=above if nested else None)


def describe(
    now: dict[str, BaseGeometry | None], former: dict[str, Former], above: Sequence[str | None]
) -> LevelGround:
    keys = sorted(now)
    shapes = [now[key] for key in keys]
    boxes = np.array([(np.nan,) * 4 if one is None else shapely.bounds(one) for one in shapes]).reshape(-1, 4)
    return LevelGround(keys, boxes, lambda rows: [shapes[row] for row in rows], former, above)


def renew(before: State, after: State, *, nested: bool) -> Renewal:
    return renew_from(before.audit(nested=nested), before, after, nested=nested)


def renew_from(earlier: Audit, before: State, after: State, *, nested: bool) -> Renewal:
    gone: tuple[None, None] = (None, None)
    touched = {
        key: Former(*before.children.get(key, gone))
        for key in {*before.children, *after.children}
        if before.children.get(key) != after.children.get(key)
    }
    above = {
        key: Former(before.parents.get(key))
        for key in {*before.parents, *after.parents}
        if before.parents.get(key) != after.parents.get(key)
    }
    hung = [after.children[key][1] for key in sorted(after.children)]
    level = describe({key: shape for key, (shape, _) in after.children.items()}, touched, hung)
    return renew_audit(earlier, level, parents=describe(after.parents, above, ()) if nested else None)


@st.composite
def partitions(draw: st.DrawFn) -> list[BaseGeometry]:
    """Deal the cells of a grid to divisions in rows of their own, so that edits stay local."""
    owners = draw(st.lists(st.integers(0, 5), min_size=SIDE * SIDE, max_size=SIDE * SIDE))
    dealt = {owner: [] for owner in sorted(set(owners))}  # type: ignore[var-annotated]
    for place, owner in enumerate(owners):
        dealt[owner].append(draw_cell(place % SIDE, place // SIDE))
    return [shapely.union_all(part) for part in dealt.values()]


@st.composite
def edits(draw: st.DrawFn) -> tuple[State, State]:
    """Draw a coverage in its parents, and what becomes of it."""
    shapes = FRAME + draw(partitions()) + draw(st.lists(odd, max_size=2))
    above = {f"p{row}": shape for row, shape in enumerate(draw(st.lists(grounds, min_size=1, max_size=3)))}
    homes = st.sampled_from([*sorted(above), *sorted(above), None])
    children = {f"c{row:02}": (shape, draw(homes)) for row, shape in enumerate(shapes)}
    changed = dict(children)
    for _ in range(draw(st.integers(1, 3))):
        key = draw(st.sampled_from([*sorted(children)[len(FRAME) :], "new"]))
        changed[key] = draw(st.tuples(odd, homes))
    if draw(st.booleans()):
        changed.pop(draw(st.sampled_from(sorted(changed))))
    parents = above | (draw(st.dictionaries(st.sampled_from(sorted(above)), grounds, max_size=1)))
    return State(children, above), State(changed, parents)


def check_same(renewal: Renewal, whole: Audit) -> None:
    assert renewal.audit.findings == whole.findings
    assert [finding.fingerprint for finding in renewal.audit.findings] == [one.fingerprint for one in whole.findings]
    assert (renewal.audit.certified, renewal.audit.polygons) == (whole.certified, whole.polygons)
    assert renewal.audit.vertices == whole.vertices
    assert renewal.audit.balance.polygons == pytest.approx(whole.balance.polygons)


@pytest.mark.parametrize("nested", [False, True])
@settings(max_examples=15)
@given(edits())
def test_renewed_audit_is_that_of_everything(nested: bool, drawn: tuple[State, State]) -> None:
    before, after = drawn
    check_same(renew(before, after, nested=nested), after.audit(nested=nested))


@settings(max_examples=6)
@given(edits(), edits())
def test_renewals_follow_one_another(first: tuple[State, State], second: tuple[State, State]) -> None:
    start, middle, end = *first, second[1]
    halfway = renew(start, middle, nested=True).audit
    check_same(renew_from(halfway, middle, end, nested=True), end.audit(nested=True))
