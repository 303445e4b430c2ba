"""Read tables of texts: CSV in its dialects, and the sheets of Excel workbooks."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from geo.errors import EmptyFile, Reason, UnreadableFile, because
from services.files import SafeFile
from services.layers.layer import Layer
from services.layers.texts import UndecodableText, decode

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST_FIELD = 10_000_000
"""Letters of the longest field of a table, enough for a boundary written as text."""

LONGEST_HEADER = 100_000
"""Letters of a header within which a delimiter is looked for."""

DELIMITERS = ",;\t|"

MOST_CELLS_NAMED = 5
"""How many cells a refusal names."""

Cells = Sequence[Sequence[object]]


def read_csv(file: SafeFile, layer: str | None) -> Layer:
    """Read a table of texts in the encoding and with the delimiter it shows."""
    if layer is not None:
        raise UnreadableFile(path=file.name, reason=because("layers_none", layer=layer))
    try:
        text, encoding = decode(file.path.read_bytes())
        notes = () if encoding == "UTF-8" else (because("encoding_guessed", encoding=encoding),)
        csv.field_size_limit(LONGEST_FIELD)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True))
    except UndecodableText as error:
        raise UnreadableFile(path=file.name, reason=error.reason) from error
    except OSError as error:
        raise UnreadableFile(path=file.name, reason=because("file_system", detail=str(error.strerror))) from error
    except csv.Error as error:
        raise UnreadableFile(path=file.name, reason=because("csv_says", detail=str(error))) from error
    return _tabulate(file.name, rows, notes=notes)


def _find_delimiter(text: str) -> str:
    """Take for the delimiter what the header has most of outside of quotes."""
    header = re.split(r"[\r\n]", re.sub(r'"[^"]*"', "", text[:LONGEST_HEADER]).lstrip(), maxsplit=1)[0]
    return max(DELIMITERS, key=header.count)


def read_xlsx(file: SafeFile, layer: str | None) -> Layer:
    """Read one sheet of a workbook; formulas count with the results that were kept with them."""
    from openpyxl.utils.exceptions import InvalidFileException

    odd = (InvalidFileException, zipfile.BadZipFile, LookupError, ValueError, SyntaxError, TypeError, AttributeError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = _read_sheet(file, layer)
            notes = _tell_formulas(file, layer, rows)
    except (*odd, OSError) as error:
        raise UnreadableFile(path=file.name, reason=because("xlsx_says", detail=str(error))) from error
    return _tabulate(file.name, rows, notes=notes)


def _read_sheet(file: SafeFile, layer: str | None) -> Cells:
    with closing(_open_book(file, results=True)) as book:
        rows = [list(row) for row in _find_sheet(file, book, layer).iter_rows(values_only=True)]
    # a sheet leaves out empty cells at the end of a row
    width = next((len(row) for row in rows if _has_content(row)), 0)
    return [[*row, *[None] * (width - len(row))] for row in rows]


def _open_book(file: SafeFile, *, results: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(file.path, read_only=True, data_only=results, keep_links=False)


def _find_sheet(file: SafeFile, book: Workbook, layer: str | None) -> Worksheet:
    if layer is None and len(book.worksheets) != 1:
        raise UnreadableFile(path=file.name, reason=because("layers_many", layers=tuple(book.sheetnames)))
    sheet = book.worksheets[0] if layer is None else book[layer]
    # a sheet may claim a size of billions of cells
    sheet.reset_dimensions()
    return sheet


def _tell_formulas(file: SafeFile, layer: str | None, rows: Cells) -> tuple[Reason, ...]:
    """Say how many cells are formulas; one whose result was never kept has no value at all."""
    if not _has_formulas(file):
        return ()
    with closing(_open_book(file, results=False)) as book:
        cells = [cell for row in _find_sheet(file, book, layer).iter_rows() for cell in row if cell.data_type == "f"]
    unknown = [cell.coordinate for cell in cells if _is_unknown(rows, cell)]
    if unknown:
        reason = because("xlsx_formulas_open", cells=tuple(unknown[:MOST_CELLS_NAMED]), count=len(unknown))
        raise UnreadableFile(path=file.name, reason=reason)
    return (because("xlsx_formulas", count=len(cells)),) if cells else ()


def _is_unknown(rows: Cells, cell: Any) -> bool:  # noqa: ANN401 - a cell of any kind of sheet
    row, place = rows[cell.row - 1], cell.column - 1
    return place >= len(row) or row[place] is None


def _has_formulas(file: SafeFile) -> bool:
    with zipfile.ZipFile(file.path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(re.search(rb"<f[\s/>]", archive.read(name)) for name in sheets)


def _tabulate(name: str, rows: Cells, *, notes: tuple[Reason, ...]) -> Layer:
    """Make columns of rows under a header; a row of another length is refused with its number."""
    first = next((place for place, row in enumerate(rows) if _has_content(row)), None)
    if first is None:
        raise EmptyFile(path=name)
    header = [_write_title(cell) for cell in rows[first]]
    body = [(number, row) for number, row in enumerate(rows[first + 1 :], start=1) if _has_content(row)]
    while header and not header[-1] and not any(_has_content(row[len(header) - 1 :]) for _, row in body):
        header.pop()
    _check_header(name, header)
    cells = [_fit(name, number, row, width=len(header)) for number, row in body]
    columns = [list(column) for column in zip(*cells, strict=True)] if cells else [[] for _ in header]
    return Layer(name, tuple(header), columns, None, None, notes, [number for number, _ in body])


def _has_content(row: Sequence[object]) -> bool:
    return any(cell not in (None, "") for cell in row)


def _write_title(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _check_header(name: str, header: Sequence[str]) -> None:
    if not all(header):
        raise UnreadableFile(path=name, reason=because("column_nameless", place=header.index("") + 1))
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise UnreadableFile(path=name, reason=because("column_twice", columns=tuple(doubled)))


def _fit(name: str, number: int, row: Sequence[object], *, width: int) -> Sequence[object]:
    """Cut empty cells behind the last column."""
    if len(row) == width:
        return row
    if len(row) > width and not _has_content(row[width:]):
        return row[:width]
    raise UnreadableFile(path=name, reason=because("row_length", row=number, found=len(row), needed=width))
