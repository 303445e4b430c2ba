"""Write the findings of a run as a layer for maps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.errors import FolderUnfit, because
from services.audit_reports.content import COLUMNS, RunContent, list_rows, list_shapes
from services.register.publication.geopackage import MOMENT, ONE_AT_A_TIME

LAYER = "findings"
"""The name of the layer."""

KINDS = {"id": "int64", "places": "float64", "people": "float64", "exception": "float64"} | dict.fromkeys(
    ("area_m2", "length_m", "width_m", "lon", "lat"), "float64"
)
"""The columns that are numbers; those that may be missing are floating ones, which have a sign for it."""


def write_geopackage(path: Path, content: RunContent, language: str) -> None:
    """Write a GeoPackage of one layer, in EPSG:4326."""
    rows = list(list_rows(content, language))
    columns = [np.array(cells, dtype=KINDS.get(name, "object")) for name, cells in _turn(rows)]
    # GDAL keeps its clock for the whole process, and files of the same run are to be the same
    with ONE_AT_A_TIME:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": content.run.as_of.isoformat() + MOMENT})
        try:
            _write(path, columns, list_shapes(content))
        except (DataSourceError, DataLayerError) as error:
            reason = because("out_failed", detail=str(error)[:200])
            raise FolderUnfit(path=str(path.parent), reason=reason) from error
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _turn(rows: Sequence[tuple[object, ...]]) -> list[tuple[str, list[object]]]:
    return [(name, [row[place] for row in rows]) for place, name in enumerate(COLUMNS)]


def _write(path: Path, columns: list[np.ndarray], shapes: Sequence[object]) -> None:
    pyogrio.raw.write(
        str(path),
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=columns,
        # the key of a finding is a name of GeoPackage's own for the key of a row
        fields=["finding" if name == "id" else name for name in COLUMNS],
        geometry_type="Unknown",
        crs="EPSG:4326",
        driver="GPKG",
        layer=LAYER,
    )


def write_geojson(path: Path, content: RunContent, language: str) -> None:
    """Write features (RFC 7946), one a line."""
    pairs = zip(list_rows(content, language), list_shapes(content), strict=True)
    lines = (
        json.dumps(
            {
                "type": "Feature",
                "id": row[0],
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
                "properties": dict(zip(COLUMNS[1:], row[1:], strict=True)),
            },
            ensure_ascii=False,
        )
        for row, shape in pairs
    )
    front = {"type": "FeatureCollection", "name": LAYER}
    head = json.dumps(front)[:-1]
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{head}, "features": [\n')
        file.write(",\n".join(lines))
        file.write("\n]}\n")
