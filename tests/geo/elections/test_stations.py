"""Check what a station knows of its branches."""

from datetime import time

import pytest
from shapely import Point

from geo.elections import Branch, Sex, Station, Visibility


def open_branch(number="1", sex=Sex.ANY, opens=time(8), closes=time(18)):
    return Branch(number, sex, mobile=False, capacity=600, opens=opens, closes=closes, accessible=None)


@pytest.mark.parametrize(
    ("branch", "voter", "admitted"),
    [
        (Sex.ANY, Sex.FEMALE, True),
        (Sex.FEMALE, Sex.FEMALE, True),
        (Sex.MALE, Sex.FEMALE, False),
        (Sex.MALE, Sex.ANY, True),
    ],
)
def test_branch_admits_by_sex(branch, voter, admitted):
    assert open_branch(sex=branch).admits(voter) is admitted


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [(time(8), time(18), 10), (time(8), time(0), 16), (time(8, 30), time(2), 17.5)],
)
def test_hours_run_over_midnight(opens, closes, hours):
    assert open_branch(opens=opens, closes=closes).hours_open == hours


def test_station_lists_the_branches_for_a_voter():
    branches = (open_branch("1", Sex.MALE), open_branch("2", Sex.FEMALE), open_branch("3"))
    station = Station("s", "دبستان مهر", Point(51, 35), "01", Visibility.PUBLIC, True, branches)
    assert [branch.number for branch in station.list_branches(Sex.FEMALE)] == ["2", "3"]
    assert station.capacity == 1_800
