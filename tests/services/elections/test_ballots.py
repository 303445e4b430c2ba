"""Record elections."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import InvalidValue, NotPermitted
from services.access.roles import ANONYMOUS
from services.elections.ballots import ElectionText, record_election
from services.elections.held_elections import find_next_elections, list_elections

DAY = date(2024, 3, 1)


@pytest.fixture
def iran(session, store_states):
    return store_states(session, {}, "ir")


@pytest.fixture
def keep(session, iran, operator):
    def run(ballot="majles", name="Majles", held_on=DAY, caller=operator, **said):
        return record_election(session, iran, ElectionText(ballot, name, held_on, **said), caller=caller)

    return run


def test_divisions_are_those_of_the_day_of_the_vote_unless_said_otherwise(keep):
    assert keep().as_of == DAY and keep(as_of=date(2023, 3, 1)).as_of == date(2023, 3, 1)


def test_same_kind_on_the_same_day_is_replaced(keep, session, iran):
    assert keep().id == keep(name="Majles, twelfth").id
    assert [one.name for one in list_elections(session, iran)] == ["Majles, twelfth"]


def test_next_elections_are_those_of_one_day(keep, session, iran):
    keep()
    keep("president", "President", date(2024, 6, 28))
    keep("local_council", "Councils", date(2024, 6, 28))
    assert [one.ballot for one in find_next_elections(session, iran, date(2024, 3, 2))] == [
        "local_council",
        "president",
    ]
    assert find_next_elections(session, iran, date(2030, 1, 1)) == ()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"ballot": "senate"}, InvalidValue),
        ({"name": " "}, InvalidValue),
        ({"name": "x" * 201}, InvalidValue),
        ({"name": "a\0"}, InvalidValue),
        ({"as_of": date(2024, 3, 2)}, InvalidValue),
        ({"caller": ANONYMOUS}, NotPermitted),
    ],
)
def test_useless_elections_are_refused(keep, said, error):
    with pytest.raises(error):
        keep(**said)
