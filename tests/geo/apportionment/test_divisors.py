"""Test the ranking of claims."""

from __future__ import annotations

import pytest

from geo.apportionment import Method, SeatRule, SeatUnit, apportion

# Populations of the census of 2020 by which the House of Representatives was apportioned (331,108,434 people).
CENSUS_2020 = """
AL 5030053 7|AK 736081 1|AZ 7158923 9|AR 3013756 4|CA 39576757 52|CO 5782171 8|CT 3608298 5|DE 990837 1
FL 21570527 28|GA 10725274 14|HI 1460137 2|ID 1841377 2|IL 12822739 17|IN 6790280 9|IA 3192406 4|KS 2940865 4
KY 4509342 6|LA 4661468 6|ME 1363582 2|MD 6185278 8|MA 7033469 9|MI 10084442 13|MN 5709752 8|MS 2963914 4
MO 6160281 8|MT 1085407 2|NE 1963333 3|NV 3108462 4|NH 1379089 2|NJ 9294493 12|NM 2120220 3|NY 20215751 26
NC 10453948 14|ND 779702 1|OH 11808848 15|OK 3963516 5|OR 4241500 6|PA 13011844 17|RI 1098163 2|SC 5124712 7
SD 887770 1|TN 6916897 9|TX 29183290 38|UT 3275252 4|VT 643503 1|VA 8654542 11|WA 7715946 10|WV 1795045 2
WI 5897473 8|WY 577719 1
"""
STATES = {
    code: (int(people), int(seats))
    for code, people, seats in (item.split() for item in CENSUS_2020.strip().replace("\n", "|").split("|"))
}


def apportion_house(**more: int):
    units = [SeatUnit(code, people + more.get(code, 0)) for code, (people, _) in STATES.items()]
    return apportion(units, SeatRule(Method.HUNTINGTON_HILL, 435))


def test_census_is_copied_without_a_slip():
    assert sum(people for people, _ in STATES.values()) == 331_108_434


def test_house_of_2020():
    assert apportion_house().by_code() == {code: seats for code, (_, seats) in STATES.items()}


def test_last_seat_of_2020_went_to_minnesota_and_89_more_people_would_have_kept_new_yorks():
    assert apportion_house().awards[-1].code == "MN"
    assert (apportion_house(NY=88).by_code()["NY"], apportion_house(NY=89).by_code()["NY"]) == (26, 27)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [({}, [9, 1, 0]), ({"floor": 1}, [8, 1, 1]), ({"cap": 5}, [5, 4, 1]), ({"floor": 2, "cap": 6}, [6, 2, 2])],
)
def test_floors_and_caps_hold(count, rule, expected):
    assert count("dhondt", 10, (800, 120, 40), **rule) == expected


@pytest.mark.parametrize("method", ["adams", "dean", "huntington-hill"])
def test_everybody_has_a_seat_before_claims_are_ranked(share, method):
    found = share(method, 4, (1_000_000, 1, 1))
    assert (found.by_code(), len(found.awards)) == ({"a": 2, "b": 1, "c": 1}, 1)


def test_cap_of_nought_goes_before_the_first_seat():
    units = [SeatUnit("a", 5), SeatUnit("b", 5, cap=0)]
    assert apportion(units, SeatRule(Method.ADAMS, 3)).by_code() == {"a": 3, "b": 0}


def test_awards_are_numbered_and_fall(share):
    awards = share("sainte-lague", 12, (53, 24, 23), floor=1).awards
    assert [award.number for award in awards] == list(range(4, 13))
    assert [award.claim for award in awards] == sorted((award.claim for award in awards), reverse=True)


def test_equal_claims_with_seats_for_all_are_no_tie(count, share):
    assert count("dhondt", 4, (10, 10)) == [2, 2]
    assert share("dhondt", 4, (10, 10)).ties == ()


@pytest.mark.parametrize(
    ("lot", "seats", "decided"), [((), [1, 1], False), (("b", "a"), [1, 2], True), (("a", "b"), [2, 1], True)]
)
def test_only_a_lot_breaks_a_tie(share, lot, seats, decided):
    found = share("dhondt", 3, (10, 10), lot=lot)
    assert ([unit.seats for unit in found.units], found.is_decided) == (seats, decided)


def test_equal_proportions_are_compared_without_roots(share):
    # 6 / sqrt(1*2) and 12 / sqrt(2*4) are one number, which floats tell apart
    assert share("huntington-hill", 4, (6, 6)).is_decided
    assert not share("huntington-hill", 3, (6, 6)).is_decided
