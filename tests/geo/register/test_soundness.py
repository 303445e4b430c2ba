"""Check that remembering fronts changes no judgement on a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.register import check_code, list_countries, load_pack
from geo.register.soundness import CodeChecker

RULES = [(s, level) for country in list_countries() for s in load_pack(country).schemes for level in s.levels]


@given(st.sampled_from(RULES), st.text(alphabet="0123456789AFIR-.x۱", max_size=18))
def test_checker_judges_like_the_rule(rule, code):
    scheme, level = rule
    assert CodeChecker().is_sound(scheme, level, code) is (check_code(scheme, level, code) is None)


@given(st.sampled_from(RULES), st.integers(0, 10**16 - 1), st.integers(1, 16))
def test_checker_judges_numbers_like_the_rule(rule, number, width):
    scheme, level = rule
    code = str(number).zfill(16)[:width]
    assert CodeChecker().is_sound(scheme, level, code) is (check_code(scheme, level, code) is None)


@pytest.mark.parametrize(("level", "code"), [("village", "2102020003821098"), ("county", "0101"), ("city", "01010001")])
def test_sound_codes_are_sound_twice(level, code):
    checker, scheme = CodeChecker(), load_pack("ir").scheme("sci")
    expected = check_code(scheme, level, code) is None
    assert [checker.is_sound(scheme, level, code) for _ in range(2)] == [expected] * 2


def test_level_without_rule_has_no_sound_codes():
    assert not CodeChecker().is_sound(load_pack("ir").scheme("sci"), "galaxy", "01")
