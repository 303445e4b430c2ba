"""Hold the rows of a layer column by column, as texts once their cells are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

LARGEST_EXACT = 2.0**53
"""From here on a floating number no longer tells whole numbers apart."""


@dataclass(frozen=True)
class Rows:
    """Hold the rows of one layer as they were read."""

    numbers: Sequence[int]
    """The place of each row in its layer, from 1."""
    columns: Mapping[str, Sequence[object]]
    """What each column holds, row by row."""
    shapes: NDArray[np.object_] | None = None
    """The geometry of each row in EPSG:4326, None where it has none; None when the layer has no geometries."""
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """What is wrong with the geometry of a row that could not be read at all, by its index."""
    heights: int = 0
    """How many geometries have heights or measures, which are not kept."""

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.numbers)

    def read_texts(self, column: str) -> list[str]:
        """Read a column as texts without blanks around them; an empty cell is an empty text."""
        return [value.strip() if isinstance(value, str) else _write_cell(value) for value in self.columns[column]]


def _write_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return _write_number(value)
    # what is unlike itself is a date or number that is not there
    return "" if np.ndim(value) == 0 and value != value else str(value).strip()  # type: ignore[arg-type]


def _write_number(value: float) -> str:
    """Write a number so that nobody takes digits it no longer holds for real ones."""
    if value != value:
        return ""
    return f"{value:.9e}" if abs(value) > LARGEST_EXACT else str(float(value))
