"""Check who would get which ground of a disputed face, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from shapely import LineString, Polygon, box

from geo.coverage import (
    DisputedFace,
    Option,
    OptionKind,
    Sheet,
    adopt_line,
    follow_line,
    follow_majority,
    follow_medial,
    follow_older,
    lay_face,
)
from geo.errors import Infeasible, InvalidValue

A, B, C = 1, 2, 3
OVERLAP = Sheet({A: box(0, 0, 10, 10), B: box(9, 0, 20, 10)}, {A: None, B: None}, {A: "district", B: "district"})
WEST = Polygon([(0, 0), (9, 0), (8, 5), (9, 10), (0, 10)])
EAST = Polygon([(20, 0), (9, 0), (10, 5), (9, 10), (20, 10)])
GAP = Sheet({A: WEST, B: EAST}, {A: None, B: None}, {A: "district", B: "district"})


@pytest.fixture
def overlap() -> DisputedFace:
    return lay_face(OVERLAP, box(9, 0, 10, 10), [A, B])


@pytest.fixture
def gap() -> DisputedFace:
    return lay_face(GAP, Polygon([(9, 0), (10, 5), (9, 10), (8, 5)]), [A, B])


def areas(option: Option) -> dict[int, float]:
    return {share.taker: share.ground.area for share in option.shares}


@pytest.mark.parametrize("division", [A, B])
def test_one_line_is_adopted_for_the_whole_face(overlap: DisputedFace, division: int) -> None:
    option = adopt_line(overlap, division)
    assert (option.kind, areas(option)) == (OptionKind.ADOPT, {division: 10.0})


def test_medial_line_halves_an_overlap(overlap: DisputedFace) -> None:
    option = follow_medial(overlap)
    assert areas(option) == {A: 5.0, B: 5.0}
    assert {share.taker: share.ground.bounds[0] for share in option.shares} == {A: 9.0, B: 9.5}


def test_medial_line_halves_a_gap_from_corner_to_corner(gap: DisputedFace) -> None:
    option = follow_medial(gap)
    assert areas(option) == {A: 5.0, B: 5.0}
    assert option.line is not None
    assert sorted(option.line.coords)[:: len(option.line.coords) - 1] == [(9.0, 0.0), (9.0, 10.0)]


def test_reference_line_parts_the_face(overlap: DisputedFace) -> None:
    option = follow_line(overlap, LineString([(9.25, -1), (9.25, 11)]))
    assert areas(option) == {A: 2.5, B: 7.5}


@pytest.mark.parametrize(("spot", "tolerance_m", "fits"), [(9.0, 0.0, True), (9.01, 0.0, False), (9.01, 2000.0, True)])
def test_reference_line_meets_the_corners(gap: DisputedFace, spot: float, tolerance_m: float, fits: bool) -> None:
    line = LineString([(spot, 0), (9.3, 5), (9, 10)])
    if not fits:
        with pytest.raises(Infeasible):
            follow_line(gap, line, tolerance_m=tolerance_m)
        return
    assert sum(areas(follow_line(gap, line, tolerance_m=tolerance_m)).values()) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ([(9, 0), (9, 4)], "option_line_stops"),
        ([(0, 5), (20, 5)], "option_line_stops"),
        ([(8.4, 3), (9, 10)], "option_line_stops"),
        ([(0, 0), (0, 10)], "option_line_misses"),
    ],
)
def test_reference_line_that_stops_short_is_refused(
    gap: DisputedFace, line: list[tuple[float, float]], reason: str
) -> None:
    with pytest.raises(Infeasible) as refused:
        follow_line(gap, LineString(line))
    assert refused.value.params["reason"].key == reason  # type: ignore[attr-defined]


@pytest.mark.parametrize(("counts", "taker"), [({A: 3, B: 4}, B), ({A: 1}, A), ({A: 5, B: 0, C: 9}, A)])
def test_majority_takes_the_face(overlap: DisputedFace, counts: Mapping[int, int], taker: int) -> None:
    assert areas(follow_majority(overlap, counts)) == {taker: 10.0}


@pytest.mark.parametrize("counts", [{}, {A: 0, B: 0}, {A: 4, B: 4}, {C: 9}])
def test_no_majority_is_refused(overlap: DisputedFace, counts: Mapping[int, int]) -> None:
    with pytest.raises(Infeasible):
        follow_majority(overlap, counts)


def test_older_decree_takes_the_face(overlap: DisputedFace) -> None:
    assert areas(follow_older(overlap, {A: date(1995, 1, 1), B: date(1980, 1, 1)})) == {B: 10.0}


@pytest.mark.parametrize("days", [{A: date(1995, 1, 1)}, {A: date(1995, 1, 1), B: date(1995, 1, 1)}])
def test_unclear_age_is_refused(overlap: DisputedFace, days: Mapping[int, date]) -> None:
    with pytest.raises(Infeasible):
        follow_older(overlap, days)


def test_stranger_gets_nothing(overlap: DisputedFace) -> None:
    with pytest.raises(InvalidValue):
        adopt_line(overlap, C)


def test_line_between_three_is_refused() -> None:
    shapes = {key: box(0, 0, 9 + key, 10) for key in (A, B, C)}
    face = lay_face(Sheet(shapes, {}, {}), box(0, 0, 10, 10), [A, B, C])
    with pytest.raises(Infeasible):
        follow_medial(face)


def test_division_inside_another_has_no_line_between() -> None:
    shapes = {A: box(0, 0, 10, 10), B: box(4, 4, 6, 6)}
    face = lay_face(Sheet(shapes, {}, {}), box(4, 4, 6, 6), [A, B])
    with pytest.raises(Infeasible):
        follow_medial(face)


def test_ring_between_two_borders_is_no_strip() -> None:
    hole = Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 8, 8).exterior])
    face = lay_face(
        Sheet({A: hole, B: box(3, 3, 7, 7)}, {}, {}),
        Polygon(box(2, 2, 8, 8).exterior, [box(3, 3, 7, 7).exterior]),
        [A, B],
    )
    with pytest.raises(Infeasible):
        follow_medial(face)
