"""Check who sits in a council when."""

from datetime import date

import pytest

from geo.civic import Council, Member
from geo.register.periods import Period

TERM = Period(date(2021, 8, 4), date(2026, 8, 4))
BEFORE, AFTER = TERM.split(date(2024, 1, 1))
COUNCIL = Council(
    code="c",
    name="شورای اسلامی شهر کاجان",
    division_code="01",
    seats=3,
    members=(
        Member("مینا احمدی", "chair", TERM),
        Member("رضا کریمی", "deputy", BEFORE),
        Member("علی", "deputy", AFTER),
    ),
    term=TERM,
    synthetic=True,
)


@pytest.mark.parametrize(
    ("on", "names"),
    [
        (date(2021, 8, 3), []),
        (date(2023, 12, 31), ["مینا احمدی", "رضا کریمی"]),
        (date(2024, 1, 1), ["مینا احمدی", "علی"]),
        (date(2026, 8, 4), []),
    ],
)
def test_members_sit_half_open_periods(on, names):
    assert [member.name for member in COUNCIL.list_members(on)] == names


def test_vacant_seats_are_counted():
    assert COUNCIL.count_vacant(date(2022, 1, 1)) == 1
