"""Tell that stations are closed or have moved, and find the open ones."""

from __future__ import annotations

from datetime import date

import pytest
from shapely import Point
from sqlalchemy import select

from geo.errors import InvalidValue, NotPermitted, StaleVersion, StationNotFound
from services.access.roles import ANONYMOUS
from services.elections.closures import Status
from services.elections.find import find_branch
from services.elections.notices import NoticeText, give_notice, list_notices
from services.tables.access import AuditLog

DAY = date(2024, 6, 1)
CLOSED = NoticeText(Status.CLOSED, "flood")


@pytest.fixture
def town(record, make_station):
    """Open three stations in a row, the nearest first."""
    record(*(make_station(code, "A", at=(0.1 * place, 0.5)) for place, code in enumerate("abc", start=1)))


@pytest.fixture
def give(session, register, operator, town):
    return lambda code, text, caller=operator: give_notice(session, register, code, text, caller=caller)


@pytest.fixture
def find(session, register):
    def run(count=1):
        answer = find_branch(session, register.name, day=DAY, point=Point(0.05, 0.5), count=count)
        return [(line.code, line.status, line.replacement) for line in answer.stations]

    return run


def test_closed_station_is_shown_with_the_next_open_one(give, find):
    assert find() == [("a", "open", None)]
    give("a", NoticeText(Status.CLOSED, "flood", "c"))
    assert find() == [("a", "closed", "c"), ("b", "open", None)]


def test_station_that_opens_again_is_as_before(give, find):
    first = give("a", CLOSED)
    give("a", NoticeText(Status.OPEN, follows=first.id))
    assert find() == [("a", "open", None)]


def test_where_all_are_closed_all_are_shown(give, find):
    for code in "abc":
        give(code, CLOSED)
    assert [status for _, status, _ in find()] == ["closed"] * 3


def test_notices_are_kept_and_logged(give, session, register):
    first = give("a", CLOSED)
    give("a", NoticeText(Status.MOVED, "repairs", "b", follows=first.id))
    assert [(one.status, one.replacement) for one in list_notices(session, register, "a")] == [
        ("moved", "b"),
        ("closed", None),
    ]
    logged = session.scalars(select(AuditLog.detail).order_by(AuditLog.id.desc()).limit(1)).one()
    assert logged == {"station": "a", "status": "moved", "replacement": "b"}


@pytest.mark.parametrize("follows", [None, 10**9])
def test_second_officer_is_told_of_the_first(give, follows):
    give("a", CLOSED)
    with pytest.raises(StaleVersion):
        give("a", NoticeText(Status.OPEN, follows=follows))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (NoticeText(Status.MOVED), InvalidValue),
        (NoticeText(Status.CLOSED, replacement="a"), InvalidValue),
        (NoticeText(Status.OPEN, replacement="b"), InvalidValue),
        (NoticeText(Status.CLOSED, replacement="nowhere"), StationNotFound),
        (NoticeText(Status.CLOSED, "x" * 501), InvalidValue),
        (NoticeText(Status.CLOSED, "a\0b"), InvalidValue),
    ],
)
def test_useless_notices_are_refused(give, text, error):
    with pytest.raises(error):
        give("a", text)


def test_closed_station_replaces_none(give):
    give("b", CLOSED)
    with pytest.raises(InvalidValue):
        give("a", NoticeText(Status.CLOSED, replacement="b"))


@pytest.mark.parametrize("code", ["nowhere", "a\0b"])
def test_unknown_stations_are_not_found(give, code):
    with pytest.raises(StationNotFound):
        give(code, CLOSED)


def test_strangers_may_not(give):
    with pytest.raises(NotPermitted):
        give("a", CLOSED, ANONYMOUS)
