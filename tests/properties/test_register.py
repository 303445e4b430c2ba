"""State what always holds of codes, names, periods, dates and digits."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from geo.errors import InvalidDate
from geo.register import (
    Period,
    Scheme,
    check_code,
    find_mixed_letters,
    format_date,
    from_digits,
    from_jalali,
    levels_of,
    list_countries,
    load_pack,
    parent_code,
    parse_date,
    pashto_key,
    restore_zeros,
    search_key,
    segment_of,
    to_digits,
    to_jalali,
)

SCHEMES = [scheme for country in list_countries() for scheme in load_pack(country).schemes]
BUILT = [(scheme, rule.level) for scheme in SCHEMES for rule in scheme.rules if not rule.is_opaque]
LETTERS = "اآأإبپتكکگيیىهةۀۍېوؤلمن ـ\u200c\u064eabé۱٢3-"
LANGUAGES = ("fa", "fa-AF", "ps", "ar", "en", "fr")


@st.composite
def codes(draw: st.DrawFn, scheme: Scheme, level: str) -> str:
    """Draw a code that obeys a built rule."""
    rule = scheme.rule_of(level)
    front = draw(codes(scheme, rule.prefix_of)) if rule.prefix_of else rule.starts
    first, last = draw(st.sampled_from(rule.ranges))
    return front + rule.joined_by + str(draw(st.integers(first, last))).zfill(rule.width)


@st.composite
def coded(draw: st.DrawFn) -> tuple[Scheme, str, str]:
    """Draw a scheme, a level and a code of it."""
    scheme, level = draw(st.sampled_from(BUILT))
    return scheme, level, draw(codes(scheme, level))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Draw a period that may be unbounded on either side."""
    day = st.none() | st.dates(date(2000, 1, 1), date(2000, 1, 20))
    start, end = draw(day), draw(day)
    assume(start is None or end is None or start < end)
    return Period(start, end)


@given(coded())
def test_built_codes_obey_their_rule(given_code: tuple[Scheme, str, str]) -> None:
    scheme, level, code = given_code
    assert check_code(scheme, level, code) is None
    assert level in levels_of(scheme, code)


@given(coded())
def test_code_is_parent_and_segment(given_code: tuple[Scheme, str, str]) -> None:
    scheme, level, code = given_code
    rule = scheme.rule_of(level)
    front = parent_code(scheme, level, code) or rule.starts
    assert front + rule.joined_by + segment_of(scheme, level, code) == code


@given(coded())
def test_parents_obey_their_rule(given_code: tuple[Scheme, str, str]) -> None:
    scheme, level, code = given_code
    rule, parent = scheme.rule_of(level), parent_code(scheme, level, code)
    assert parent is None or check_code(scheme, str(rule.prefix_of), parent) is None


@given(coded(), st.sampled_from(["", ".0", ".00"]), st.sampled_from(LANGUAGES))
def test_lost_zeros_come_back_at_a_known_level(code: tuple[Scheme, str, str], tail: str, language: str) -> None:
    scheme, level, whole = code
    assume(whole.isdigit())
    spoilt = to_digits(str(int(whole)) + tail, language)
    assert restore_zeros(scheme, level, spoilt).code == whole


@given(coded())
def test_lost_zeros_come_back_or_are_ambiguous_at_no_level(given_code: tuple[Scheme, str, str]) -> None:
    scheme, _, code = given_code
    found = restore_zeros(scheme, None, str(int(code)) if code.isdigit() else code)
    assert code in found.codes
    assert found.code == code or found.is_ambiguous


@given(st.sampled_from(BUILT), st.text(alphabet="0123456789.eE+-AFIR ۰٤", max_size=18))
def test_what_is_restored_obeys_the_rule(rule: tuple[Scheme, str], text: str) -> None:
    scheme, level = rule
    found = restore_zeros(scheme, level, text)
    assert all(check_code(scheme, option.level, option.code) is None for option in found.options)
    assert (found.problem is None) is bool(found.options)


@given(coded())
def test_whole_codes_are_left_alone(given_code: tuple[Scheme, str, str]) -> None:
    scheme, level, code = given_code
    found = restore_zeros(scheme, level, code)
    assert (found.code, found.notes, found.was_restored) == (code, (), False)


@given(st.text())
def test_keys_are_final(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
    assert pashto_key(pashto_key(text)) == pashto_key(text)


@given(st.text(alphabet=LETTERS))
def test_stricter_key_folds_to_the_looser(text: str) -> None:
    assert search_key(pashto_key(text)) == search_key(text)


@given(st.text(alphabet=LETTERS), st.data())
def test_key_ignores_spelling(text: str, data: st.DataObject) -> None:
    variants = {"ی": "يىی", "ک": "كک", "ه": "هة", "ا": "اآأ", " ": " \u200cـ"}
    spelt = "".join(data.draw(st.sampled_from(variants.get(letter, letter))) for letter in text)
    assert search_key(spelt) == search_key(text)


@given(st.text(alphabet="علیآبدپکنه\u200c ", min_size=1))
def test_plain_persian_is_only_odd_in_blanks(text: str) -> None:
    found = {reason.key for reason in find_mixed_letters(text)}
    assert found <= {"name_outer_space", "name_double_space"}


@given(st.text(alphabet="علیآبدپکنه", min_size=1), st.sampled_from("يكـ\u00a0\u202e\u0007\u064e"), st.integers(0, 9))
def test_odd_letter_is_found_anywhere(text: str, odd: str, place: int) -> None:
    assert find_mixed_letters(text[:place] + odd + text[place:])


@given(periods(), periods(), st.dates(date(1999, 12, 30), date(2000, 1, 25)))
def test_common_days_are_days_of_both(one: Period, other: Period, day: date) -> None:
    common = one.intersect(other)
    assert (common is not None and common.contains(day)) is (one.contains(day) and other.contains(day))


@given(periods(), periods())
def test_periods_agree_about_each_other(one: Period, other: Period) -> None:
    assert one.overlaps(other) is other.overlaps(one)
    assert one.intersect(other) == other.intersect(one)
    assert not (one.meets(other) and one.overlaps(other))
    assert one.covers(other) is (one.intersect(other) == other)


@given(st.dates(date(1700, 1, 1), date(2300, 12, 31)), st.sampled_from(LANGUAGES), st.booleans())
def test_dates_are_read_as_written(day: date, language: str, long: bool) -> None:
    assert parse_date(format_date(day, language, long=long)) == day


@given(st.text(alphabet="0123456789۰۱۹-/. حوتMarch\u200f", max_size=16))
def test_what_is_no_date_is_refused_by_name(text: str) -> None:
    try:
        found = parse_date(text)
    except InvalidDate as error:
        assert error.params["value"] == text
    else:
        assert parse_date(found.isoformat()) == found or found.year < 1700


@given(st.dates(date(622, 3, 22), date(2900, 1, 1)))
def test_jalali_days_come_back(day: date) -> None:
    assert from_jalali(*to_jalali(day)) == day


@given(st.text(), st.sampled_from(LANGUAGES))
def test_digits_come_back(text: str, language: str) -> None:
    assert from_digits(to_digits(text, language)) == from_digits(text)
