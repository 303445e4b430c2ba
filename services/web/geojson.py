"""Write geometries as GeoJSON (RFC 7946)."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

MEDIA_TYPE = "application/geo+json"

DECIMALS = 7
"""A centimetre on the ground, as section 11.2 advises."""


def round_shape(shape: BaseGeometry) -> BaseGeometry:
    """Turn outer rings counter-clockwise and round coordinates for exchange."""
    turned: BaseGeometry = shapely.orient_polygons(shape)
    return shapely.transform(turned, lambda xy: xy.round(DECIMALS))
