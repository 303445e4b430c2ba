"""Send many rows to the store in one statement, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapely import Point
from sqlalchemy import ARRAY, ColumnElement, case, column, func, literal
from sqlalchemy.types import TypeEngine

from geo.errors import InvalidValue, because

Columns = Mapping[str, TypeEngine[Any]]
"""The columns of a batch by name, in the order of its rows."""


def unnest_rows(columns: Columns, rows: Sequence[tuple[Any, ...]]) -> Any:  # noqa: ANN401 - SQLAlchemy names no type
    """Make a table of rows, at least one, that statements can select from."""
    arrays = zip(columns.values(), zip(*rows, strict=True), strict=True)
    unnested = func.unnest(*(literal(list(held), ARRAY(kind)) for kind, held in arrays))
    return unnested.table_valued(*(column(name, kind) for name, kind in columns.items()), name="rows").render_derived()


def split_point(point: Point | None) -> tuple[float | None, float | None]:
    """Split a point into longitude and latitude, none or an empty one into nothing; refuse one off the earth."""
    if point is None or point.is_empty:
        return None, None
    # also false for what is not a number
    if not (-180 <= point.x <= 180 and -90 <= point.y <= 90):
        raise InvalidValue(field="point", value=f"{point.x} {point.y}", reason=because("point_off_earth"))
    return point.x, point.y


def join_point(lon: ColumnElement[float], lat: ColumnElement[float]) -> ColumnElement[Any]:
    """Join longitude and latitude into a point of the store, EPSG:4326; nothing where there is none."""
    return case((lon.is_not(None), func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)))
