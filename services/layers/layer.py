"""Hold a layer as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.errors import Reason


@dataclass(frozen=True)
class Layer:
    """Hold the columns and geometries of one layer."""

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
    notes: tuple[Reason, ...] = ()
    """What the reader had to assume, as reasons."""
    numbers: Sequence[int] | None = None
    """The place of each row in the file, from 1, where blank rows were passed over."""
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """What is wrong with the geometry of a row that could not be read at all, by its index."""

    def __len__(self) -> int:
        """Count its rows."""
        return len(self.table[0]) if self.table else 0 if self.shapes is None else len(self.shapes)

    def column(self, name: str) -> Sequence[object]:
        """Give the values of a column that it has."""
        return self.table[self.columns.index(name)]
