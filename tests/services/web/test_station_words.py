"""Check what a voter is told of a station."""

from datetime import time

import pytest

from geo.elections.stations import Visibility
from services.elections.answers import BranchLine, StationLine
from services.web.station_words import list_facts, tell_closure


def make(*branches, code="a", name="School", **said):
    return StationLine(code, name, Visibility.PUBLIC, 0, 0, 1.0, False, tuple(branches), **said)


def branch(number=1, sex="any", mobile=False, opens=time(8), closes=time(18), accessible=None):
    return BranchLine(number, sex, mobile, opens, closes, accessible)


@pytest.mark.parametrize(
    ("branches", "told"),
    [
        ([branch()], "open 08:00 to 18:00"),
        ([branch(sex="male")], "for men"),
        ([branch(sex="female")], "for women"),
        ([branch(sex="male"), branch(2, sex="female")], "branches for men and for women"),
        ([branch(mobile=True)], "a mobile branch: ask for its route"),
        ([branch(accessible=True)], "step-free access"),
        ([branch(accessible=False), branch(2, accessible=True)], "step-free access"),
        ([branch(accessible=False)], "no step-free access"),
        ([branch(accessible=False), branch(2)], "nobody has looked whether a wheelchair gets in"),
    ],
)
def test_facts_of_branches_are_told(branches, told):
    assert told in list_facts(make(*branches), "en")


def test_nothing_is_told_of_no_branches():
    assert list_facts(make(), "en") == ()


def test_hours_have_the_digits_of_the_language():
    assert "از ۰۸:۰۰ تا ۱۸:۰۰" in list_facts(make(branch()), "fa")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, ""),
        ({"status": "closed", "notice": "Flood."}, "Closed. Flood."),
        ({"status": "moved", "replacement": "b"}, "Moved. Go to Mosque instead."),
        ({"status": "closed", "replacement": "z"}, "Closed. Go to z instead."),
    ],
)
def test_closures_are_told(said, told):
    assert tell_closure(make(**said), [make(code="b", name="Mosque")], "en") == told
