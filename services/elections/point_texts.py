"""Read degrees from texts, mend rows of the wrong length, and disarm what a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.register.digits import from_digits

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NUMBER = r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?"
"""How degrees are written in a text."""

FORMULA_MARKS = b"=+-@\t\r"
"""What makes a spreadsheet run a text as a formula."""

IS_MARK = np.isin(np.arange(256), np.frombuffer(FORMULA_MARKS, dtype=np.uint8))


def read_degrees(column: pa.Array) -> Floats:
    """Read a column of degrees; what is empty or no number becomes not-a-number."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_text(column.type):
        return _read_texts(column)
    return np.asarray(pc.cast(column, pa.float64(), safe=False).fill_null(float("nan")).to_numpy(zero_copy_only=False))


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column holds texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _read_texts(column: pa.Array) -> Floats:
    """Read plain numbers all at once, and what is left one by one."""
    try:
        return _to_numbers(column)
    except pa.ArrowInvalid:
        trimmed = pc.utf8_trim_whitespace(column)
        plain = pc.match_substring_regex(trimmed, f"^{NUMBER}$").fill_null(False)
        degrees = _to_numbers(pc.if_else(plain, trimmed, None)).copy()
        odd = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
        degrees[odd] = [_read_text(text) for text in column.take(pa.array(odd)).to_pylist()]
        return degrees


def _to_numbers(column: pa.Array) -> Floats:
    return np.asarray(pc.cast(column, pa.float64()).fill_null(float("nan")).to_numpy(zero_copy_only=False))


def _read_text(text: str | None) -> float:
    plain = from_digits(text or "").strip().replace("٫", ".")
    return float(plain) if re.fullmatch(NUMBER, plain) else float("nan")


def is_empty(column: pa.Array) -> Flags:
    """Tell where nothing was written."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    empty = pc.equal(pc.utf8_trim_whitespace(column), "").fill_null(True) if is_text(column.type) else column.is_null()
    return np.asarray(empty.to_numpy(zero_copy_only=False))


def fit_row(text: str, width: int) -> list[str]:
    """Fit a row with too few or too many fields into `width` columns: the last takes what is over."""
    fields = next(csv.reader([text.replace("\0", "")]), [])
    whole = [*fields[: width - 1], ",".join(fields[width - 1 :])]
    return [*whole, *[""] * (width - len(whole))]


def disarm(column: pa.Array) -> pa.Array:
    """Put an apostrophe before texts that a spreadsheet would run as formulas; signed numbers stay as they are."""
    if not is_text(column.type) or not (armed := _list_armed(column)).size:
        return column
    texts = column.take(pa.array(armed))
    harmless = pc.match_substring_regex(texts, f"^{NUMBER}$").to_numpy(zero_copy_only=False)
    mask = np.zeros(len(column), dtype=np.bool_)
    mask[armed[~harmless]] = True
    mark, end = (pa.scalar(text, column.type) for text in ("'", ""))
    return pc.if_else(pa.array(mask), pc.binary_join_element_wise(mark, column, end), column)


def _list_armed(column: pa.Array) -> NDArray[np.int64]:
    """List the texts that begin with a mark, by their first bytes as they lie in memory."""
    _, ends, letters = column.buffers()
    width = "<i8" if pa.types.is_large_string(column.type) else "<i4"
    bounds = np.frombuffer(ends, dtype=width).astype(np.int64)[column.offset : column.offset + len(column) + 1]
    is_filled = np.diff(bounds) > 0
    filled: NDArray[np.int64] = np.flatnonzero(is_filled & column.is_valid().to_numpy(zero_copy_only=False))
    if not filled.size:
        return filled
    first = np.frombuffer(letters, dtype=np.uint8)[bounds[filled]]
    return filled[IS_MARK[first]]


def disarm_names(names: Sequence[str]) -> list[str]:
    """Disarm the names of columns likewise."""
    return [f"'{name}" if name.encode()[:1] and name.encode()[0] in FORMULA_MARKS else name for name in names]
