"""Write an edition as a GeoPackage that opens in a desktop program with names on the map."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geo.errors import UnreadableFile, because
from services.register.publication.content import GEOMETRY, EditionContent
from services.register.publication.styles import write_style

MOMENT = "T00:00:00.000Z"
"""The time of day of every time in the file, so that equal content makes equal bytes."""

GROUND = "geom"
"""The column of the boundary in the file."""

ONE_AT_A_TIME = Lock()
"""GDAL keeps its options for the whole process."""

STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
"""The table in which QGIS looks for the style of a layer."""


def write_geopackage(path: Path, content: EditionContent) -> None:
    """Write a layer for each level, named by its key and titled in the country's language, with labels."""
    with steady_gdal(content):
        for number, level in enumerate(content.levels):
            _write_layer(path, content, level, append=number > 0)
    with closing(sqlite3.connect(path)) as database:
        with database:
            _write_styles(database, content)
        database.execute("vacuum")


@contextmanager
def steady_gdal(content: EditionContent) -> Iterator[None]:
    """Let GDAL write the same bytes on every run: with the edition's date for a clock, on one thread."""
    options = {"OGR_CURRENT_DATE": content.day.isoformat() + MOMENT, "GDAL_NUM_THREADS": "1"}
    with ONE_AT_A_TIME:
        pyogrio.set_gdal_config_options(options)
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(dict.fromkeys(options))


def write_features(path: Path, table: pa.Table, **options: Any) -> None:  # noqa: ANN401 - what GDAL is told
    """Write a table with GDAL; what it has against it is told as UnreadableFile."""
    try:
        pyogrio.write_arrow(table, path, geometry_name=GEOMETRY, crs="EPSG:4326", **options)
    except (DataLayerError, DataSourceError, RuntimeError) as error:
        raise UnreadableFile(path=path.name, reason=because("gdal_says", detail=str(error)[:300])) from error


def find_kind(content: EditionContent, level: str) -> str:
    """Name the kind of geometry of a level."""
    return "Point" if content.register.pack.level(level).is_place else "MultiPolygon"


def _write_layer(path: Path, content: EditionContent, level: str, *, append: bool) -> None:
    names = content.register.pack.level(level).names
    language = content.register.pack.languages[0]
    write_features(
        path,
        content.select_level(level),
        layer=level,
        driver="GPKG",
        geometry_type=find_kind(content, level),
        append=append,
        # titles are unique in the file, which names of levels need not be
        layer_options={"IDENTIFIER": f"{names.choose(language)} ({level})", "GEOMETRY_NAME": GROUND},
        # what the file holds needs no later version, and programs warn of those they do not know
        dataset_options=None if append else {"VERSION": "1.2"},
    )


def _write_styles(database: sqlite3.Connection, content: EditionContent) -> None:
    moment = content.day.isoformat() + MOMENT
    database.execute(STYLES)
    database.execute(
        "insert into gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
        " values ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
        [moment],
    )
    field = "name_" + content.register.pack.languages[0].replace("-", "_")
    database.executemany(
        "insert into layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, update_time)"
        " values ('', '', ?, ?, ?, ?, '', 1, '', '', ?)",
        [(level, GROUND, level, write_style(content, level, field), moment) for level in content.levels],
    )
