"""Bring the rows of a layer onto the globe: geometry in EPSG:4326, from its geometries or its coordinate columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.errors import MissingColumn, WrongCrs, because
from geo.register.digits import from_digits
from geo.register.rows import Rows
from services.layers.layer import Layer

LONLAT = CRS.from_epsg(4326)


def lay_rows(layer: Layer, *, columns: Mapping[str, str], crs: str | None = None) -> Rows:
    """Give the rows of a layer with their geometry in EPSG:4326; `columns` says which hold `lon`, `lat` or `wkt`."""
    if layer.shapes is None:
        layer = _read_columns(layer, columns)
        # coordinates in columns are longitude and latitude unless somebody says otherwise
        crs = crs or "EPSG:4326"
    numbers = layer.numbers or range(1, len(layer) + 1)
    table = dict(zip(layer.columns, layer.table, strict=True))
    high = 0 if layer.shapes is None else (shapely.has_z(layer.shapes) | shapely.has_m(layer.shapes)).sum()
    return Rows(numbers, table, to_lonlat(layer, crs=crs), layer.unreadable, int(high))


def to_lonlat(layer: Layer, *, crs: str | None = None) -> NDArray[np.object_] | None:
    """Give the geometries in EPSG:4326; `crs` speaks for a layer that names no system.

    Raises WrongCrs when neither the file nor the caller names one, or when both do and differ.
    """
    if layer.shapes is None:
        return None
    own = _settle_crs(layer, crs)
    if own.equals(LONLAT, ignore_axis_order=True):
        return layer.shapes
    try:
        move = Transformer.from_crs(own, LONLAT, always_xy=True).transform
    except ProjError as error:
        raise WrongCrs(path=layer.name, reason=because("crs_unknown", crs=own.name)) from error
    return np.asarray(shapely.transform(layer.shapes, lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1]))))


def _settle_crs(layer: Layer, crs: str | None) -> CRS:
    declared = _parse_crs(layer, crs) if crs else None
    if layer.crs is not None and declared is not None and not layer.crs.equals(declared, ignore_axis_order=True):
        raise WrongCrs(path=layer.name, reason=because("crs_differs", found=layer.crs.to_string(), declared=crs))
    own = layer.crs or declared
    if own is None:
        raise WrongCrs(path=layer.name, reason=because("crs_missing"))
    return own


def _parse_crs(layer: Layer, crs: str) -> CRS:
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        raise WrongCrs(path=layer.name, reason=because("crs_unknown", crs=crs)) from error


def _read_columns(layer: Layer, columns: Mapping[str, str]) -> Layer:
    """Draw the geometries that columns tell, if some do."""
    if "wkt" in columns:
        return _read_wkt(layer, [str(value or "").strip() or None for value in layer.column(columns["wkt"])])
    if "lon" not in columns and "lat" not in columns:
        return layer
    for name in ("lon", "lat"):
        if name not in columns:
            raise MissingColumn(field=name, columns=layer.columns)
    lon, lat = (_to_numbers(layer.column(columns[name])) for name in ("lon", "lat"))
    points = np.full(len(layer), None, dtype=object)
    known = ~(np.isnan(lon) & np.isnan(lat))
    points[known] = shapely.points(lon[known], lat[known])
    return replace(layer, shapes=points)


def _read_wkt(layer: Layer, texts: Sequence[str | None]) -> Layer:
    # numbers that are none are told later, row by row
    with np.errstate(invalid="ignore"):
        shapes = np.asarray(shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore"), dtype=object)
    lost = [index for index in np.flatnonzero(shapely.is_missing(shapes)).tolist() if texts[index]]
    return replace(layer, shapes=shapes, unreadable={index: _explain(str(texts[index])) for index in lost})


def _explain(text: str) -> str:
    try:
        shapely.from_wkt(text)
    except shapely.errors.GEOSException as error:
        return str(error)[:200]
    return ""


def _to_numbers(values: Sequence[object]) -> NDArray[np.float64]:
    """Read numbers; what is empty is not a number, and what cannot be read is infinite, to be refused later."""
    return np.array([_to_number(value) for value in values], dtype=float)


def _to_number(value: object) -> float:
    if value is None or value == "" or value != value:
        return float("nan")
    text = from_digits(str(value)).strip().replace("٫", ".")
    return float(text) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?", text) else float("inf")
