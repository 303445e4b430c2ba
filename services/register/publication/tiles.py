"""Write an edition as vector tiles, one PMTiles archive a level."""

from __future__ import annotations

from pathlib import Path

from services.register.publication.content import GEOMETRY, EditionContent
from services.register.publication.geopackage import find_kind, steady_gdal, write_features

DEEPEST = 9
"""The last zoom of the archives; a map draws larger scales from its tiles."""

STEP = 2
"""How many zooms later each level begins than the one above."""

SHOWN = ("id", "code", "parent")
"""What a tile tells of a division besides its names."""


def write_tiles(folder: Path, content: EditionContent) -> None:
    """Write the archives; levels without any geometry have none."""
    names = [name for name in content.columns if name.startswith("name_")]
    for level in content.levels:
        table = content.select_level(level).select([*SHOWN, *names, GEOMETRY])
        drawn = table.filter(table[GEOMETRY].is_valid())
        if not len(drawn):
            continue
        zooms = {"MINZOOM": str(min(STEP * _find_depth(content, level), DEEPEST - 1)), "MAXZOOM": str(DEEPEST)}
        path = folder / f"{level}.pmtiles"
        with steady_gdal(content):
            write_features(
                path,
                drawn,
                layer=level,
                driver="PMTiles",
                geometry_type=find_kind(content, level),
                dataset_options={"NAME": level, "TYPE": "overlay", **zooms},
            )


def _find_depth(content: EditionContent, level: str) -> int:
    """Count the levels above a level, by the usual parents."""
    found = content.register.pack.level(level)
    return 0 if found.is_top else 1 + _find_depth(content, found.parents[0])
