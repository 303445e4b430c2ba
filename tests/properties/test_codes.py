"""Check what must hold of codes whatever was given before."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CodesExhausted
from geo.register import check_code, load_pack
from geo.register.attaching import Attachment, AttachPlan, HeldCode, plan_attachments
from geo.register.issuing import issue_code
from geo.register.ocd import PATTERN, read_ocd_id, to_country_id, to_ocd_id
from geo.register.periods import Period

IRAN = load_pack("ir")
SCI, ISO = IRAN.scheme("sci"), IRAN.scheme("iso", "2020")
COUNTIES = st.integers(1, 99).map(lambda number: f"06{number:02}")
CITIES = st.tuples(st.integers(1, 9), st.integers(1001, 2999)).map(lambda pair: f"060{pair[0]}01{pair[1]:04}")
PROVINCES = st.integers(0, 30).map(lambda number: f"IR-{number:02}")
DAYS = st.integers(0, 20).map(lambda year: date(2010 + year, 1, 1))
PERIODS = st.tuples(DAYS, st.integers(1, 9)).map(lambda p: Period(p[0], p[0].replace(year=p[0].year + p[1])))


@given(st.sets(COUNTIES, max_size=98), st.sets(CITIES, max_size=50))
def test_issued_code_is_new_and_obeys_the_scheme(counties: set[str], cities: set[str]) -> None:
    taken = counties | cities
    for level, parent in (("county", "06"), ("city", "060101")):
        code = issue_code(SCI, level, parent_code=parent, taken=taken).code
        assert code not in taken
        assert check_code(SCI, level, code) is None


@given(st.sets(CITIES, max_size=50))
def test_number_of_a_city_is_the_only_one_in_the_country(cities: set[str]) -> None:
    code = issue_code(SCI, "city", parent_code="060101", taken=cities).code
    assert code[-4:] not in {one[-4:] for one in cities}


@given(st.sets(COUNTIES))
def test_all_numbers_are_given_once_and_then_no_more(taken: set[str]) -> None:
    given_out = set(taken)
    for _ in range(99 - len(taken)):
        code = issue_code(SCI, "county", parent_code="06", taken=given_out).code
        assert code not in given_out
        given_out.add(code)
    try:
        issue_code(SCI, "county", parent_code="06", taken=given_out)
    except CodesExhausted:
        return
    raise AssertionError


@given(
    st.lists(st.tuples(st.integers(1, 6), PROVINCES), max_size=8),
    st.lists(st.tuples(st.integers(1, 6), PROVINCES, PERIODS), max_size=8),
    PERIODS,
)
def test_no_code_is_held_twice_after_attaching(
    cells: list[tuple[int, str]], stored: list[tuple[int, str, Period]], within: Period
) -> None:
    held = _list_consistent(stored)
    plan = AttachPlan("table")
    attachments = [Attachment(row, division, "province", ISO, code) for row, (division, code) in enumerate(cells, 1)]
    plan_attachments(plan, attachments, held=held, reserved={}, within=within)
    after = _apply(plan, held)
    for first in after:
        for second in after:
            if first is not second and first.period.overlaps(second.period):
                assert first.division != second.division
                assert first.code != second.code


def _list_consistent(stored: list[tuple[int, str, Period]]) -> list[HeldCode]:
    held: list[HeldCode] = []
    for key, (division, code, period) in enumerate(stored, 1):
        others = [one for one in held if one.division == division or one.code == code]
        if not any(one.period.overlaps(period) for one in others):
            held.append(HeldCode(key, division, ISO.word, code, period))
    return held


def _apply(plan: AttachPlan, held: list[HeldCode]) -> list[HeldCode]:
    by_key = {one.id: one for one in held}
    rest = [HeldCode(0, by_key[key].division, ISO.word, by_key[key].code, period) for key, period in plan.kept]
    return [one for one in held if one.id not in plan.closed] + rest + plan.written


@given(st.sampled_from(["village", "city", "county"]), st.integers(1, 9), st.integers(1, 99))
def test_id_leads_back_to_its_code(level: str, first: int, second: int) -> None:
    chain = [("province", "06"), ("county", f"06{second:02}"), ("bakhsh", f"06{second:02}0{first}")]
    bakhsh = chain[2][1]
    tails = {
        "county": [],
        "city": [("bakhsh", bakhsh), ("city", f"{bakhsh}{1000 + second}")],
        "village": [
            ("bakhsh", bakhsh),
            ("dehestan", f"{bakhsh}00{second:02}"),
            ("village", f"{bakhsh}00{second:02}00{second:04}"),
        ],
    }
    found = to_country_id(IRAN)
    for step, code in (*chain[:2], *tails[level]):
        found = to_ocd_id(IRAN, found, level=step, code=code)
    assert PATTERN.fullmatch(found)
    assert read_ocd_id(IRAN, found) == ((*chain[:2], *tails[level])[-1])
