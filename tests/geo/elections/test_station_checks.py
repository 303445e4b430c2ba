"""Check where stations stand against the divisions of their codes."""

from datetime import time

import pytest
from shapely import Point, box

from geo.elections.station_checks import check_level, list_crowded, list_shared_sites
from geo.elections.stations import Branch, Sex, Station, Visibility

GROUND = {1: box(0, 0, 1, 1), 2: box(1, 0, 2, 1), 3: box(5, 5, 6, 6)}


def make(code, x=None, y=0.5, branches=0):
    boxes = tuple(Branch(str(n), Sex.ANY, False, 0, time(8), time(18), None) for n in range(1, branches + 1))
    return Station(code, code, Point() if x is None else Point(x, y), "", Visibility.PUBLIC, False, boxes)


def check(*stations, coded=None):
    return check_level("district", stations, coded or {}, GROUND)


def test_stations_inside_their_division_are_counted():
    found = check(make("a", 0.5), make("b", 1.5), coded={"a": 1, "b": 2})
    assert (found.coded, found.inside, found.share, found.strays) == (2, 2, 1.0, ())


def test_strays_tell_where_they_stand():
    found = check(make("a", 1.5), make("b", 9.0), coded={"a": 1, "b": 1})
    assert [(one.station, one.coded, one.found) for one in found.strays] == [("a", 1, (2,)), ("b", 1, ())]


@pytest.mark.parametrize("coded", [1, 2])
def test_station_on_a_border_stands_in_both(coded):
    found = check(make("a", 1.0), coded={"a": coded})
    assert (found.inside, found.several) == (1, ("a",))


def test_stations_in_none_are_told_with_or_without_a_code():
    assert check(make("a", 9.0), make("b", 8.0), coded={"a": 1}).nowhere == ("a", "b")


def test_divisions_without_a_station_are_told():
    assert check(make("a", 0.5), make("b"), coded={"b": 2}).without == (3,)


def test_share_of_nothing_is_not_known():
    assert check(make("a")).share is None


def test_sites_of_several_stations_are_told_together():
    assert list_shared_sites([make("b", 0.5), make("a", 0.5), make("c", 0.6), make("d"), make("e")]) == (("a", "b"),)


def test_crowded_stations_are_told():
    assert list_crowded([make("a", branches=3), make("b", branches=4)], 3) == ("b",)
