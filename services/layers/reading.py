"""Read one layer of a file by the reader that its ending calls for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.errors import EmptyFile
from services.files import VECTOR_ENDINGS, SafeFile
from services.layers.layer import Layer
from services.layers.parquet import read_parquet
from services.layers.sheets import read_csv, read_xlsx
from services.layers.vectors import read_vector

READERS: Mapping[str, Callable[[SafeFile, str | None], Layer]] = {
    **dict.fromkeys(VECTOR_ENDINGS, read_vector),
    **dict.fromkeys((".csv", ".tsv", ".txt"), read_csv),
    ".xlsx": read_xlsx,
    **dict.fromkeys((".parquet", ".geoparquet"), read_parquet),
}


def read_layer(file: SafeFile, layer: str | None = None) -> Layer:
    """Read one layer of a file whole; raises UnreadableFile, EmptyFile or WrongCrs."""
    found = READERS[file.ending](file, layer)
    if len(found) == 0:
        raise EmptyFile(path=found.name)
    return found
