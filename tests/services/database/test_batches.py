"""Send many rows to the store in one statement."""

from __future__ import annotations

import pytest
from shapely import Point
from sqlalchemy import Boolean, Double, Text, func, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue
from services.database.batches import join_point, split_point, unnest_rows

COLUMNS = {"word": Text(), "lon": Double(), "lat": Double(), "yes": Boolean()}


def test_rows_arrive_as_they_were_sent(session: Session) -> None:
    sent = [("یک", 1.5, 2.5, True), ("دو", None, None, None), ("{,}'\"", 0.1, -0.1, False)]
    rows = unnest_rows(COLUMNS, sent)
    assert [tuple(row) for row in session.execute(select(*(rows.c[name] for name in COLUMNS)))] == sent


@pytest.mark.parametrize(
    ("point", "split"), [(Point(1.25, -2), (1.25, -2.0)), (Point(), (None, None)), (None, (None, None))]
)
def test_points_are_split(point: Point | None, split: tuple[float | None, float | None]) -> None:
    assert split_point(point) == split


@pytest.mark.parametrize("at", [(181, 0), (0, -91), (float("nan"), 0), (0, float("inf"))])
def test_points_off_the_earth_are_refused(at: tuple[float, float]) -> None:
    with pytest.raises(InvalidValue):
        split_point(Point(at))


def test_points_are_joined_in_the_stored_system(session: Session) -> None:
    rows = unnest_rows(COLUMNS, [("a", 1.5, 2.5, True), ("b", None, None, True)])
    point = join_point(rows.c.lon, rows.c.lat)
    found = session.execute(select(func.ST_AsEWKT(point)).order_by(rows.c.word)).scalars().all()
    assert found == ["SRID=4326;POINT(1.5 2.5)", None]
