"""Write an edition as GeoParquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import shapely

from services.register.publication.content import GEOMETRY, EditionContent

VERSION = "1.1.0"
"""The version of GeoParquet."""


def write_parquet(path: Path, content: EditionContent) -> None:
    """Write all levels as one table; without a named system, GeoParquet means longitude and latitude on WGS 84."""
    table = content.table
    meta = {b"geo": json.dumps(_describe(content), sort_keys=True).encode()}
    pq.write_table(table.replace_schema_metadata(meta), path, compression="zstd", version="2.6")


def _describe(content: EditionContent) -> dict[str, Any]:
    shapes = shapely.from_wkb([wkb for wkb in content.table[GEOMETRY].to_pylist() if wkb is not None])
    kinds = sorted({shape.geom_type for shape in shapes})
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": kinds}
    if len(shapes):
        column["bbox"] = shapely.total_bounds(shapes).tolist()
    return {"version": VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
