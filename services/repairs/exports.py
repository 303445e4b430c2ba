"""Write the lines of a proposal as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from services.atomic import replace_when_whole
from services.messages import say
from services.queries import RegisterState
from services.repairs.records import RepairLine, get_proposal, list_lines

KINDS = {"geojson": "application/geo+json", "csv": "text/csv; charset=utf-8"}
"""The formats of an answer over HTTP, with their media types."""

ENDINGS = (".geojson", ".csv", ".gpkg")
"""The formats of a file."""

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text as a formula."""


def export_lines(session: Session, register: RegisterState, key: int, kind: str, *, language: str) -> str:
    """Write every line of a proposal, mended and left, as GeoJSON or CSV."""
    lines = list_lines(session, register, get_proposal(session, register, key))
    return _write_csv(lines, language) if kind == "csv" else _write_geojson(lines, language)


def export_to_file(session: Session, register: RegisterState, key: int, path: Path, *, language: str) -> int:
    """Write every line of a proposal to a file whose ending names the format, whole or not at all; count the lines."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InvalidValue(field="out", value=str(path), reason=because("repairs_ending", known=ENDINGS))
    lines = list_lines(session, register, get_proposal(session, register, key))
    with replace_when_whole(path) as draft:
        if ending == ".gpkg":
            _write_gpkg(lines, draft, language)
        else:
            text = _write_csv(lines, language) if ending == ".csv" else _write_geojson(lines, language)
            draft.write_text(text, encoding="utf-8-sig" if ending == ".csv" else "utf-8", newline="")
    return len(lines)


def _list_values(line: RepairLine, language: str) -> dict[str, Any]:
    """Give what a line says, without its ground."""
    codes = {one.id: one.code for one in line.divisions}
    reason = "" if line.reason is None else say("plain.reason", language, reason=line.reason)
    return {
        "number": line.number,
        "fingerprint": line.fingerprint,
        "kind": line.kind,
        "divisions": " ".join(one.code for one in line.divisions),
        "repair": line.way or "",
        "goes_to": " ".join(codes.get(key, "") for key in line.takers),
        "area_m2": line.area_m2,
        "displacement_m": line.displacement_m,
        "accepted": line.accepted,
        "left_because": reason,
    }


def _write_csv(lines: Sequence[RepairLine], language: str) -> str:
    text = io.StringIO()
    columns = (*FIELDS, "lon", "lat")
    writer = csv.DictWriter(text, fieldnames=columns)
    writer.writeheader()
    for line in lines:
        point = None if line.geometry is None else shapely.point_on_surface(line.geometry)
        spot = {"lon": None, "lat": None} if point is None else {"lon": round(point.x, 9), "lat": round(point.y, 9)}
        writer.writerow({name: _disarm(value) for name, value in {**_list_values(line, language), **spot}.items()})
    return text.getvalue()


def _disarm(value: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_MARKS) else value


def _write_geojson(lines: Sequence[RepairLine], language: str) -> str:
    features = [_write_feature(line, _list_values(line, language)) for line in lines]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _write_feature(line: RepairLine, values: Mapping[str, Any]) -> dict[str, Any]:
    # to the last digit: slivers are narrower than what is usual for exchange
    shape = None if line.geometry is None else json.loads(shapely.to_geojson(shapely.orient_polygons(line.geometry)))
    return {"type": "Feature", "id": line.number, "geometry": shape, "properties": dict(values)}


FIELDS: Mapping[str, str] = {
    **{"number": "int64", "fingerprint": "object", "kind": "object", "divisions": "object", "repair": "object"},
    **{"goes_to": "object", "area_m2": "float64", "displacement_m": "float64", "accepted": "bool"},
    "left_because": "object",
}
"""The columns of a file with their types."""


def _write_gpkg(lines: Sequence[RepairLine], draft: Path, language: str) -> None:
    rows = [_list_values(line, language) for line in lines]
    pyogrio.raw.write(
        str(draft),
        geometry=shapely.to_wkb(np.array([line.geometry for line in lines], dtype=object)),
        field_data=[np.array([row[name] for row in rows], dtype=kind) for name, kind in FIELDS.items()],
        fields=list(FIELDS),
        geometry_type="Unknown",
        crs="EPSG:4326",
        driver="GPKG",
        layer="repairs",
    )
