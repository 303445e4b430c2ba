"""Write divisions to a file, whole or not at all."""

from __future__ import annotations

import csv
import errno
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import fiona
import shapely
from fiona._err import CPLE_BaseError
from fiona.errors import FionaError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import UnreadableFile, because
from geo.register.divisions import Division
from services.atomic import replace_when_whole
from services.queries import RegisterState, count_people, holds_on, select_divisions, to_division
from services.tables.register import Boundary, Position, Standing
from services.tables.register import Division as Record

DRIVERS = {".gpkg": "GPKG", ".fgb": "FlatGeobuf"}
"""The formats that GDAL writes as one file, by ending."""

ENDINGS = (*DRIVERS, ".geojson", ".zip", ".csv")
"""All endings; the many files of a shapefile come as one, zipped."""

OPTIONS: Mapping[str, Mapping[str, object]] = {
    # an index cannot hold divisions without a boundary
    "FlatGeobuf": {"SPATIAL_INDEX": "NO"},
    "ESRI Shapefile": {"encoding": "UTF-8"},
}
"""What each driver is told beyond the schema."""

LEAST_ROOM_BYTES = 256 * 1024
"""With less room than this left, a failed write is taken for a full disk."""

LONGEST_DETAIL = 300
"""Letters of what a driver says that are repeated; it may name whole boundaries."""

KINDS = {0: "Point", 6: "MultiPolygon"}
"""The kinds of geometry the store has, by the number the library knows them by."""

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text as a formula."""


@dataclass(frozen=True)
class ExportReport:
    """Say what was written."""

    path: str
    """The file."""
    rows: int
    """How many divisions it holds."""


@dataclass(frozen=True)
class Sheet:
    """Hold what is to be written."""

    schema: Mapping[str, str]
    """The columns and their types."""
    records: Sequence[Mapping[str, object]]
    """The divisions, parents before children."""
    shapes: Mapping[int, shapely.Geometry]
    """The boundary, or else the point, by division."""


def export_level(session: Session, register: RegisterState, out: Path, *, level: str | None, day: date) -> ExportReport:
    """Write the divisions of a level (or of all levels) as they stand on `day`.

    The ending of the file chooses the format: GeoPackage, GeoJSON, FlatGeobuf, zipped Shapefile or CSV. Raises
    UnknownLevel, and UnreadableFile for an ending that is not written.
    """
    if level is not None:
        register.pack.level(level)
    write = _choose_writer(out)
    records = _list_records(session, register, day, level)
    has_shapes = out.suffix.lower() != ".csv"
    shapes = _load_shapes(session, register, day, level) if has_shapes else {}
    sheet = Sheet(_make_schema(register), records, shapes)
    with replace_when_whole(out) as path:
        write(path, sheet)
    return ExportReport(str(out), len(records))


def _choose_writer(out: Path) -> Callable[[Path, Sheet], None]:
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise UnreadableFile(path=out.name, reason=because("file_ending", known=ENDINGS))
    return {".csv": _write_csv, ".zip": _write_zip, ".geojson": _write_geojson}.get(ending, _write_vector)


def _list_records(
    session: Session, register: RegisterState, day: date, level: str | None
) -> list[Mapping[str, object]]:
    people = count_people(session, register, day)
    every = {row.division_id: to_division(row) for row in session.execute(select_divisions(register, day))}
    chosen = [division for division in every.values() if level in (None, division.level)]
    rank = {one.key: one.rank for one in register.pack.levels}
    chosen.sort(key=lambda division: (rank[division.level], division.code, division.id))
    return [_to_record(register, division, every, people=people.get(division.id)) for division in chosen]


def _to_record(
    register: RegisterState, division: Division, every: Mapping[int, Division], *, people: int | None
) -> dict[str, object]:
    above = every.get(division.parent_id or 0)
    return {
        "id": division.id,
        "level": division.level,
        "code": division.code,
        "scheme": division.scheme,
        "parent": above.code if above else None,
        **{_name_column(language): division.names.get(language) for language in register.pack.languages},
        "area_m2": division.area_m2,
        "people_sum": people,
    }


def _name_column(language: str) -> str:
    return f"name_{language.replace('-', '_')}"


def _make_schema(register: RegisterState) -> dict[str, str]:
    texts = ("level", "code", "scheme", "parent", *map(_name_column, register.pack.languages))
    return {"id": "int64", **dict.fromkeys(texts, "str"), "area_m2": "float", "people_sum": "int64"}


def _load_shapes(
    session: Session, register: RegisterState, day: date, level: str | None
) -> dict[int, shapely.Geometry]:
    """Load the boundary of each division, or else its point."""
    shapes: dict[int, shapely.Geometry] = {}
    tables: tuple[Any, ...] = (Position, Boundary)
    for table in tables:
        query = select(table.division_id, func.ST_AsBinary(table.geom)).join(Record, Record.id == table.division_id)
        query = query.where(Record.register_id == register.id, holds_on(table, day))
        if level is not None:
            query = query.join(Standing, Standing.division_id == Record.id)
            query = query.where(Standing.level == level, holds_on(Standing, day))
        shapes.update((division, shapely.from_wkb(bytes(wkb))) for division, wkb in session.execute(query))
    return shapes


def _write_csv(path: Path, sheet: Sheet) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(sheet.schema))
        writer.writeheader()
        writer.writerows({name: _disarm(value) for name, value in record.items()} for record in sheet.records)


def _disarm(value: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_MARKS) else value


def _write_geojson(path: Path, sheet: Sheet) -> None:
    """Write RFC 7946 with the coordinates of the store: GDAL rounds them in a way that drops vertices."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number, record in enumerate(sheet.records):
            file.write((",\n" if number else "\n") + _to_geojson(record, sheet.shapes.get(_key(record))))
        file.write("\n]}\n")


