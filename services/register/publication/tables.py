"""Write an edition as a table of texts and as GeoJSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import shapely

from services.register.publication.content import GEOMETRY, EditionContent

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text as a formula."""


def write_csv(path: Path, content: EditionContent) -> None:
    """Write the divisions without their boundaries; UTF-8 with the mark by which spreadsheets know it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=content.columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({name: _disarm(value) for name, value in row.items()} for row in content.list_rows())


def _disarm(value: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_MARKS) else value


def write_geojson(path: Path, content: EditionContent) -> None:
    """Write RFC 7946 with the coordinates of the store, a feature a line."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number, row in enumerate(content.list_rows()):
            file.write((",\n" if number else "\n") + _to_feature(row))
        file.write("\n]}\n")


def _to_feature(row: dict[str, Any]) -> str:
    wkb = row.pop(GEOMETRY)
    drawn = "null" if wkb is None else shapely.to_geojson(shapely.orient_polygons(shapely.from_wkb(wkb)))
    told = json.dumps(row, ensure_ascii=False, default=str)
    return f'{{"type": "Feature", "id": {row["id"]}, "properties": {told}, "geometry": {drawn}}}'
