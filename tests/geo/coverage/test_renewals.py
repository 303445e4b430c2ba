"""Check when only the surroundings of a change are audited, and when everything is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from geo.coverage import Audit, audit_coverage
from geo.coverage.alterations import Former
from geo.coverage.findings import Balance
from geo.coverage.renewals import LevelGround, Renewal, renew_audit

SIDE = 9
CELLS = {f"{x}{y}": box(x, y, x + 1, y + 1) for x in range(SIDE) for y in range(SIDE)}
BITE = box(4.9, 4.2, 5.0, 4.8)
BITTEN = CELLS | {"44": CELLS["44"].difference(BITE)}


def audit(cells: Mapping[str, Polygon]) -> Audit:
    return audit_coverage(list(cells.values()), list(cells))


def renew(before: Mapping[str, Polygon], after: Mapping[str, Polygon], earlier: Audit | None = None) -> Renewal:
    keys, shapes = list(after), list(after.values())
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    former = {key: Former(before.get(key)) for key in changed}
    ground = LevelGround(keys, shapely.bounds(np.array(shapes)), lambda rows: [shapes[row] for row in rows], former)
    return renew_audit(earlier or audit(before), ground)


def test_only_what_is_near_is_looked_at() -> None:
    renewal = renew(CELLS, BITTEN)
    assert (renewal.is_whole, renewal.audit.findings) == (False, audit(BITTEN).findings)
    assert 2 <= renewal.examined <= 9


def test_nothing_changed_keeps_what_was_found() -> None:
    renewal = renew(BITTEN, BITTEN)
    assert (renewal.audit.findings, renewal.examined) == (audit(BITTEN).findings, 0)


def test_findings_elsewhere_stay() -> None:
    far = BITTEN | {"11": CELLS["11"].difference(box(1.4, 1.4, 1.6, 1.6))}
    renewal = renew(BITTEN, far)
    assert not renewal.is_whole
    assert renewal.audit.findings == audit(far).findings


@pytest.mark.parametrize(
    "after",
    [
        CELLS | {"04": CELLS["04"].difference(box(0, 4.2, 0.1, 4.8))},
        {key: cell for key, cell in CELLS.items() if key != "00"},
        CELLS | {"99": box(9, 9, 10, 10)},
        CELLS | {"44": Polygon([(179, 4), (-179, 4), (-179, 5), (179, 5)])},
    ],
    ids=["outer border", "corner gone", "new outside", "antimeridian"],
)
def test_everything_is_looked_at_where_nearby_cannot_tell(after: Mapping[str, Polygon]) -> None:
    renewal = renew(CELLS, after)
    assert (renewal.is_whole, renewal.examined) == (True, len(after))
    assert renewal.audit == audit(after)


@pytest.mark.parametrize(
    "earlier",
    [
        Audit(False, (), 81, 405),
        Audit(True, (), 81, 405, Balance(undecided=1)),
        Audit(True, (), 81, 405, Balance(is_plain=False)),
    ],
)
def test_nothing_is_built_on_an_audit_that_is_not_sure(earlier: Audit) -> None:
    assert renew(CELLS, BITTEN, earlier).is_whole


def test_what_is_certain_says_so_by_both_parts() -> None:
    earlier = audit(CELLS)
    worse = replace(earlier, balance=replace(earlier.balance, difference=earlier.balance.allowed))
    assert renew(CELLS, BITTEN, worse).audit.balance.difference == earlier.balance.allowed


def test_keys_that_stand_twice_ask_for_everything() -> None:
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    ground = LevelGround(["A", "A"], shapely.bounds(np.array(shapes)), lambda rows: [shapes[row] for row in rows], {})
    assert renew_audit(audit_coverage(shapes, ["A", "A"]), ground).is_whole
