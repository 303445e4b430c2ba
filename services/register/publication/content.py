"""Gather what an edition says of a register on its date, in one table that every file is written from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from services.queries import RegisterState, count_people, holds_on, select_divisions, to_division
from services.tables.register import Boundary, Code, Position, Standing
from services.tables.register import Division as Record

GEOMETRY = "geometry"
"""The column of the boundary, or of the point of a place, as WKB."""

ROWS_AT_ONCE = 4096
"""How many rows are turned into Python values together."""

Rows = dict[int, Any]


@dataclass(frozen=True)
class EditionContent:
    """Hold the divisions of a register on one date, parents before children."""

    register: RegisterState
    """The register."""
    day: date
    """The date."""
    divisions: tuple[Division, ...]
    """The divisions, in the order of the rows."""
    table: pa.Table
    """The same with every column that is published; the boundaries are WKB, EPSG:4326."""

    @property
    def levels(self) -> tuple[str, ...]:
        """List the levels that have divisions, from the top."""
        present = {one.level for one in self.divisions}
        return tuple(level for level in self.register.pack.level_keys if level in present)

    @property
    def columns(self) -> tuple[str, ...]:
        """List the columns but the geometry."""
        return tuple(name for name in self.table.column_names if name != GEOMETRY)

    def select_level(self, level: str) -> pa.Table:
        """Give the rows of one level; levels lie in the table one after the other."""
        places = [at for at, one in enumerate(self.divisions) if one.level == level]
        return self.table.slice(places[0], len(places)) if places else self.table.slice(0, 0)

    def list_rows(self) -> Iterator[dict[str, Any]]:
        """List the rows as Python values, some thousand at a time."""
        for batch in self.table.to_batches(max_chunksize=ROWS_AT_ONCE):
            yield from batch.to_pylist()

    def digest(self) -> str:
        """Name the content by a hash over all that it says, whatever programs write the files."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        total = hashlib.sha256(f"{self.register.name}\n{self.register.country}\n{self.day.isoformat()}\n".encode())
        for row in self.list_rows():
            shape = row.pop(GEOMETRY) or b""
            total.update(json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode() + b"\n")
            total.update(hashlib.sha256(shape).digest())
        return total.hexdigest()


def load_content(session: Session, register: RegisterState, day: date) -> EditionContent:
    """Load all that is published of a register as it stands on `day`."""
    known = {row.division_id: to_division(row) for row in session.execute(select_divisions(register, day))}
    rank = {level.key: level.rank for level in register.pack.levels}
    ordered = sorted(known.values(), key=lambda one: (rank[one.level], one.code, one.id))
    facts = _Facts(
        people=count_people(session, register, day),
        since=_load_periods(session, register, day),
        points=_load_points(session, register, day),
        codes=_load_codes(session, register, day),
    )
    columns = _list_columns(register, ordered, known, facts)
    shapes = _load_shapes(session, register, day)
    columns[GEOMETRY] = pa.array([shapes.get(one.id) for one in ordered], pa.binary())
    return EditionContent(register, day, tuple(ordered), pa.table(columns))


@dataclass(frozen=True)
class _Facts:
    people: Mapping[int, int]
    since: Mapping[int, tuple[date | None, date | None]]
    points: Mapping[int, tuple[float, float]]
    codes: Mapping[str, Mapping[int, str]]


def _list_columns(
    register: RegisterState, ordered: Sequence[Division], known: Mapping[int, Division], facts: _Facts
) -> dict[str, pa.Array]:
    above = [known.get(one.parent_id or 0) for one in ordered]
    ids = [one.id for one in ordered]
    nowhere: tuple[None, None] = (None, None)
    columns: dict[str, tuple[Sequence[object], pa.DataType]] = {
        "id": (ids, pa.int64()),
        "level": ([one.level for one in ordered], pa.string()),
        "code": ([one.code for one in ordered], pa.string()),
        "scheme": ([one.scheme for one in ordered], pa.string()),
        "parent_id": ([one.parent_id for one in ordered], pa.int64()),
        "parent": ([one.code if one else None for one in above], pa.string()),
    }
    for language in register.pack.languages:
        names = [one.names.get(language) for one in ordered]
        columns[f"name_{language.replace('-', '_')}"] = (names, pa.string())
    columns |= {
        "area_m2": ([one.area_m2 for one in ordered], pa.float64()),
        "people": ([facts.people.get(one) for one in ids], pa.int64()),
        "lon": ([facts.points.get(one, nowhere)[0] for one in ids], pa.float64()),
        "lat": ([facts.points.get(one, nowhere)[1] for one in ids], pa.float64()),
        "valid_from": ([facts.since.get(one, nowhere)[0] for one in ids], pa.date32()),
        "valid_until": ([facts.since.get(one, nowhere)[1] for one in ids], pa.date32()),
    }
    for name, codes in facts.codes.items():
        columns[name] = ([codes.get(one) for one in ids], pa.string())
    return {name: pa.array(values, kind) for name, (values, kind) in columns.items()}


def _load_periods(session: Session, register: RegisterState, day: date) -> Rows:
    rows = session.execute(
        select(Standing.division_id, func.lower(Standing.valid), func.upper(Standing.valid))
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == register.id, holds_on(Standing, day))
    )
    return {division: (start, end) for division, start, end in rows}


def _load_points(session: Session, register: RegisterState, day: date) -> Rows:
    rows = session.execute(
        select(Position.division_id, func.ST_X(Position.geom), func.ST_Y(Position.geom))
        .join(Record, Record.id == Position.division_id)
        .where(Record.register_id == register.id, holds_on(Position, day))
    )
    return {division: (lon, lat) for division, lon, lat in rows}


def _load_codes(session: Session, register: RegisterState, day: date) -> dict[str, Rows]:
    """Load the codes of every scheme and version, one column each, sorted by name."""
    rows = session.execute(
        select(Code.scheme, Code.version, Code.division_id, Code.code)
        .where(Code.register_id == register.id, holds_on(Code, day))
        .order_by(Code.scheme, Code.version, Code.division_id)
    )
    columns: dict[str, Rows] = {}
    for scheme, version, division, code in rows:
        columns.setdefault(f"code_{scheme}_{version}", {})[division] = code
    return {name: columns[name] for name in sorted(columns)}


def _load_shapes(session: Session, register: RegisterState, day: date) -> dict[int, bytes]:
    """Load the boundary of each division, or else its point."""
    shapes: dict[int, bytes] = {}
    tables: tuple[Any, ...] = (Position, Boundary)
    for table in tables:
        query = select(table.division_id, func.ST_AsBinary(table.geom)).join(Record, Record.id == table.division_id)
        rows = session.execute(query.where(Record.register_id == register.id, holds_on(table, day)))
        shapes.update((division, bytes(wkb)) for division, wkb in rows)
    return shapes
