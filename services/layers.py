"""Read the layers of a file as rows: vector files through GDAL, tables as text, geometry in EPSG:4326."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import EmptyFile, MissingColumn, UnreadableFile, WrongCrs, because
from geo.register.candidates import Row
from services.files import VECTOR_ENDINGS, SafeFile

LONGEST_FIELD = 10_000_000
"""Letters of the longest field of a table, enough for a boundary written as text."""

DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Layer:
    """Hold a layer as it was read."""

    name: str
    """The name of the file, with that of its layer where it has several."""
    columns: tuple[str, ...]
    """Its columns, geometry left out."""
    table: Sequence[Sequence[object]]
    """Its values, column by column."""
    shapes: NDArray[np.object_] | None
    """Its geometries in its own system; None when it has none."""
    crs: CRS | None
    """Its reference system; None when it names none."""
    notes: tuple[Any, ...] = ()
    """What the reader had to assume, as reasons."""

    def __len__(self) -> int:
        """Count its rows."""
        return len(self.table[0]) if self.table else 0 if self.shapes is None else len(self.shapes)


def read_layer(file: SafeFile, layer: str | None = None) -> Layer:
    """Read one layer of a file whole; raises UnreadableFile, EmptyFile or WrongCrs."""
    read = _read_vector if file.ending in VECTOR_ENDINGS else READERS[file.ending]
    found = read(file, layer)
    if len(found) == 0:
        raise EmptyFile(path=found.name)
    return found


def _read_vector(file: SafeFile, layer: str | None) -> Layer:
    name = layer or _only_layer(file)
    encoding = _guess_encoding(file)
    try:
        meta, _, wkb, fields = pyogrio.raw.read(file.gdal_path, layer=name, encoding=encoding)
    except (DataSourceError, DataLayerError, FieldError, ValueError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=file.name, reason=because("gdal_says", detail=str(error))) from error
    notes = (because("encoding_guessed", encoding=encoding),) if encoding else ()
    columns = tuple(str(column) for column in meta["fields"])
    shapes = None if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore")
    return Layer(_title(file, name), columns, [list(field) for field in fields], shapes, _find_crs(file, meta), notes)


def _only_layer(file: SafeFile) -> str:
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(file.gdal_path)]
    except DataSourceError as error:
        raise UnreadableFile(path=file.name, reason=because("gdal_says", detail=str(error))) from error
    if len(layers) != 1:
        raise UnreadableFile(path=file.name, reason=because("layers_many", layers=tuple(layers)))
    return layers[0]


def _title(file: SafeFile, layer: str | None) -> str:
    return file.name if layer is None or layer == file.path.stem else f"{file.name}:{layer}"


def _guess_encoding(file: SafeFile) -> str | None:
    """Guess the encoding of a shapefile's texts that does not say it: UTF-8, else the Windows code page of Persian."""
    table = file.path.with_suffix(".dbf")
    if file.ending != ".shp" or not table.is_file() or file.path.with_suffix(".cpg").exists():
        return None
    return _decode(table.read_bytes())[1]


def _find_crs(file: SafeFile, meta: dict[str, Any]) -> CRS | None:
    if meta.get("crs") is None:
        return None
    try:
        return CRS.from_user_input(meta["crs"])
    except CRSError as error:
        raise WrongCrs(path=file.name, reason=because("crs_unknown", crs=meta["crs"])) from error


