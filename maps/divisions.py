"""Draw divisions as the ground of a map, and call them by name."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd

from maps.colours import BORDER, LAND
from maps.outlines import DECIMALS, Drawing, to_outlines
from maps.words import word

GROUND = {"color": BORDER, "weight": 0.8, "fillColor": LAND, "fillOpacity": 1}
FINE_GROUND = {**GROUND, "weight": 0.4}
MANY_DIVISIONS = 300
"""From this many divisions on, outlines are finer, or small divisions would be all outline."""


def draw_ground(divisions: gpd.GeoDataFrame, *, language: str, decimals: int = DECIMALS) -> list[Drawing]:
    """Draw the divisions plainly, each with its name and code."""
    outlines = to_outlines(divisions, decimals=decimals)
    style = FINE_GROUND if len(outlines) >= MANY_DIVISIONS else GROUND
    rows = zip(outlines["code"], outlines["name"], outlines.geometry, strict=True)
    return [
        Drawing(to_id(code), geometry, style, to_name(name, code), ((word("page.code", language), to_name(code, "")),))
        for code, name, geometry in rows
    ]


def to_id(code: object) -> str:
    """Make the identifier of a division on a page from its code."""
    return f"d-{code}"


def to_name(name: object, code: object) -> str:
    """Call a division by its name, by its code where the name is missing, and a dash where both are."""
    return next((text for text in (name, code) if isinstance(text, str) and text), "—")


def map_names(divisions: gpd.GeoDataFrame) -> dict[str, str]:
    """Map the codes of divisions to their names."""
    return {str(code): to_name(name, code) for code, name in zip(divisions["code"], divisions["name"], strict=True)}


def write_names(codes: Iterable[object], names: dict[str, str], *, language: str) -> str:
    """Write divisions by name, or by code where no name is known."""
    called = [names.get(str(code), str(code)) for code in codes]
    return ("، " if language == "fa" else ", ").join(called) or "—"
