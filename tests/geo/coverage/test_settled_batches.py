"""Check that many faces settled at once come out as one after the other, and what a batch refuses."""

from __future__ import annotations

import pytest
import shapely
from shapely import Polygon, box

from fixtures.sheets import CELL, ORIGIN, apply_moves, audit_sheet, draw_sheet
from geo.coverage import (
    DecidedFace,
    Option,
    OptionKind,
    Share,
    Sheet,
    join_ground,
    lay_face,
    settle_face,
    settle_faces,
)
from geo.errors import Infeasible, InvalidValue

A, B, C, D, P, Q, Z = map(ord, "ABCDPQZ")
SHEET = draw_sheet("ZZZZ\nZZZZ", "PPQQ\nPPQQ", "ABCD\nABCD")


def spot(west: float, south: float, east: float, north: float) -> Polygon:
    corners = (ORIGIN[0] + west * CELL, ORIGIN[1] + south * CELL, ORIGIN[0] + east * CELL, ORIGIN[1] + north * CELL)
    return shapely.transform(box(*corners), lambda xy: xy.round(9))


FACES = [spot(0.8, 0.2 + step, 1, 0.4 + step) for step in (0, 0.5, 1, 1.5)]
"""Ground of A that B has as well."""
CLAIMS = [spot(2, 0.1 + step, 2.3, 0.3 + step) for step in (0, 0.7, 1.4)]
"""Ground of C, in another county, that B claims."""


@pytest.fixture
def sheet() -> Sheet:
    return SHEET.with_shapes({B: join_ground([SHEET.shapes[B], *FACES])})


def decide() -> list[DecidedFace]:
    faces = [
        DecidedFace(ground, (A, B), (Share(taker, ground),)) for ground, taker in zip(FACES, (A, B, A, B), strict=True)
    ]
    halves = [(spot(2, 0.1 + step, 2.1, 0.3 + step), spot(2.1, 0.1 + step, 2.3, 0.3 + step)) for step in (0, 0.7, 1.4)]
    parted = [
        DecidedFace(ground, (B, C), (Share(B, near), Share(C, far)))
        for ground, (near, far) in zip(CLAIMS, halves, strict=True)
    ]
    return [*faces, *parted]


def test_a_batch_settles_as_one_after_the_other(sheet: Sheet) -> None:
    decided = decide()
    done = settle_faces(sheet, decided)
    step = sheet
    for face in decided:
        moved = settle_face(lay_face(step, face.ground, face.candidates), Option(OptionKind.DRAWN, face.shares))
        step = step.with_shapes(moved.shapes)
    after = apply_moves(sheet, done.moved, [None] * len(done.moved.moved))
    assert all(shapely.equals(after.shapes[key], step.shapes[key]) for key in step.shapes)
    assert audit_sheet(after) == []
    assert done.holders == ((A, B),) * 4 + ((C,),) * 3


@pytest.mark.parametrize(
    ("place", "losers", "gainers"), [(0, (B,), ()), (1, (A,), ()), (4, (C, Q), (B, P)), (5, (), ())]
)
def test_each_share_tells_who_lost_and_gained(
    sheet: Sheet, place: int, losers: tuple[int, ...], gainers: tuple[int, ...]
) -> None:
    piece = settle_faces(sheet, decide()).moved.moved[place]
    assert (piece.losers, piece.gainers) == (tuple(sorted(losers)), tuple(sorted(gainers)))


def test_ground_of_nobody_leaves_every_level() -> None:
    ground = FACES[0]
    sheet = SHEET.with_shapes({B: join_ground([SHEET.shapes[B], ground])})
    done = settle_faces(sheet, [DecidedFace(ground, (A, B), (Share(None, ground),))])
    assert done.moved.moved[0].losers == tuple(sorted((A, B, P, Z)))
    assert {finding.kind.value for finding in audit_sheet(sheet.with_shapes(done.moved.shapes))} == {"gap"}


def test_a_division_above_loses_only_what_it_has(sheet: Sheet) -> None:
    # the county line runs through the face: the county of A and B has the northern half of what B claims from C
    ground, had = spot(2, 0.4, 2.4, 0.8), spot(2, 0.6, 2.4, 0.8)
    torn = SHEET.with_shapes({P: join_ground([SHEET.shapes[P], had]), Q: SHEET.shapes[Q].difference(had)})
    done = settle_faces(torn, [DecidedFace(ground, (B, C), (Share(B, ground),))])
    after = torn.with_shapes(done.moved.shapes)
    assert audit_sheet(after) == []
    assert shapely.equals(after.shapes[P], join_ground([after.shapes[A], after.shapes[B]]))


@pytest.mark.parametrize(
    ("faces", "error"),
    [
        ([DecidedFace(FACES[0], (A, B), (Share(A, FACES[0]),))] * 2, Infeasible),
        ([DecidedFace(FACES[0], (A, B), (Share(C, FACES[0]),))], InvalidValue),
        ([DecidedFace(FACES[0], (A, B), (Share(A, FACES[1]),))], Infeasible),
        ([DecidedFace(FACES[0], (A, B), ())], Infeasible),
        ([DecidedFace(FACES[0], (), (Share(None, FACES[0]),))], Infeasible),
        ([DecidedFace(CLAIMS[0], (A, B), (Share(B, CLAIMS[0]),))], Infeasible),
    ],
    ids=["same ground twice", "stranger", "other ground", "no shares", "no candidates", "ground of another"],
)
def test_what_cannot_be_settled_is_refused(sheet: Sheet, faces: list[DecidedFace], error: type[Exception]) -> None:
    with pytest.raises(error):
        settle_faces(sheet, faces)


def test_nothing_is_done_without_faces(sheet: Sheet) -> None:
    assert settle_faces(sheet, []).moved.shapes == {}