def _to_geojson(record: Mapping[str, object], shape: shapely.Geometry | None) -> str:
    drawn = "null" if shape is None else shapely.to_geojson(shapely.orient_polygons(shape))
    told = json.dumps(record, ensure_ascii=False)
    return f'{{"type": "Feature", "id": {_key(record)}, "properties": {told}, "geometry": {drawn}}}'


def _write_vector(path: Path, sheet: Sheet) -> None:
    _write_features(path, sheet, DRIVERS[path.suffix.lower()])


def _write_zip(path: Path, sheet: Sheet) -> None:
    """Write a shapefile and pack its files; their times are fixed, so that equal divisions make equal bytes."""
    with tempfile.TemporaryDirectory(dir=path.parent) as room:
        _write_features(Path(room) / f"{path.stem}.shp", sheet, "ESRI Shapefile")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(room).iterdir()):
                info = zipfile.ZipInfo(part.name)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, part.read_bytes())


def _write_features(path: Path, sheet: Sheet, driver: str) -> None:
    schema = {"geometry": _choose_kind(path, sheet, driver), "properties": dict(sheet.schema)}
    try:
        with fiona.open(path, "w", driver=driver, crs="EPSG:4326", schema=schema, **OPTIONS.get(driver, {})) as sink:
            sink.writerecords(_to_features(sheet))
        with fiona.open(path) as written:
            rows = len(written)
    except (FionaError, CPLE_BaseError, RuntimeError) as error:
        raise _explain(path, error) from error
    if rows != len(sheet.records):
        raise UnreadableFile(path=path.name, reason=because("export_short", found=rows, needed=len(sheet.records)))


def _explain(path: Path, error: Exception) -> Exception:
    """Tell a full disk, of which GDAL speaks in many ways and sometimes first of something else."""
    is_full = any("disk is full" in str(one) for one in (error, error.__context__))
    if is_full or shutil.disk_usage(path.parent).free < LEAST_ROOM_BYTES:
        return OSError(errno.ENOSPC, str(error))
    return UnreadableFile(path=path.name, reason=because("gdal_says", detail=str(error)[:LONGEST_DETAIL]))


def _choose_kind(path: Path, sheet: Sheet, driver: str) -> str:
    """Choose the kind of geometry; a shapefile has one only."""
    shapes = [sheet.shapes[key] for record in sheet.records if (key := _key(record)) in sheet.shapes]
    kinds = {KINDS[kind] for kind in set(shapely.get_type_id(shapes).tolist())}
    if driver != "ESRI Shapefile":
        return "Unknown" if len(kinds) > 1 else next(iter(kinds), "Unknown")
    if len(kinds) > 1:
        raise UnreadableFile(path=path.name, reason=because("shapefile_mixed"))
    return "Point" if kinds == {"Point"} else "Polygon"


def _key(record: Mapping[str, object]) -> int:
    return int(str(record["id"]))


def _to_features(sheet: Sheet) -> Iterator[dict[str, object]]:
    for record in sheet.records:
        shape = sheet.shapes.get(_key(record))
        drawn = None if shape is None else shape.__geo_interface__  # type: ignore[attr-defined]
        yield {"type": "Feature", "properties": record, "geometry": drawn}
