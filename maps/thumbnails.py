"""Draw boundaries as small outlines in a box of their own, for pages that compare them at a glance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

MOST_VERTICES = 400
"""More would not be seen at the size of a stamp."""

MARGIN = 0.04
"""What is left free around the drawing, as a share of its box."""


def draw_thumbnails(shapes: Sequence[BaseGeometry]) -> tuple[str, ...]:
    """Write each shape as the path of a drawing in a box from 0 to 1, all in the same place and scale, north up."""
    drawn = [shape for shape in shapes if not shape.is_empty]
    if not drawn:
        return tuple("" for _ in shapes)
    west, south, east, north = shapely.total_bounds(np.asarray(drawn, dtype=object)).tolist()
    # a degree of longitude is shorter away from the equator
    squeeze = math.cos(math.radians((south + north) / 2))
    span = max((east - west) * squeeze, north - south, 1e-9)
    scale = (1 - 2 * MARGIN) / span

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x = 0.5 + (points[:, 0] - (west + east) / 2) * squeeze * scale
        y = 0.5 - (points[:, 1] - (south + north) / 2) * scale
        return np.column_stack((x, y))

    return tuple(_write_path(shapely.transform(_thin(shape, span), place)) for shape in shapes)


def _thin(shape: BaseGeometry, span: float) -> BaseGeometry:
    """Leave out vertices until the outline is small enough, or leave the shape as it is where nothing would be left."""
    for step in range(8):
        if shapely.get_num_coordinates(shape) <= MOST_VERTICES:
            break
        thinned = shapely.simplify(shape, span / 500 * 2**step)
        shape = shape if thinned.is_empty else thinned
    return shape


def _write_path(shape: BaseGeometry) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    lines = (" ".join(f"{x:.3f} {y:.3f}" for x, y in shapely.get_coordinates(ring)) for ring in rings)
    return " ".join(f"M{line}Z" for line in lines)
