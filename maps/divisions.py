"""Draw divisions as the ground of a map, and call them by name."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd

from maps.colours import BORDER, LAND
from maps.outlines import Drawing, to_outlines
from maps.words import word

GROUND = {"color": BORDER, "weight": 0.8, "fillColor": LAND, "fillOpacity": 1}


def draw_ground(divisions: gpd.GeoDataFrame, *, language: str) -> list[Drawing]:
    """Draw the divisions plainly, each with its name and code."""
    outlines = to_outlines(divisions)
    return [
        Drawing(to_id(code), geometry, GROUND, str(name), ((word("page.code", language), str(code)),))
        for code, name, geometry in zip(outlines["code"], outlines["name"], outlines.geometry, strict=True)
    ]


def to_id(code: object) -> str:
    """Make the identifier of a division on a page from its code."""
    return f"d-{code}"


def map_names(divisions: gpd.GeoDataFrame) -> dict[str, str]:
    """Map the codes of divisions to their names."""
    return {str(code): str(name) for code, name in zip(divisions["code"], divisions["name"], strict=True)}


def write_names(codes: Iterable[object], names: dict[str, str], *, language: str) -> str:
    """Write divisions by name, or by code where no name is known."""
    return ("، " if language == "fa" else ", ").join(names.get(str(code), str(code)) for code in codes)
