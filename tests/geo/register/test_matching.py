"""Test the matching of rows to divisions."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from geo.register.candidates import CodeKey
from geo.register.match_directory import Directory
from geo.register.match_names import fold_name
from geo.register.matching import Match, MatchRules, match_rows
from geo.register.matching_scores import Asked, Listed, Part, score_option

NORTH = Listed(1, "01", "province", (CodeKey("sci", "1399", "01"),), (fold_name("شمال"), fold_name("North")))
SOUTH = Listed(2, "02", "province", (CodeKey("sci", "1399", "02"),), (fold_name("جنوب"), fold_name("South")))


def list_county(key: int, code: str, name: str, west: float) -> Listed:
    above = 1 if code.startswith("01") else 2
    codes = (CodeKey("sci", "1399", code),)
    ground = shapely.box(west, 0, west + 1, 1)
    return Listed(key, code, "county", codes, (fold_name(name),), (above,), ground)


COUNTIES = [
    list_county(11, "0101", "آبادان", 0),
    list_county(12, "0102", "مرکزی", 1),
    list_county(13, "0201", "مرکزی", 2),
    list_county(14, "0202", "شیراز", 3),
]
DIRECTORY = Directory({one.id: one for one in COUNTIES}, {1: NORTH, 2: SOUTH})


def ask(*rows: Asked, **rules: object) -> tuple[Match, ...]:
    return match_rows(rows, DIRECTORY, MatchRules(**rules))


def call(text: str, parent: str = "", row: int = 1) -> Asked:
    return Asked(row, names=(fold_name(text),), parent_names=(fold_name(parent),) if parent else (), level="county")


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (call("اباذان", "شمال"), 11),
        (call("مرکزی", "جنوب"), 13),
        (call("مرکزي", "شمال"), 12),
        (Asked(1, codes=(("", "0202"),)), 14),
        (Asked(1, codes=(("sci", "0202"),)), 14),
        (Asked(1, codes=(("iec", "0202"),)), None),
        (replace(call("مرکزی"), parent_codes=("02",)), 13),
        (Asked(1, ground=shapely.box(1, 0, 2.1, 1)), 12),
        (Asked(1, ground=shapely.Point(3.5, 0.5), names=(fold_name("شيراز"),)), 14),
        (Asked(1, ground=shapely.box(9, 9, 10, 10)), None),
        (replace(call("آبادان", "شمال"), level="province"), None),
    ],
)
def test_rows_find_their_division(asked: Asked, chosen: int | None):
    (match,) = ask(asked)
    assert match.chosen == chosen


def test_name_alone_is_not_clear():
    (match,) = ask(call("آبادان"))
    assert (match.chosen, match.score, match.is_clear) == (11, 0.8, False)


def test_equal_candidates_are_shown_and_none_is_proposed():
    (match,) = ask(call("مرکزی"))
    assert match.chosen is None
    assert [option.division for option in match.options] == [12, 13]


def test_reasons_are_told_with_weights():
    (match,) = ask(call("مرکزی", "جنوب"))
    told = [(one.part, one.score, one.weight, one.reason.key) for one in match.options[0].components]
    assert told == [(Part.NAME, 1.0, 4, "match_name_same"), (Part.PARENT, 1.0, 2, "match_parent_name")]


def test_other_code_in_the_same_scheme_speaks_against():
    asked = Asked(1, codes=(("sci", "0299"),), names=(fold_name("شیراز"),))
    option = score_option(asked, COUNTIES[3], [SOUTH], overlap=None)
    assert (option.score, option.components[0].reason.key) == (0.4444, "match_code_other")


@pytest.mark.parametrize(("once", "chosen"), [(True, [13, 12]), (False, [13, 13])])
def test_divisions_are_given_once_where_that_is_asked(once: bool, chosen: list[int]):
    rows = [replace(call("مرکزی", "جنوب", row=1), codes=(("", "0201"),)), call("مرکزی", "جنوب", row=2)]
    assert [match.chosen for match in ask(*rows, once=once)] == chosen


def test_two_rows_of_one_division_are_not_clear():
    rows = [call("شیراز", "جنوب", row=row) for row in (1, 2)]
    assert [match.is_clear for match in ask(*rows, once=False)] == [False, False]


def test_order_of_rows_does_not_matter():
    rows = [call("مرکزی", "جنوب", row=1), call("مرکزی", "شمال", row=2), call("شراز", row=3)]
    assert ask(*rows) == ask(*reversed(rows))


def test_only_the_likeliest_are_kept():
    (match,) = ask(call("مرکزی"), most=1)
    assert len(match.options) == 1
