"""Read vector layers through GDAL, whole."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import UnreadableFile, WrongCrs, because
from services.files import SafeFile
from services.layers.layer import Layer
from services.layers.texts import guess_dbf

SINGLE = (".shp", ".geojson", ".geojsonl", ".fgb")
"""Endings of files that have one layer."""

MOST_TABLE_BYTES = 64 * 1024**2
"""How much of a table of texts is looked at to guess its encoding."""

GDAL_ERRORS = (RuntimeError, ValueError, LookupError, MemoryError)
"""What the reader raises over files that it cannot read; its own errors are kinds of RuntimeError."""


def read_vector(file: SafeFile, layer: str | None) -> Layer:
    """Read one layer; a file with several needs its name."""
    name = layer or _find_layer(file)
    encoding = _guess_encoding(file)
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            meta, _, wkb, fields = pyogrio.raw.read(file.gdal_path, layer=name, encoding=encoding)
    except GDAL_ERRORS as error:
        raise _refuse(file, error) from error
    notes = [because("encoding_guessed", encoding=encoding)] if encoding else []
    notes += [because("gdal_warns", detail=detail) for detail in sorted({str(one.message) for one in said})]
    columns = tuple(str(column) for column in meta["fields"])
    shapes, broken = (None, {}) if wkb is None else read_wkb(wkb)
    table = [field.tolist() for field in fields]
    title = _title(file, meta.get("layer_name") or name)
    return Layer(title, columns, table, shapes, _find_crs(file, meta), tuple(notes), unreadable=broken)


def _refuse(file: SafeFile, error: BaseException) -> UnreadableFile:
    return UnreadableFile(
        path=file.name, reason=because("gdal_says", detail=str(error).replace(str(file.path), file.name))
    )


def _find_layer(file: SafeFile) -> str | None:
    if file.ending in SINGLE:
        return None
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(file.gdal_path)]
    except GDAL_ERRORS as error:
        raise _refuse(file, error) from error
    if len(layers) != 1:
        raise UnreadableFile(path=file.name, reason=because("layers_many", layers=tuple(layers)))
    return layers[0]


def _title(file: SafeFile, layer: str | None) -> str:
    stem = Path(file.member or file.name).stem
    return file.name if layer is None or layer == stem or file.ending in SINGLE else f"{file.name}:{layer}"


def _guess_encoding(file: SafeFile) -> str | None:
    """Guess the encoding of a shapefile's texts that neither it nor a companion says."""
    if file.ending != ".shp":
        return None
    data, is_said = _read_zipped_table(file) if file.member else _read_table(file.path)
    return None if is_said else guess_dbf(data)


def _read_table(path: Path) -> tuple[bytes, bool]:
    companions = {found.suffix.lower(): found for found in path.parent.glob(f"{_escape(path.stem)}.*")}
    if ".dbf" not in companions or ".cpg" in companions:
        return b"", True
    with companions[".dbf"].open("rb") as file:
        return file.read(MOST_TABLE_BYTES), False


def _escape(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _read_zipped_table(file: SafeFile) -> tuple[bytes, bool]:
    stem = str(file.member)[:-4].lower()
    with zipfile.ZipFile(file.path) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        if f"{stem}.dbf" not in names or f"{stem}.cpg" in names:
            return b"", True
        with archive.open(names[f"{stem}.dbf"]) as table:
            return table.read(MOST_TABLE_BYTES), False


def read_wkb(bodies: NDArray[np.object_]) -> tuple[NDArray[np.object_], dict[int, str]]:
    """Read geometries, and say what is wrong with those that are none."""
    shapes = np.asarray(shapely.from_wkb(bodies, on_invalid="ignore"), dtype=object)
    lost = np.flatnonzero(shapely.is_missing(shapes)).tolist()
    return shapes, {index: _explain(bodies[index]) for index in lost if bodies[index] is not None}


def _explain(body: bytes) -> str:
    try:
        shapely.from_wkb(body)
    except shapely.errors.GEOSException as error:
        return str(error)
    return ""


def _find_crs(file: SafeFile, meta: dict[str, Any]) -> CRS | None:
    if meta.get("crs") is None:
        return None
    try:
        return CRS.from_user_input(meta["crs"])
    except CRSError as error:
        raise WrongCrs(path=file.name, reason=because("crs_unknown", crs=meta["crs"])) from error
