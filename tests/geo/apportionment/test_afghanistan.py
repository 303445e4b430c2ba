"""Test the seats of the Wolesi Jirga and of provincial councils on the real provinces of Afghanistan."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from geo.apportionment import SeatUnit, apportion, seat_by_bands
from geo.register import load_pack


@pytest.fixture(scope="module")
def provinces(real_data: Path) -> list[SeatUnit]:
    """Sum the districts' people by province, by the first four letters of the code."""
    people: Counter[str] = Counter()
    with (real_data / "afghanistan" / "afg_admin2_population.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            people[row["adm2_pcode"][:4]] += int(float(row["pop_18_19_421_CSO"] or 0))
    return [SeatUnit(code, figure) for code, figure in people.items()]


def test_wolesi_jirga_has_249_seats_with_the_kuchis(provinces):
    found = apportion(provinces, load_pack("af").body("wolesi_jirga").rule)
    assert len(found.units) == 34
    assert (sum(found.by_code().values()), found.shared, found.is_decided) == (239, 239, True)


@pytest.mark.parametrize(("trigger", "rounds", "seats"), [(1, 1, 1), (2, 2, 2)])
def test_three_smallest_provinces_hang_on_the_trigger(provinces, trigger, rounds, seats):
    # Nuristan, Panjsher and Nimroz: two seats each in practice, for which the trigger must be two
    found = apportion(provinces, replace(load_pack("af").body("wolesi_jirga").rule, trigger=trigger))
    smallest = sorted(found.units, key=lambda unit: unit.people)[:3]
    assert sorted(unit.code for unit in smallest) == ["AF08", "AF16", "AF34"]
    assert (len(found.rounds), {unit.seats for unit in smallest}) == (rounds, {seats})


def test_councils_have_the_seats_of_their_bands(provinces):
    found = seat_by_bands(provinces, load_pack("af").body("provincial_council").bands)
    assert set(found.by_code().values()) <= {9, 15, 19, 23, 29}
    assert found.by_code()["AF01"] == 29
