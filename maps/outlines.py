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

POLYGONS = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))

Geometries = NDArray[np.object_]


def to_outlines(
    divisions: gpd.GeoDataFrame, *, max_vertices: int = MAX_VERTICES, decimals: int = DECIMALS
) -> gpd.GeoDataFrame:
    """Copy the divisions with outlines of at most about `max_vertices` vertices, and rows without geometry left out."""
    present = divisions[~(divisions.geometry.is_empty | divisions.geometry.isna())]
    thinned = thin_coverage(present.geometry.to_numpy(), max_vertices=max_vertices)
    rounded = gpd.GeoSeries(round_positions(thinned, decimals=decimals), index=present.index)
    outlines: gpd.GeoDataFrame = present.set_geometry(rounded)
    return outlines


def thin_coverage(geometries: Geometries, *, max_vertices: int) -> Geometries:
    """Simplify the polygons of a coverage step by step until they fit, leaving out nothing.

    Where neighbours do not share their edges, as in a coverage full of findings, simplifying them together keeps too
    much; what is still too large is then simplified one by one. Points and lines stay as they are.
    """
    thinned = geometries.copy()
    areal = np.isin(shapely.get_type_id(thinned), POLYGONS)
    polygons = shapely.make_valid(thinned[areal], method="structure", keep_collapsed=False)
    finest = _widest_span(polygons) / 8000
    for simplify in (shapely.coverage_simplify, shapely.simplify):
        for step in range(7):
            if shapely.get_num_coordinates(polygons).sum() > max_vertices:
                candidate = simplify(polygons, finest * 2**step)
                polygons = np.where(shapely.is_empty(candidate), polygons, candidate)
    thinned[areal] = np.where(shapely.is_empty(polygons), thinned[areal], polygons)
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
    group: str = ""
    """What it is shown and hidden with; empty for what is always there."""

    def to_feature(self, position: int) -> dict[str, Any]:
        """Write it as a GeoJSON feature known by its position; what stands in it is text, never HTML."""
        properties = {"id": self.id, "title": self.title, "details": self.details}
        if self.group:
            properties["group"] = self.group
        geometry = shapely.geometry.mapping(self.geometry)
        return {"type": "Feature", "id": position, "properties": properties, "geometry": geometry}


def to_anchor(geometry: BaseGeometry) -> shapely.Point:
    """Choose the point that stands for a geometry too small to be seen."""
    return shapely.Point(np.round(shapely.get_coordinates(shapely.point_on_surface(geometry))[0], DECIMALS))


def to_view(geometries: Sequence[BaseGeometry]) -> list[list[float]] | None:
    """Measure the box that shows everything, as corners of latitude and longitude; None when there is nothing."""
    if all(geometry is None or geometry.is_empty for geometry in geometries):
        return None
    west, south, east, north = shapely.total_bounds(np.asarray(geometries, dtype=object)).tolist()
    return [[south, west], [north, east]]
