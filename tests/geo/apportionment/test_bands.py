"""Test the seats of councils by bands of population."""

from __future__ import annotations

import pytest

from geo.apportionment import SeatUnit, seat_by_bands
from geo.errors import InvalidValue
from geo.register import load_pack

BANDS = load_pack("af").body("provincial_council").bands


@pytest.mark.parametrize(
    ("people", "seats"),
    [(1, 9), (499_999, 9), (500_000, 15), (999_999, 15), (1_000_000, 19), (2_000_000, 23), (3_000_000, 29)],
)
def test_band_begins_at_its_population(people, seats):
    assert seat_by_bands([SeatUnit("AF01", people)], BANDS).by_code() == {"AF01": seats}


def test_total_is_the_sum_and_the_band_is_told():
    found = seat_by_bands([SeatUnit("b", 2_500_000), SeatUnit("a", 5), SeatUnit("c", 5, fixed=3)], BANDS)
    assert found.seats == 9 + 23 + 3
    assert [(line.least, line.below) for line in found.bands][:2] == [(0, 500_000), (2_000_000, 3_000_000)]


def test_senseless_population_is_refused():
    with pytest.raises(InvalidValue):
        seat_by_bands([SeatUnit("a", 0)], BANDS)
