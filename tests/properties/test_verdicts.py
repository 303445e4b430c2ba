"""Test what must always hold of thresholds and grades."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.register.indices import Direction, Grade, Index, IndexSet, Scale, grade_divisions
from geo.register.packs import load_pack
from geo.register.thresholds import Outcome, Proposal, check_proposal
from geo.register.translations import Names

IRAN = load_pack("ir").thresholds
NAMES = Names((("en", "index"),))
RANKS = {None: 0, **{key: rank for rank, key in enumerate(IRAN.approvals, start=1)}}
LEVELS = st.sampled_from([rule.level for rule in IRAN.rules if rule.key != "annexation"])
WORDS = st.frozensets(st.sampled_from(sorted(IRAN.circumstances)))
CLASSES = st.sampled_from([None, *IRAN.densities.classes])


def rank(level: str, people: int | None, words: frozenset[str], density: str | None) -> float | None:
    """Rank an outcome: 0 passes by itself, each approval adds one; None is not known."""
    known = {} if people is None else {"people": people}
    (verdict,) = check_proposal(IRAN, Proposal(level, "create", known, words, density))
    if verdict.outcome is Outcome.UNKNOWN:
        return None
    return float("inf") if verdict.outcome is Outcome.NOT_MET else RANKS[verdict.way.approval]


@given(
    LEVELS, st.lists(st.integers(0, 2_000_000), min_size=2, max_size=5), WORDS, st.sampled_from(IRAN.densities.classes)
)
def test_more_people_never_need_more_approval(
    level: str, people: list[int], words: frozenset[str], density: str
) -> None:
    ranks = [rank(level, number, words, density) for number in sorted(people)]
    assert all(a is None or b is None or a >= b for a, b in pairwise(ranks))


@given(LEVELS, st.none() | st.integers(0, 2_000_000), WORDS, WORDS, CLASSES)
def test_more_circumstances_never_need_more_approval(
    level: str, people: int | None, words: frozenset[str], more: frozenset[str], density: str | None
) -> None:
    fewer, all_of_them = rank(level, people, words, density), rank(level, people, words | more, density)
    assert fewer is None or all_of_them is None or fewer >= all_of_them


@given(LEVELS, st.integers(0, 2_000_000), WORDS)
def test_verdict_without_a_class_is_that_of_every_class(level: str, people: int, words: frozenset[str]) -> None:
    without = rank(level, people, words, None)
    every = {rank(level, people, words, density) for density in IRAN.densities.classes}
    assert without is None or every == {without}


@given(LEVELS, WORDS, CLASSES)
def test_unknown_names_what_is_missing(level: str, words: frozenset[str], density: str | None) -> None:
    for verdict in check_proposal(IRAN, Proposal(level, "create", {}, words, density)):
        assert (verdict.outcome is Outcome.UNKNOWN) == bool(verdict.missing)


def make_set(scale: Scale, direction: Direction) -> IndexSet:
    leaves = (Index("a", NAMES, 0.25, (), direction, scale), Index("b", NAMES, 0.75, (), direction, scale))
    return IndexSet("own", NAMES, ("county",), leaves, (Grade("all", NAMES, 0.0),), "order")


VALUES = st.dictionaries(
    st.integers(1, 20), st.tuples(*[st.floats(-1e9, 1e9, allow_nan=False)] * 2), min_size=2, max_size=12
)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("scale", Scale)
@given(values=VALUES)
def test_scores_are_shares_whatever_the_order(
    scale: Scale, direction: Direction, values: dict[int, tuple[float, float]]
) -> None:
    by_leaf = {leaf: {key: pair[place] for key, pair in values.items()} for place, leaf in enumerate("ab")}
    graded = grade_divisions(make_set(scale, direction), tuple(values), by_leaf)
    assert all(one.score is not None and 0 <= one.score <= 1 for one in graded)
    turned = grade_divisions(make_set(scale, direction), tuple(reversed(values)), by_leaf)
    assert {one.key: one.score for one in graded} == {one.key: one.score for one in turned}


@given(values=VALUES)
def test_turning_the_direction_turns_the_score(values: dict[int, tuple[float, float]]) -> None:
    by_leaf = {leaf: {key: pair[place] for key, pair in values.items()} for place, leaf in enumerate("ab")}
    more, less = (
        grade_divisions(make_set(Scale.MIN_MAX, way), tuple(values), by_leaf)
        for way in (Direction.MORE, Direction.LESS)
    )
    assert all(
        a.score is not None and b.score is not None and a.score + b.score == pytest.approx(1, abs=1e-8)
        for a, b in zip(more, less, strict=True)
    )
