"""Test the names of a register in memory."""

from __future__ import annotations

import numpy as np
import pytest

from geo.register.gazetteer import NO_FIGURE, DivisionColumns, Gazetteer, NameColumns, build_gazetteer

ROWS = [(70, 10, 2, "0102"), (10, -1, 0, "01"), (30, 10, 1, "0101"), (99, 30, 2, "010101"), (20, -1, 0, "02")]
NAMES = [(99, "ده"), (10, "تهران"), (10, "Tehran"), (5, "nobody"), (30, "ری")]


def build(rows: list[tuple[int, int, int, str]] = ROWS) -> Gazetteer:
    ids, parents, levels, codes = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    number = {"dtype": np.int64}
    columns = DivisionColumns(
        np.array(ids, **number),
        np.array(parents, **number),
        np.array(levels, **number),
        np.full(len(ids), NO_FIGURE, **number),
        codes,
        ["sci"] * len(ids),
        np.full(len(ids), np.nan),
    )
    texts = [text for _, text in NAMES]
    languages = ["en" if text.isascii() else "fa" for text in texts]
    names = NameColumns(
        np.array([one for one, _ in NAMES], **number), texts, languages, np.ones(len(texts), dtype=bool)
    )
    return build_gazetteer(columns, names, ("province", "county", "village"))


GAZETTEER = build()


def test_divisions_stand_in_the_order_of_their_walk():
    assert list(GAZETTEER.divisions.codes) == ["01", "0101", "010101", "0102", "02"]


def test_what_lies_in_a_division_is_a_stretch():
    assert GAZETTEER.ends.tolist() == [4, 3, 3, 4, 5]


@pytest.mark.parametrize(("place", "above"), [(0, []), (2, [0, 1]), (3, [0]), (4, [])])
def test_divisions_above_are_listed_from_the_top(place: int, above: list[int]):
    assert GAZETTEER.climb(place) == above


def test_a_division_is_described():
    division = GAZETTEER.describe(0)
    assert (division.id, division.level, division.code) == (10, "province", "01")
    assert (division.names, division.parent_id, division.people) == ({"fa": "تهران", "en": "Tehran"}, None, None)


def test_names_of_unknown_divisions_are_left_out():
    assert "nobody" not in GAZETTEER.names.texts


def test_the_order_of_the_rows_does_not_matter():
    turned = build(ROWS[::-1])
    assert (list(turned.divisions.codes), turned.ends.tolist()) == (
        list(GAZETTEER.divisions.codes),
        GAZETTEER.ends.tolist(),
    )


def test_a_circle_of_parents_ends():
    circle = build([(1, 2, 0, "a"), (2, 1, 0, "b"), (3, -1, 0, "c")])
    assert sorted(circle.divisions.codes) == ["a", "b", "c"]


def test_nothing_is_in_an_empty_register():
    assert len(build([])) == 0
