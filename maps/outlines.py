"""Thin the outlines of divisions for display, so that neighbours stay neighbours and the data stay untouched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

MAX_VERTICES = 60_000
"""What a page carries at most in outlines: about 1.3 MB."""

DECIMALS = 5
"""Decimals of a degree in a page: about one metre."""

Geometries = NDArray[np.object_]


def to_outlines(divisions: gpd.GeoDataFrame, *, max_vertices: int = MAX_VERTICES) -> gpd.GeoDataFrame:
    """Copy the divisions with outlines of at most about `max_vertices` vertices, and rows without geometry left out."""
    present = divisions[~(divisions.geometry.is_empty | divisions.geometry.isna())]
    thinned = thin_coverage(present.geometry.to_numpy(), max_vertices=max_vertices)
    outlines: gpd.GeoDataFrame = present.set_geometry(gpd.GeoSeries(round_positions(thinned), index=present.index))
    return outlines


def thin_coverage(polygons: Geometries, *, max_vertices: int) -> Geometries:
    """Simplify a coverage step by step until it fits, leaving out no polygon.

    Where neighbours do not share their edges, as in a coverage full of findings, simplifying them together keeps too
    much; what is still too large is then simplified one by one.
    """
    thinned = polygons if shapely.is_valid(polygons).all() else shapely.make_valid(polygons)
    finest = _widest_span(polygons) / 8000
    for simplify in (shapely.coverage_simplify, shapely.simplify):
        for step in range(7):
            if shapely.get_num_coordinates(thinned).sum() <= max_vertices:
                return thinned
            candidate = simplify(thinned, finest * 2**step)
            thinned = np.where(shapely.is_empty(candidate), thinned, candidate)
    return thinned


def _widest_span(polygons: Geometries) -> float:
    view = to_view(polygons.tolist())
    if view is None:
        return 1.0
    (south, west), (north, east) = view
    return max(east - west, north - south, 1e-6)


def round_positions(geometries: Geometries | Sequence[BaseGeometry], *, decimals: int = DECIMALS) -> Geometries:
    """Round every position as a page writes it, without repairing or dropping anything."""
    rounded: Geometries = shapely.transform(
        np.asarray(geometries, dtype=object), lambda positions: np.round(positions, decimals)
    )
    return rounded


@dataclass(frozen=True)
class Drawing:
    """One thing drawn on a map."""

    id: str
    """What the address of the page and the list call it."""
    geometry: BaseGeometry
    """Where it is."""
    style: dict[str, Any]
    """How Leaflet draws it."""
    title: str
    """What it is called."""
    details: tuple[tuple[str, str], ...] = ()
    """What is said about it, as label and text."""

    def to_feature(self) -> dict[str, Any]:
        """Write it as a GeoJSON feature; what stands in it is text, never HTML."""
        properties = {"title": self.title, "details": self.details}
        geometry = shapely.geometry.mapping(self.geometry)
        return {"type": "Feature", "id": self.id, "properties": properties, "geometry": geometry}


def to_anchor(geometry: BaseGeometry) -> shapely.Point:
    """Choose the point that stands for a geometry too small to be seen."""
    return shapely.Point(np.round(shapely.get_coordinates(shapely.point_on_surface(geometry))[0], DECIMALS))


def to_view(geometries: Sequence[BaseGeometry]) -> list[list[float]] | None:
    """Measure the box that shows everything, as corners of latitude and longitude; None when there is nothing."""
    if all(geometry is None or geometry.is_empty for geometry in geometries):
        return None
    west, south, east, north = shapely.total_bounds(np.asarray(geometries, dtype=object)).tolist()
    return [[south, west], [north, east]]