def _decode(data: bytes) -> tuple[str, str]:
    """Decode a text as UTF-8 or, failing that, as cp1256, and say which it was."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("cp1256"), "CP1256"


def _read_csv(file: SafeFile, layer: str | None) -> Layer:
    text, encoding = _decode(file.path.read_bytes())
    notes = () if encoding == "UTF-8" else (because("encoding_guessed", encoding=encoding),)
    header = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    csv.field_size_limit(LONGEST_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFile(path=file.name, reason=because("csv_says", detail=str(error))) from error
    return _tabulate(file, rows, notes=notes)


def _read_xlsx(file: SafeFile, layer: str | None) -> Layer:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file.path, read_only=True, data_only=True)
        sheet = book[layer] if layer else book.worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    except (InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableFile(path=file.name, reason=because("xlsx_says", detail=str(error))) from error
    return _tabulate(file, [row for row in rows if any(cell is not None for cell in row)], notes=())


def _tabulate(file: SafeFile, rows: Sequence[Sequence[object]], *, notes: tuple[Any, ...]) -> Layer:
    """Make columns of rows under a header; a row of another length is refused with its number."""
    if not rows:
        raise EmptyFile(path=file.name)
    header = tuple(str(cell).strip() for cell in rows[0])
    body = [row for row in rows[1:] if any(cell not in (None, "") for cell in row)]
    for number, row in enumerate(body, start=1):
        if len(row) != len(header):
            reason = because("row_length", row=number, found=len(row), needed=len(header))
            raise UnreadableFile(path=file.name, reason=reason)
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise UnreadableFile(path=file.name, reason=because("column_twice", columns=tuple(doubled)))
    columns = [list(column) for column in zip(*body, strict=True)] if body else [[] for _ in header]
    return Layer(file.name, header, columns, None, None, notes)


def _read_parquet(file: SafeFile, layer: str | None) -> Layer:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        geo = b"geo" in (pq.read_schema(file.path).metadata or {})
        if geo:
            return _read_geoparquet(file)
        table = pq.read_table(file.path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(path=file.name, reason=because("parquet_says", detail=str(error))) from error
    columns = [table.column(index).to_pylist() for index in range(table.num_columns)]
    return Layer(file.name, tuple(table.column_names), columns, None, None)


def _read_geoparquet(file: SafeFile) -> Layer:
    import geopandas

    frame = geopandas.read_parquet(file.path)
    columns = tuple(str(column) for column in frame.columns if column != frame.geometry.name)
    table = [frame[column].tolist() for column in columns]
    return Layer(file.name, columns, table, np.asarray(frame.geometry.array), frame.crs)


READERS = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
    ".geoparquet": _read_parquet,
}


def to_lonlat(layer: Layer, *, crs: str | None = None) -> NDArray[np.object_] | None:
    """Give the geometries in EPSG:4326; `crs` speaks for a layer that names no system.

    Raises WrongCrs when neither the file nor the caller names one, or when both do and differ.
    """
    if layer.shapes is None:
        return None
    declared = _parse_crs(layer, crs) if crs else None
    if layer.crs is None and declared is None:
        raise WrongCrs(path=layer.name, reason=because("crs_missing"))
    if layer.crs is not None and declared is not None and not layer.crs.equals(declared, ignore_axis_order=True):
        raise WrongCrs(path=layer.name, reason=because("crs_differs", found=layer.crs.to_string(), declared=crs))
    own = layer.crs or declared
    if own is None or own.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return layer.shapes
    move = Transformer.from_crs(own, 4326, always_xy=True).transform
    return shapely.transform(layer.shapes, lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])))


def _parse_crs(layer: Layer, crs: str) -> CRS:
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        raise WrongCrs(path=layer.name, reason=because("crs_unknown", crs=crs)) from error


def list_rows(layer: Layer, *, columns: dict[str, str], crs: str | None = None) -> Iterator[Row]:
    """List the rows of a layer with their geometry in EPSG:4326, from its geometries or its coordinate columns."""
    shapes = to_lonlat(layer, crs=crs)
    if shapes is None:
        shapes = _read_columns(layer, columns)
    for index, values in enumerate(zip(*layer.table, strict=True) if layer.table else [()] * len(layer)):
        yield Row(index + 1, dict(zip(layer.columns, values, strict=True)), None if shapes is None else shapes[index])


def _read_columns(layer: Layer, columns: dict[str, str]) -> NDArray[np.object_] | None:
    if "wkt" in columns:
        texts = [str(value or "") or None for value in _column(layer, columns["wkt"])]
        return np.asarray(shapely.from_wkt(texts, on_invalid="ignore"), dtype=object)
    if "lon" not in columns and "lat" not in columns:
        return None
    for name in ("lon", "lat"):
        if name not in columns:
            raise MissingColumn(field=name, columns=layer.columns)
    lon, lat = (_to_numbers(_column(layer, columns[name])) for name in ("lon", "lat"))
    points = np.full(len(layer), None, dtype=object)
    known = ~(np.isnan(lon) & np.isnan(lat))
    points[known] = shapely.points(lon[known], lat[known])
    return points


def _column(layer: Layer, name: str) -> Sequence[object]:
    return layer.table[layer.columns.index(name)]


def _to_numbers(values: Iterable[object]) -> NDArray[np.float64]:
    """Read numbers; what is empty is not a number, and what cannot be read is infinite, to be refused later."""
    return np.array([_to_number(value) for value in values], dtype=float)


def _to_number(value: object) -> float:
    if value in (None, ""):
        return float("nan")
    try:
        return float(str(value).strip())
    except ValueError:
        return float("inf")
