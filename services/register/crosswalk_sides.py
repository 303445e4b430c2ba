"""Load the two sides of a crosswalk: the divisions of a register on a day, or the polygons of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, MissingColumn, UnknownColumn, because
from geo.register.crosswalk_ways import Descent, GroundSet
from services.files import check_file_safe
from services.layers import lay_rows, read_layer
from services.lookups import list_matching
from services.queries import RegisterState, holds_on, is_current, load_boundaries
from services.register.causes import load_changes
from services.tables.changes import Change
from services.tables.register import Code, Population, Standing
from services.tables.register import Division as Record

KINDS = ("abolish", "merge", "split")
"""The kinds of change by which divisions go into others; by the rest they live on as they are."""

MOST_BYTES = 512 * 1024**2
"""The largest file read, unless the caller says otherwise."""


@dataclass(frozen=True)
class RegisterSide:
    """Name divisions of the register."""

    level: str
    """Their level."""
    day: date
    """The day on which they stand."""
    scheme: str | None = None
    """The scheme whose codes they are called by; None is the primary one of the level."""


@dataclass(frozen=True)
class FileSide:
    """Name polygons of a file."""

    path: Path
    """The file."""
    code: str
    """The column of codes."""
    layer: str | None = None
    """The layer, where it has several."""
    crs: str | None = None
    """The reference system, when the file names none."""
    most_bytes: int = MOST_BYTES
    """The largest file read."""


Side = RegisterSide | FileSide


@dataclass(frozen=True)
class Tree:
    """Hold who stands under whom on a day."""

    parents: Mapping[int, int | None]
    """The parent of each division."""
    levels: Mapping[int, str]
    """The level of each division."""

    def climb(self, division: int, level: str) -> int | None:
        """Find the division of a level that another is, or lies in."""
        seen: set[int] = set()
        at: int | None = division
        while at is not None and at not in seen:
            if self.levels.get(at) == level:
                return at
            seen.add(at)
            at = self.parents.get(at)
        return None

    @property
    def leaves(self) -> list[int]:
        """List the divisions nothing stands under."""
        above = set(self.parents.values())
        return [division for division in sorted(self.parents) if division not in above]


def load_ground(session: Session, register: RegisterState, side: Side) -> GroundSet:
    """Load the polygons of a side by their codes; divisions without a boundary are left out."""
    if isinstance(side, FileSide):
        return read_ground(side)
    grounds = load_boundaries(session, register, side.day, Standing.level == side.level)
    codes = load_codes(session, register, side)
    kept = sorted(grounds, key=lambda division: codes[division])
    return GroundSet([codes[one] for one in kept], np.array([grounds[one] for one in kept], dtype=object))


def read_ground(side: FileSide) -> GroundSet:
    """Read the polygons of a file; raises InvalidValue naming the row whose code or polygon is missing."""
    layer = read_layer(check_file_safe(side.path, most_bytes=side.most_bytes), side.layer)
    if side.code not in layer.columns:
        raise UnknownColumn(column=side.code, columns=layer.columns)
    wkt = {"wkt": "wkt"} if layer.shapes is None and "wkt" in layer.columns else {}
    rows = lay_rows(layer, columns=wkt, crs=side.crs)
    if rows.shapes is None:
        raise MissingColumn(field="wkt", columns=layer.columns)
    codes = rows.read_texts(side.code)
    for number, code, shape in zip(rows.numbers, codes, rows.shapes, strict=True):
        if not code or shape is None:
            reason = because("code_missing") if not code else because("geometry_missing")
            raise InvalidValue(field=side.code, value=code or "-", reason=because("at_row", row=number, reason=reason))
    return GroundSet(codes, np.asarray(rows.shapes, dtype=object))


def load_codes(session: Session, register: RegisterState, side: RegisterSide) -> dict[int, str]:
    """Load what the divisions of a side are called: their code, or where they have none in its scheme, another.

    A code of another scheme has the scheme before it, and a division without any code is called by its key.
    """
    register.pack.level(side.level)
    found = list_matching(session, register, side.day, Standing.level == side.level)
    wanted = side.scheme or register.pack.primary_scheme(side.level).key
    register.pack.scheme(wanted)
    own = _load_scheme(session, register, wanted, side.day)
    others = {one.id: f"{one.scheme}:{one.code}" if one.code else f"#{one.id}" for one in found}
    return {one.id: own.get(one.id, others[one.id]) for one in found}


def _load_scheme(session: Session, register: RegisterState, scheme: str, day: date) -> dict[int, str]:
    rows = session.execute(
        select(Code.division_id, Code.code)
        .where(Code.register_id == register.id, Code.scheme == scheme, holds_on(Code, day))
        .order_by(Code.version)
    )
    return {division: code for division, code in rows}


def load_tree(session: Session, register: RegisterState, day: date) -> Tree:
    """Load who stands under whom on a day."""
    rows = session.execute(
        select(Standing.division_id, Standing.parent_id, Standing.level)
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == register.id, holds_on(Standing, day))
    ).all()
    return Tree({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def load_areas(session: Session, register: RegisterState, side: RegisterSide) -> dict[int, float]:
    """Load the area of each division of a side that has a boundary."""
    found = list_matching(session, register, side.day, Standing.level == side.level)
    return {one.id: one.area_m2 for one in found if one.area_m2}


def load_figures(session: Session, register: RegisterState) -> dict[int, int]:
    """Load the latest count of each division that was counted itself."""
    rows = session.execute(
        select(Population.division_id, Population.people)
        .join(Record, Record.id == Population.division_id)
        .where(Record.register_id == register.id, is_current(Population))
        .order_by(Population.division_id, Population.counted_on.nulls_first(), Population.source)
    )
    return {division: people for division, people in rows}


def load_descents(session: Session, register: RegisterState, first: date, last: date) -> list[Descent]:
    """Load which divisions went into which between two days, the day after the first to the last, in their order."""
    between = and_(Change.effective_on > first, Change.effective_on <= last, Change.kind.in_(KINDS))
    changes = load_changes(session, register, between)
    return [Descent(_name(change.predecessors), _name(change.successors)) for change in changes]


def _name(divisions: Collection[int]) -> tuple[str, ...]:
    return tuple(str(division) for division in sorted(divisions))
