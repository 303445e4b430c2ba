"""Write divisions to a file, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import fiona
import shapely
from fiona.errors import DriverError, SchemaError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import UnreadableFile, because
from geo.register.divisions import Division
from services.atomic import replace_when_whole
from services.queries import RegisterState, count_people, holds_on, select_divisions, to_division
from services.tables.register import Boundary, Position, Standing

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile"}


@dataclass(frozen=True)
class ExportReport:
    """Say what was written."""

    path: str
    """The file."""
    rows: int
    """How many divisions it holds."""


def export_level(session: Session, register: RegisterState, out: Path, *, level: str | None, day: date) -> ExportReport:
    """Write the divisions of a level (or of all levels) as they stand on `day`.

    The ending of the file chooses the format: GeoPackage, GeoJSON, FlatGeobuf, zipped or plain Shapefile, CSV.
    Raises UnknownLevel, and UnreadableFile for an ending that is not written.
    """
    if level is not None:
        register.pack.level(level)
    divisions = _list_divisions(session, register, day, level)
    ending = out.suffix.lower()
    with replace_when_whole(out) as path:
        if ending == ".csv":
            _write_csv(path, register, divisions)
        elif ending in DRIVERS:
            _write_vector(path, register, divisions, DRIVERS[ending], _load_shapes(session, register, day))
        else:
            raise UnreadableFile(path=out.name, reason=because("file_ending", known=(*DRIVERS, ".csv")))
    return ExportReport(str(out), len(divisions))


def _list_divisions(session: Session, register: RegisterState, day: date, level: str | None) -> list[dict[str, object]]:
    query = select_divisions(register, day)
    if level is not None:
        query = query.where(Standing.level == level)
    people = count_people(session, register, day)
    every = {row.division_id: to_division(row) for row in session.execute(select_divisions(register, day))}
    chosen = [every[row.division_id] for row in session.execute(query)]
    rank = {level.key: level.rank for level in register.pack.levels}
    chosen.sort(key=lambda division: (rank[division.level], division.code))
    return [_to_record(register, division, every, people=people.get(division.id)) for division in chosen]


def _to_record(
    register: RegisterState, division: Division, every: dict[int, Division], *, people: int | None
) -> dict[str, object]:
    parent = every[division.parent_id].code if division.parent_id else None
    names = {f"name_{language.replace('-', '_')}": division.names.get(language) for language in _languages(register)}
    return {
        "id": division.id,
        "level": division.level,
        "code": division.code,
        "scheme": division.scheme,
        "parent_code": parent,
        **names,
        "area_m2": division.area_m2,
        "people": people,
    }


def _languages(register: RegisterState) -> tuple[str, ...]:
    return register.pack.languages


def _load_shapes(session: Session, register: RegisterState, day: date) -> dict[int, shapely.Geometry]:
    shapes: dict[int, shapely.Geometry] = {}
    for table in (Position, Boundary):
        rows = session.execute(select(table.division_id, func.ST_AsBinary(table.geom)).where(holds_on(table, day)))
        shapes.update((division, shapely.from_wkb(bytes(wkb))) for division, wkb in rows)
    return shapes


def _write_csv(path: Path, register: RegisterState, records: Sequence[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(_schema(register)))
        writer.writeheader()
        writer.writerows({name: _disarm(value) for name, value in record.items()} for record in records)


def _disarm(value: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _write_vector(
    path: Path,
    register: RegisterState,
    records: Sequence[dict[str, object]],
    driver: str,
    shapes: dict[int, shapely.Geometry],
) -> None:
    schema = {"geometry": "Unknown", "properties": _schema(register)}
    options = {"encoding": "UTF-8"} if driver == "ESRI Shapefile" else {}
    try:
        with fiona.open(path, "w", driver=driver, crs="EPSG:4326", schema=schema, **options) as sink:
            sink.writerecords(_to_features(records, shapes))
    except (DriverError, SchemaError) as error:
        raise UnreadableFile(path=path.name, reason=because("gdal_says", detail=str(error))) from error


def _to_features(
    records: Sequence[dict[str, object]], shapes: dict[int, shapely.Geometry]
) -> Iterator[dict[str, object]]:
    for record in records:
        shape = shapes.get(int(str(record["id"])))
        yield {
            "type": "Feature",
            "properties": record,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }


def _schema(register: RegisterState) -> dict[str, str]:
    names = {f"name_{language.replace('-', '_')}": "str" for language in _languages(register)}
    return {
        "id": "int64",
        "level": "str",
        "code": "str",
        "scheme": "str",
        "parent_code": "str",
        **names,
        "area_m2": "float",
        "people": "int64",
    }
