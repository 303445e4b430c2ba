"""Read the codes that a table gives to divisions: from a file of any source, or from the table in a country pack."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo.errors import InvalidMapping, MissingColumn, UnknownColumn, because
from geo.register.countries import CountryPack
from geo.register.names import search_key
from geo.register.resolving import get_scheme
from geo.register.schemes import Scheme
from services.files import check_file_safe
from services.layers import Layer, read_layer


@dataclass(frozen=True)
class CodeSource:
    """Point to a table of codes and say how to read it."""

    path: Path | None = None
    """The file; None means the table of a pack."""
    layer: str | None = None
    """The sheet or layer inside it, when it has several."""
    table: str | None = None
    """The scheme, with its version, whose table in the pack is meant."""
    key: str | None = None
    """The scheme of the column by which divisions are found; None takes the first column that is recognised."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column by scheme, beyond those whose names say their scheme."""

    @property
    def name(self) -> str:
        """Name it for the record."""
        return self.path.name if self.path else f"pack:{self.table}"


@dataclass(frozen=True)
class CodeLine:
    """Hold one row of a table."""

    row: int
    """The row, from 1."""
    key: str
    """The text by which its division is found."""
    level: str | None
    """The level of the division, where the table says it."""
    cells: tuple[tuple[Scheme, str], ...]
    """The text of each code the row gives, with its scheme."""


@dataclass(frozen=True)
class CodeSheet:
    """Hold a table that was read."""

    name: str
    """What the table is called."""
    digest: str
    """The digest of the file or table."""
    keys: tuple[Scheme, ...]
    """The schemes by which its divisions are found: one, or in a pack's table that of each level."""
    lines: tuple[CodeLine, ...]
    """Its rows."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The columns that were read, by scheme."""


def read_source(source: CodeSource, pack: CountryPack, *, most_bytes: int) -> CodeSheet:
    """Read a table; raises UnknownScheme, MissingColumn, UnknownColumn, InvalidMapping or what files raise."""
    if source.path is None:
        return _read_table(pack, source.table or "")
    file = check_file_safe(source.path, most_bytes=most_bytes)
    layer = read_layer(file, source.layer)
    columns = _find_columns(source, pack, layer)
    key = get_scheme(pack, source.key) if source.key else next(iter(columns))
    if key not in columns or len(columns) < 2:
        raise MissingColumn(field=key.word if key not in columns else "codes", columns=layer.columns)
    lines = tuple(_list_lines(layer, columns, key=key))
    told = {scheme.word: column for scheme, column in columns.items()}
    return CodeSheet(layer.name, file.digest(), (key,), lines, told)


def _read_table(pack: CountryPack, word: str) -> CodeSheet:
    scheme = get_scheme(pack, word)
    if not scheme.table:
        known = tuple(one.word for one in pack.schemes if one.table)
        raise InvalidMapping(key=word, reason=because("code_no_table", known=known))
    lines = tuple(
        CodeLine(number, row.primary, row.level, ((scheme, row.code),)) for number, row in enumerate(scheme.table, 1)
    )
    digest = hashlib.sha256(repr(scheme.table).encode()).hexdigest()
    keys = tuple(dict.fromkeys(pack.primary_scheme(row.level) for row in scheme.table))
    return CodeSheet(f"pack:{scheme.word}", digest, keys, lines)


def _find_columns(source: CodeSource, pack: CountryPack, layer: Layer) -> dict[Scheme, str]:
    """Find the column of each scheme, in the order of the pack: as declared, else as its name says beyond doubt."""
    declared = {get_scheme(pack, word): column for word, column in source.columns.items()}
    for column in declared.values():
        if column not in layer.columns:
            raise UnknownColumn(column=column, columns=layer.columns)
    free = [column for column in layer.columns if column not in declared.values()]
    found: dict[Scheme, str] = {}
    for scheme in pack.schemes:
        fitting = [column for column in free if search_key(column) == search_key(scheme.word)]
        if scheme in declared:
            found[scheme] = declared[scheme]
        elif len(fitting) == 1:
            found[scheme] = fitting[0]
    return found


def _list_lines(layer: Layer, columns: Mapping[Scheme, str], *, key: Scheme) -> Iterator[CodeLine]:
    keys = _read_texts(layer.column(columns[key]))
    others = [(scheme, _read_texts(layer.column(columns[scheme]))) for scheme in columns if scheme != key]
    numbers = layer.numbers if layer.numbers is not None else range(1, len(layer) + 1)
    for index, row in enumerate(numbers):
        cells = tuple((scheme, texts[index]) for scheme, texts in others if texts[index])
        yield CodeLine(row, keys[index], None, cells)


def _read_texts(values: Sequence[object]) -> list[str]:
    """Take cells as texts; a cell without a value says nothing, whether the reader calls it None or nan."""
    texts = ("" if value is None else str(value).strip() for value in values)
    return ["" if text in ("nan", "NaN", "<NA>") else text for text in texts]
