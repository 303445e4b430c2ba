"""Test that audits of a register tell what is wrong with its records and positions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from shapely import Point, box
from sqlalchemy.orm import Session

from geo.coverage import Finding
from services.access.roles import make_operator
from services.boundaries.audits import audit_levels
from services.boundaries.record_audits import list_record_findings

DAY = date(2026, 1, 1)
WEST, EAST = "0101010001", "0101010002"


@pytest.fixture
def drawn(build: Callable[..., Any]) -> Any:
    """Draw two dehestans of one bakhsh."""
    country = build("ir")
    for code, level, parent in (("01", "province", None), ("0101", "county", "01"), ("010101", "bakhsh", "0101")):
        country.add(code, level, parent=parent, ground=box(50, 30, 52, 31))
    country.add(WEST, "dehestan", parent="010101", ground=box(50, 30, 51, 31))
    country.add(EAST, "dehestan", parent="010101", ground=box(51, 30, 52, 31))
    return country


def find(session: Session, drawn: Any, kind: str, level: str = "dehestan") -> list[Finding]:
    found = list_record_findings(session, drawn.register, [level], day=DAY)
    return [finding for finding in found if finding.kind == kind]


@pytest.mark.parametrize(
    ("point", "where"),
    [(Point(50.5, 30.5), []), (Point(51, 30.5), []), (Point(51.5, 30.5), ["elsewhere"]), (Point(9, 9), ["nowhere"])],
)
def test_places_outside_their_division_are_told(session: Session, drawn: Any, point: Point, where: list[str]) -> None:
    drawn.add(f"{WEST}000001", "village", parent=WEST, position=point)
    found = find(session, drawn, "stray_place")
    assert [finding.detail["where"] for finding in found] == where
    assert all((one.detail["place"], one.detail["home"]) == (f"{WEST}000001", WEST) for one in found)


def test_codes_that_leave_their_parent_are_told(session: Session, drawn: Any) -> None:
    drawn.add("0202020003", "dehestan", parent="010101", ground=box(60, 30, 61, 31))
    [finding] = find(session, drawn, "broken_nesting")
    assert (finding.detail["code"], finding.detail["front"]) == ("0202020003", "010101")


def test_namesakes_are_told_with_their_parent(session: Session, drawn: Any) -> None:
    for number in (1, 2):
        drawn.add(f"{WEST}00000{number}", "village", parent=WEST)
    assert find(session, drawn, "name_clash") == []
    assert len(find(session, drawn, "missing_name")) == 4


def test_orphans_are_told(session: Session, drawn: Any) -> None:
    orphan = drawn.add("0101010009", "dehestan", ground=box(60, 30, 61, 31))
    assert [one.divisions for one in find(session, drawn, "orphan")] == [(str(orphan),)]


@pytest.mark.parametrize(("point", "stray", "missing"), [(Point(50.5, 30.5), 0, 1), (Point(51.5, 30.5), 1, 1)])
def test_centres_are_held_against_their_division(
    session: Session, drawn: Any, point: Point, stray: int, missing: int
) -> None:
    drawn.add("010102", "bakhsh", parent="0101", ground=box(50, 30, 51, 31), position=point)
    assert len(find(session, drawn, "stray_centre", "bakhsh")) == stray
    assert len(find(session, drawn, "missing_centre", "bakhsh")) == missing


def test_other_levels_are_left_alone(session: Session, drawn: Any) -> None:
    drawn.add("0202020003", "dehestan", parent="010101")
    assert find(session, drawn, "broken_nesting", "county") == []


def test_audit_keeps_them_with_the_rest(session: Session, drawn: Any) -> None:
    drawn.add(f"{WEST}000001", "village", parent=WEST, position=Point(51.5, 30.5))
    summary = audit_levels(session, drawn.register, ["dehestan"], day=DAY, caller=make_operator("tests"))
    assert (summary.counts["stray_place"], summary.certified) == (1, True)


def test_fingerprints_are_all_different(session: Session, drawn: Any) -> None:
    for number in range(1, 5):
        drawn.add(f"{EAST}00000{number}", "village", parent=WEST, position=Point(51.5, 30.5))
    found = list_record_findings(session, drawn.register, ["dehestan"], day=DAY)
    assert len({finding.fingerprint for finding in found}) == len(found) > 8
