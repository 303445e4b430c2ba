"""Take in the polygons of a coverage: refuse what has no certain ground, and put the rest in the order of keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import POLYGONAL, Boundaries, Shapes
from geo.errors import InvalidGeometry, InvalidValue, Reason, because

GLOBE = (180.0, 90.0)
"""How far longitude and latitude go."""
HALF_TURN = 180.0
"""An edge that runs over more degrees of longitude than this goes the other way round."""


def order_keys(keys: Sequence[str]) -> list[int]:
    """Give the rows in the order of their keys; raises InvalidValue."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if not order:
        raise InvalidValue(field="key", value="", reason=because("locate_no_divisions"))
    if not keys[order[0]]:
        raise InvalidValue(field="key", value="", reason=because("locate_key_missing"))
    for one, other in pairwise(order):
        if keys[one] == keys[other]:
            raise InvalidValue(field="key", value=keys[one], reason=because("locate_key_twice"))
    return order


def take_polygons(boundaries: Boundaries, keys: Sequence[str]) -> Shapes:
    """Give the boundaries as plane polygons; raises InvalidGeometry about the first that has no certain ground."""
    shapes = np.empty(len(boundaries), dtype=object)
    shapes[:] = list(boundaries)
    if len(shapes) != len(keys):
        raise InvalidValue(field="key", value=len(keys), reason=because("locate_lengths"))
    for row in np.flatnonzero(~_is_plain(shapes)).tolist():
        reason = _find_fault(shapes[row], keys[row])
        if reason:
            raise InvalidGeometry(reason=reason)
    return np.asarray(shapely.force_2d(shapes))


def _is_plain(shapes: Shapes) -> np.ndarray:
    """Tell which boundaries need no closer look: valid polygons of less than half a turn."""
    plain = shapely.is_geometry(shapes) & np.isin(shapely.get_type_id(shapes), POLYGONAL)
    plain &= ~shapely.is_empty(shapes) & shapely.is_valid(shapes)
    bounds = shapely.bounds(shapes)
    on_globe = (np.abs(bounds) <= [*GLOBE, *GLOBE]).all(axis=1)
    return np.asarray(plain & on_globe & (bounds[:, 2] - bounds[:, 0] <= HALF_TURN))


def _find_fault(shape: BaseGeometry | None, key: str) -> Reason | None:
    if shape is None or shape.is_empty:
        return because("locate_no_boundary", division=key)
    if shapely.get_type_id(shape) not in POLYGONAL:
        return because("locate_no_polygon", division=key, kind=shape.geom_type)
    if not shape.is_valid:
        return because("locate_invalid", division=key, detail=shapely.is_valid_reason(shape))
    if not (np.abs(shape.bounds) <= [*GLOBE, *GLOBE]).all():
        return because("locate_off_globe", division=key)
    return because("locate_antimeridian", division=key) if _has_leap(shape) else None


def _has_leap(shape: BaseGeometry) -> bool:
    """Tell whether an edge runs over more than half a turn; one right around the globe is the border of a map."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    steps = (np.abs(np.diff(shapely.get_coordinates(ring)[:, 0])) for ring in rings)
    return any(bool(((step > HALF_TURN) & (step < 2 * HALF_TURN)).any()) for step in steps)
