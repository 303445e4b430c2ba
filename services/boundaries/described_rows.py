"""Read the rows of a file that tells what a decree says of boundaries, and name the field of whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidDate, MissingColumn, Reason, because
from geo.register.calendars import parse_date
from geo.register.digits import from_digits
from geo.register.names import search_key
from geo.register.problems import Problem, Weight, shorten
from geo.register.rows import Rows
from services.files import check_file_safe
from services.layers import Layer, lay_rows, read_layer

LONGEST_TEXT = 500
MOST_BYTES = 256 * 1024**2
"""The largest file, unpacked, that is read."""
MOST_VERTICES = 1_000_000
LARGEST_ACCURACY_M = 100_000.0
SCALES = (100, 50_000_000)
"""The scales a map sheet may have, as the number after `1:`."""


class What(StrEnum):
    """Name what a file of a decree holds."""

    LINES = "lines"
    """Boundaries described by lines or by map sheets."""
    MARKERS = "markers"
    """Boundary markers."""
    PLACES = "places"
    """Places with the division the decree counts them in."""
    SHEETS = "sheets"
    """The sheets of a map series that decrees refer to."""


COLUMNS: Mapping[What, tuple[tuple[str, ...], tuple[str, ...]]] = {
    What.LINES: (("first", "source"), ("second", "accuracy_m", "series", "sheet", "edition")),
    What.MARKERS: (("number", "first", "accuracy_m", "source"), ("second", "monument", "surveyed_on")),
    What.PLACES: (("place", "division"), ()),
    What.SHEETS: (("series", "sheet", "scale"), ("edition",)),
}
"""The columns a file must and may have."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "first": ("first", "واحد نخست", "واحد اول"),
    "second": ("second", "واحد دوم"),
    "source": ("source", "منبع"),
    "accuracy_m": ("accuracy_m", "accuracy", "دقت"),
    "series": ("series", "سری نقشه"),
    "sheet": ("sheet", "برگ نقشه", "برگ"),
    "edition": ("edition", "ویرایش"),
    "scale": ("scale", "مقیاس"),
    "number": ("number", "شماره"),
    "monument": ("monument", "گونه علامت"),
    "surveyed_on": ("surveyed_on", "تاریخ برداشت"),
    "place": ("place", "آبادی"),
    "division": ("division", "واحد"),
    "lon": ("lon", "longitude", "x", "طول"),
    "lat": ("lat", "latitude", "y", "عرض"),
    "wkt": ("wkt",),
}
"""By which words files call their columns."""


@dataclass(frozen=True)
class DescribedRow:
    """Hold one row that can be kept."""

    number: int
    """Its place in the file, from 1."""
    values: Mapping[str, Any]
    """What it says, by field; divisions are still words."""
    geometry: BaseGeometry | None = None
    """Where it is, EPSG:4326."""


@dataclass
class DescribedFile:
    """Hold what a file says, and what is wrong with it."""

    name: str
    """The file."""
    total: int
    """Its rows."""
    rows: list[DescribedRow] = field(default_factory=list)
    """Those that can be kept."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the others."""

    def refuse(self, row: int, name: str, reason: Reason, value: object = "") -> None:
        """Note why a row is not taken."""
        self.problems.append(Problem(self.name, row, name, reason.key, Weight.REFUSED, reason, shorten(value)))


