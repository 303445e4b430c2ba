"""Check grading by indices against sums done by hand."""

from __future__ import annotations

from statistics import NormalDist

import pytest

from geo.errors import InvalidValue
from geo.register.indices import Direction, Grade, Index, IndexSet, Scale, find_grade, grade_divisions, scale_values
from geo.register.translations import Names

NAMES = Names((("en", "index"),))
GRADES = (Grade("first", NAMES, 0.5), Grade("second", NAMES, 0.0))


def make_set(*mains: Index) -> IndexSet:
    return IndexSet("own", NAMES, ("county",), mains, GRADES, "order")


def make_leaf(key: str, weight: float = 1.0, **more: object) -> Index:
    return Index(key, NAMES, weight, **more)  # type: ignore[arg-type]


TREE = make_set(
    Index("people", NAMES, 0.6, (make_leaf("count", 0.5), make_leaf("growth", 0.5))),
    make_leaf("distance", 0.4, direction=Direction.LESS),
)
VALUES = {"count": {1: 0, 2: 10, 3: 5}, "growth": {1: 2, 2: 4, 3: 4}, "distance": {1: 100, 2: 0, 3: 25}}


def test_score_is_the_weighed_sum() -> None:
    graded = grade_divisions(TREE, (1, 2, 3), VALUES)
    # 3: people (0.5 + 1) / 2 = 0.75; distance 1 - 25/100 = 0.75
    assert [one.score for one in graded] == [0.0, 1.0, 0.75]
    assert [one.grade.key for one in graded if one.grade] == ["second", "first", "first"]


def test_missing_value_is_never_filled() -> None:
    graded = grade_divisions(TREE, (1, 2, 3), VALUES | {"growth": {1: 2, 2: 4}})
    assert (graded[2].score, graded[2].grade, graded[2].missing) == (None, None, ("growth",))
    assert graded[2].scores == {"count": 0.5, "distance": 0.75}


def test_index_without_values_is_refused_by_its_key() -> None:
    with pytest.raises(InvalidValue) as caught:
        grade_divisions(TREE, (1, 2), VALUES | {"growth": {3: 4}, "distance": {}})
    assert caught.value.params["value"] == "growth, distance"


@pytest.mark.parametrize(
    ("scale", "direction", "expected"),
    [
        (Scale.MIN_MAX, Direction.MORE, [0.0, 0.25, 0.25, 1.0]),
        (Scale.MIN_MAX, Direction.LESS, [1.0, 0.75, 0.75, 0.0]),
        (Scale.RANK, Direction.MORE, [0.0, 0.5, 0.5, 1.0]),
        (Scale.RANK, Direction.LESS, [1.0, 0.5, 0.5, 0.0]),
    ],
)
def test_scales(scale: Scale, direction: Direction, expected: list[float]) -> None:
    leaf = make_leaf("count", scale=scale, direction=direction)
    assert list(scale_values({1: 10, 2: 20, 3: 20, 4: 50}, leaf).values()) == expected


def test_standard_scores_become_shares_of_a_normal_curve() -> None:
    scaled = scale_values({1: 1, 2: 2, 3: 3}, make_leaf("count", scale=Scale.Z))
    assert scaled[2] == 0.5
    assert scaled[3] == pytest.approx(NormalDist(2, (2 / 3) ** 0.5).cdf(3))


@pytest.mark.parametrize("scale", Scale)
def test_divisions_that_do_not_differ_stand_in_the_middle(scale: Scale) -> None:
    assert scale_values({1: 7, 2: 7}, make_leaf("count", scale=scale)) == {1: 0.5, 2: 0.5}


@pytest.mark.parametrize(("score", "key"), [(1.0, "first"), (0.5, "first"), (0.499999, "second"), (0.0, "second")])
def test_grade_begins_at_its_least_score(score: float, key: str) -> None:
    found = find_grade(TREE, score)
    assert found is not None
    assert found.key == key


def test_four_mains_with_106_parts_fit_in() -> None:
    sizes = (27, 27, 26, 26)
    mains = [
        Index(f"m{n}", NAMES, 0.25, tuple(make_leaf(f"m{n}_{part}", 1 / size) for part in range(size)))
        for n, size in enumerate(sizes)
    ]
    found = make_set(*mains)
    values = {leaf.key: {1: 0.0, 2: 1.0} for leaf in found.leaves}
    assert len(found.leaves) == 106
    assert [one.score for one in grade_divisions(found, (1, 2), values)] == [0.0, 1.0]
