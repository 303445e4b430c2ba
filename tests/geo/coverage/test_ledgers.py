"""Check that ground that went astray is noticed when the account is closed."""

from __future__ import annotations

import pytest
from shapely import box

from fixtures.sheets import draw_sheet
from geo.coverage.containment import Tract
from geo.coverage.ledgers import GAIN, LOSS, Ledger
from geo.errors import GroundNotExact

A, B, C, D, P, Q, Z = map(ord, "ABCDPQZ")
SHEET = draw_sheet("ZZZZ", "PPQQ", "ABCD", cell=1.0, origin=(0.0, 0.0))


def close(*changes: tuple[int, int], ground: int = B) -> dict[int, float]:
    """Take a district's ground from divisions or add it; give the areas after."""
    ledger = Ledger(SHEET)
    for key, sign in changes:
        ledger.change(key, Tract(SHEET.shapes[ground]), sign)
    return {key: shape.area for key, shape in ledger.close(SHEET, SHEET).items()}


def test_what_one_loses_another_gains() -> None:
    assert close((B, LOSS), (A, GAIN)) == {A: 2.0, B: 0.0}
    assert close((B, LOSS), (P, LOSS), (C, GAIN), (Q, GAIN)) == {B: 0.0, C: 2.0, P: 1.0, Q: 3.0}


@pytest.mark.parametrize(
    "changes",
    [
        [(B, LOSS)],
        [(B, LOSS), (C, GAIN)],
        [(P, LOSS), (Q, GAIN)],
        [(C, GAIN)],
        [(B, LOSS), (A, GAIN), (Z, LOSS)],
    ],
    ids=["to nobody", "counties forgotten", "districts forgotten", "twice", "province too"],
)
def test_astray_ground_is_refused(changes: list[tuple[int, int]]) -> None:
    with pytest.raises(GroundNotExact):
        close(*changes)


@pytest.mark.parametrize(
    ("losers", "gainers", "weights"),
    [
        ([B], [A], {}),
        ([B, P], [C, Q], {}),
        ([B], [C], {P: -1, Q: 1}),
        ([], [D, Q, Z], {None: 1}),
        ([D, Q, Z], [], {None: -1}),
    ],
)
def test_families_are_weighed(losers: list[int], gainers: list[int], weights: dict[int | None, int]) -> None:
    assert Ledger(SHEET).weigh(losers, gainers, leaves=(A, B, C, D)) == weights


def test_expected_ground_may_come_and_go() -> None:
    ledger = Ledger(SHEET.with_shapes({}))
    for key in (D, Q, Z):
        ledger.change(key, Tract(box(4, 0, 5, 1)), GAIN)
    ledger.expect(None, box(4, 0, 5, 1), GAIN)
    assert set(ledger.close(SHEET, SHEET)) == {D, Q, Z}