class _Wrong(ValueError):
    """Carry what is wrong with a cell."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


def read_described(path: Any, what: What, *, layer: str | None = None) -> DescribedFile:  # noqa: ANN401 - any path
    """Read the rows of a file; raises FileRefused, WrongCrs or MissingColumn."""
    found = read_layer(check_file_safe(path, most_bytes=MOST_BYTES), layer)
    columns = _find_columns(found.columns, what)
    places = {name: column for name, column in columns.items() if name in ("lon", "lat", "wkt")}
    rows = _lay(found, places) if what in CHECKS else _list_plain(found)
    texts = {name: rows.read_texts(column) for name, column in columns.items() if name not in places}
    told = DescribedFile(found.name, len(rows))
    for index, number in enumerate(rows.numbers):
        cells = {name: values[index] for name, values in texts.items()}
        shape = None if rows.shapes is None else rows.shapes[index]
        if index in rows.unreadable:
            told.refuse(number, "geometry", because("described_geometry_unreadable", detail=rows.unreadable[index]))
        else:
            _read_row(told, number, what, cells, shape)
    return told


def _lay(layer: Layer, places: Mapping[str, str]) -> Rows:
    """Lay rows onto the globe; in a table without any geometry none has one."""
    return lay_rows(layer, columns=places) if layer.shapes is not None or places else _list_plain(layer)


def _list_plain(layer: Layer) -> Rows:
    numbers = layer.numbers or range(1, len(layer) + 1)
    return Rows(numbers, dict(zip(layer.columns, layer.table, strict=True)))


def _find_columns(columns: tuple[str, ...], what: What) -> dict[str, str]:
    """Find the column of each field; raises MissingColumn for one that must be there."""
    keys = {search_key(column): column for column in reversed(columns)}
    needed, taken = COLUMNS[what]
    found = {}
    for name in (*needed, *taken, "lon", "lat", "wkt"):
        column = next((keys[search_key(word)] for word in WORDS[name] if search_key(word) in keys), None)
        if column is not None:
            found[name] = column
        elif name in needed:
            raise MissingColumn(field=name, columns=columns)
    return found


def _read_row(
    told: DescribedFile, number: int, what: What, cells: Mapping[str, str], shape: BaseGeometry | None
) -> None:
    values: dict[str, Any] = {}
    wrong = False
    needed, taken = COLUMNS[what]
    for name in (*needed, *taken):
        text = cells.get(name, "")
        try:
            values[name] = _read_cell(name, text, is_needed=name in needed)
        except _Wrong as error:
            told.refuse(number, name, error.reason, text)
            wrong = True
    geometry = None
    if what in CHECKS:
        try:
            geometry = CHECKS[what](shape, values)
        except _Wrong as error:
            told.refuse(number, "geometry", error.reason, "" if shape is None else shape.geom_type)
            wrong = True
    if not wrong:
        told.rows.append(DescribedRow(number, values, geometry))


def _read_cell(name: str, text: str, *, is_needed: bool) -> Any:  # noqa: ANN401 - a text, a number, a date or nothing
    if not text:
        if is_needed:
            raise _Wrong(because("described_empty"))
        return None
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise _Wrong(because("change_wants_text", most=LONGEST_TEXT))
    return PARSERS.get(name, str)(text)


def _parse_accuracy(text: str) -> float:
    plain = from_digits(text).replace("٫", ".")
    if not re.fullmatch(r"\+?[0-9]{1,9}(\.[0-9]{0,9})?", plain) or not 0 < float(plain) <= LARGEST_ACCURACY_M:
        raise _Wrong(because("described_accuracy", most=LARGEST_ACCURACY_M))
    return float(plain)


def _parse_scale(text: str) -> int:
    plain = re.sub(r"[\s,٬]", "", from_digits(text)).removeprefix("1:").removesuffix(".0")
    if not re.fullmatch("[0-9]{1,9}", plain) or not SCALES[0] <= int(plain) <= SCALES[1]:
        raise _Wrong(because("described_scale", least=SCALES[0], most=SCALES[1]))
    return int(plain)


def _parse_day(text: str) -> Any:  # noqa: ANN401 - a date
    try:
        return parse_date(text)
    except InvalidDate as error:
        reason = error.params["reason"]
        raise _Wrong(reason if isinstance(reason, Reason) else because("described_empty")) from error


def _parse_code(text: str) -> str:
    return from_digits(text)


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "accuracy_m": _parse_accuracy,
    "scale": _parse_scale,
    "surveyed_on": _parse_day,
    **dict.fromkeys(("first", "second", "place", "division"), _parse_code),
}


def _check_line(shape: BaseGeometry | None, values: Mapping[str, Any]) -> BaseGeometry | None:
    """Take a line, or nothing where a map sheet says where the boundary is."""
    if shape is None or shape.is_empty:
        if not values.get("series") or not values.get("sheet"):
            raise _Wrong(because("described_nothing"))
        return None
    _check_place(shape, ("LineString", "MultiLineString"))
    if values.get("accuracy_m", 0.0) is None and not (values.get("series") and values.get("sheet")):
        raise _Wrong(because("described_no_accuracy"))
    parts = shapely.get_parts(shapely.force_2d(shape))
    if not (shapely.length(parts) > 0).all():
        raise _Wrong(because("described_no_length"))
    return shapely.MultiLineString(parts.tolist())


def _check_marker(shape: BaseGeometry | None, values: Mapping[str, Any]) -> BaseGeometry | None:
    if shape is None or shape.is_empty:
        raise _Wrong(because("described_no_point"))
    _check_place(shape, ("Point",))
    return shapely.force_2d(shape)


def _check_place(shape: BaseGeometry, kinds: tuple[str, ...]) -> None:
    if shape.geom_type not in kinds or shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise _Wrong(because("described_wants_geometry", kinds=kinds))
    # comparing this way round refuses what is not a number as well
    if not (np.abs(shapely.get_coordinates(shape)) <= [180, 90]).all():
        raise _Wrong(because("ground_off_globe"))


CHECKS: Mapping[What, Callable[[BaseGeometry | None, Mapping[str, Any]], BaseGeometry | None]] = {
    What.LINES: _check_line,
    What.MARKERS: _check_marker,
}
