"""Read polling stations from a file, with their branches from a second one where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geo.elections.station_rows import FIELDS, BranchRow, StationMapping, StationReader, read_sex
from geo.elections.stations import Station
from geo.errors import InvalidMapping, MissingColumn, UnknownColumn, because
from geo.register.countries import CountryPack
from geo.register.digits import from_digits
from geo.register.problems import Problem, Weight, shorten
from geo.register.rows import Rows
from services.files import check_file_safe
from services.layers import Layer, read_layer

BRANCH_FIELDS = ("station", "number", "sex")
"""What a column of a file of branches may give."""


@dataclass(frozen=True)
class StationSource:
    """Point to the files of stations and say how to read them."""

    path: Path
    """The file of stations."""
    columns: Mapping[str, tuple[str, ...]]
    """Columns by field; see `geo.elections.station_rows.FIELDS`."""
    branches: Path | None = None
    """The file of branches, where they are not counted in the rows of their stations."""
    branch_columns: Mapping[str, str] = field(default_factory=dict)
    """Its columns by field: `station`, `number`, `sex`."""


@dataclass(frozen=True)
class StationSheet:
    """Hold the stations that were read."""

    name: str
    """What the file is called."""
    total: int
    """How many rows it has."""
    stations: tuple[Station, ...]
    """Those that could be read."""
    problems: tuple[Problem, ...]
    """What was wrong."""


def split_pairs(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Read pairs written FIELD=COLUMN."""
    for text in texts:
        name, equals, column = text.partition("=")
        if not equals:
            raise InvalidMapping(key=shorten(text), reason=because("mapping_pair"))
        yield name.strip(), column.strip()


def gather_columns(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Read pairs; a field that is said again takes the next column where the first says nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for name, column in split_pairs(texts):
        found[name] = (*found.get(name, ()), column)
    return found


def read_stations(source: StationSource, pack: CountryPack, *, most_bytes: int) -> StationSheet:
    """Read stations row by row; raises InvalidMapping, MissingColumn, UnknownColumn or what files raise."""
    for name in source.columns:
        if name not in FIELDS:
            raise InvalidMapping(key=name, reason=because("mapping_field", known=FIELDS))
    layer = read_layer(check_file_safe(source.path, most_bytes=most_bytes))
    if "code" not in source.columns:
        raise MissingColumn(field="code", columns=layer.columns)
    mapping = StationMapping(source.columns)
    mapping.check(layer.columns)
    branches, problems = _read_branches(source, most_bytes=most_bytes)
    reader = StationReader(mapping, pack.bounds, layer.name, _to_rows(layer), branches, problems)
    found = reader.read()
    return StationSheet(layer.name, len(found), tuple(one for one in found if one is not None), tuple(reader.problems))


def _to_rows(layer: Layer) -> Rows:
    return Rows(layer.numbers or range(1, len(layer) + 1), dict(zip(layer.columns, layer.table, strict=True)))


def _read_branches(source: StationSource, *, most_bytes: int) -> tuple[dict[str, list[BranchRow]], list[Problem]]:
    if source.branches is None:
        return {}, []
    for name in source.branch_columns:
        if name not in BRANCH_FIELDS:
            raise InvalidMapping(key=name, reason=because("mapping_field", known=BRANCH_FIELDS))
    layer = read_layer(check_file_safe(source.branches, most_bytes=most_bytes))
    for name in ("station", "number"):
        if name not in source.branch_columns:
            raise MissingColumn(field=name, columns=layer.columns)
    for column in source.branch_columns.values():
        if column not in layer.columns:
            raise UnknownColumn(column=column, columns=layer.columns)
    return _gather(layer, source.branch_columns)


def _gather(layer: Layer, columns: Mapping[str, str]) -> tuple[dict[str, list[BranchRow]], list[Problem]]:
    """Gather branches by station; one that cannot be read is told and left out."""
    rows = _to_rows(layer)
    texts = {name: rows.read_texts(column) for name, column in columns.items()}
    sexes = texts.get("sex", [""] * len(rows))
    found: dict[str, list[BranchRow]] = {}
    problems: list[Problem] = []
    for index, number in enumerate(rows.numbers):
        station, written = from_digits(texts["station"][index]), from_digits(texts["number"][index])
        branch, sex = _read_number(station, written), read_sex(sexes[index])
        if branch is None or sex is None or any(one.number == branch for one in found.get(station, ())):
            rule = "branch_bad_number" if branch is None else "branch_bad_sex" if sex is None else "branch_twice"
            value = shorten(sexes[index] if rule == "branch_bad_sex" else written)
            problems.append(Problem(layer.name, number, "branch", rule, Weight.REFUSED, because(rule), value))
        else:
            found.setdefault(station, []).append(BranchRow(branch, sex))
    return found, problems


def _read_number(station: str, text: str) -> str | None:
    """Read the number of a branch, which lists often write behind the code of its station: 0101001-02."""
    plain = text.removeprefix(station).lstrip("-/ ")
    return str(int(plain)) if plain.isdecimal() and int(plain[:9]) > 0 and len(plain) < 9 else None
