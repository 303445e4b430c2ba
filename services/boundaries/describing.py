"""Keep what decrees say of boundaries, from files: all rows of one or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from geo.errors import AmbiguousDivision, DecreeNotFound, DivisionNotFound, RowsRefused, UnknownLevel, because
from geo.register.problems import Problem
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.boundaries.described_rows import DescribedFile, DescribedRow, What, read_described
from services.lookups import get_coded
from services.queries import RegisterState
from services.tables import Table
from services.tables.changes import Decree
from services.tables.described import BoundaryMarker, DecreedPlace, DescribedLine, MapSheet

DIVISIONS = ("first", "second", "place", "division")
"""The fields that name divisions."""


@dataclass(frozen=True)
class DescriptionReport:
    """Say what an import of descriptions did."""

    register: str
    """The register."""
    decree: int | None
    """The decree; None for map sheets, which belong to none."""
    what: str
    """What the file holds."""
    file: str
    """The file."""
    rows: int
    """Its rows."""
    kept: int
    """How many are kept now."""
    replaced: int
    """How many of the decree's older ones they take the place of."""
    problems: tuple[Problem, ...]
    """What is wrong with rows."""


def import_descriptions(
    session: Session,
    register: RegisterState,
    path: Path,
    what: What,
    *,
    decree: int | None,
    caller: Caller,
    day: date,
    layer: str | None = None,
    replace: bool = False,
) -> DescriptionReport:
    """Keep what a file says, all rows or none; `replace` drops what the decree said of the kind before.

    Raises RowsRefused with the report when a row cannot be kept, DecreeNotFound, FileRefused, WrongCrs and
    MissingColumn for the file as a whole.
    """
    check_permitted(session, caller, Action.DRAFT_CHANGE, register)
    owner = None if what is What.SHEETS else _get_decree(session, register, decree)
    told = read_described(path, what, layer=layer)
    rows = _resolve(session, register, told, day)
    _refuse_repeated(session, register, told, (what, rows), owner=None if replace else owner)
    report = DescriptionReport(register.name, owner, str(what), told.name, told.total, 0, 0, _sort(told.problems))
    if told.problems:
        raise RowsRefused(refused=len({one.row for one in told.problems}), total=told.total, report=report)
    replaced = _drop(session, what, owner) if replace and owner is not None else 0
    _write(session, register, rows, what, terms=(owner, caller.name))
    detail = {"decree": owner, "what": str(what), "file": told.name, "rows": len(rows), "replaced": replaced}
    record_write(session, caller=caller, action=Action.DRAFT_CHANGE, subject=register.name, detail=detail)
    return DescriptionReport(register.name, owner, str(what), told.name, told.total, len(rows), replaced, ())


def _get_decree(session: Session, register: RegisterState, decree: int | None) -> int:
    own = select(Decree.id).where(Decree.register_id == register.id, Decree.id == (decree or 0))
    found = session.scalar(own)
    if found is None:
        raise DecreeNotFound(decree=decree)
    return found


def _sort(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda one: (one.row, one.field, one.rule)))


def _resolve(
    session: Session, register: RegisterState, told: DescribedFile, day: date
) -> list[tuple[DescribedRow, dict[str, Any]]]:
    """Find the divisions that rows name; refuse the rows of those that are not there."""
    found: dict[str, int | None] = {}
    rows = []
    for row in told.rows:
        values = dict(row.values)
        for name in (one for one in DIVISIONS if values.get(one)):
            word = str(values[name])
            if word not in found:
                found[word] = _find_division(session, register, word, day)
            values[name] = found[word]
            if found[word] is None:
                told.refuse(row.number, name, because("described_division", day=day.isoformat()), word)
        if values.get("first") is not None and values.get("first") == values.get("second"):
            told.refuse(row.number, "second", because("described_same_division"), row.values["second"])
        rows.append((row, values))
    return rows


def _find_division(session: Session, register: RegisterState, word: str, day: date) -> int | None:
    """Find the division of a code, or of `level:code`; None when there is none, or several."""
    level, _, code = word.rpartition(":")
    try:
        return get_coded(session, register, code, day=day, level=level or None).id
    except (DivisionNotFound, AmbiguousDivision, UnknownLevel):
        return None


def _refuse_repeated(
    session: Session,
    register: RegisterState,
    told: DescribedFile,
    meant: tuple[What, Iterable[tuple[DescribedRow, dict[str, Any]]]],
    *,
    owner: int | None,
) -> None:
    """Refuse rows that say again what the file or the decree has said: a marker's number, a place, a sheet."""
    what, rows = meant
    if what is What.LINES:
        return
    known = _load_known(session, register, what, owner)
    seen: dict[tuple[Any, ...], int] = {}
    names = {What.MARKERS: ("number",), What.PLACES: ("place",), What.SHEETS: ("series", "sheet", "edition")}[what]
    for row, values in rows:
        key = tuple(values.get(name) or "" for name in names)
        if key[0] and key in seen:
            told.refuse(row.number, names[0], because("described_twice", other=seen[key]), row.values[names[0]])
        elif key in known:
            told.refuse(row.number, names[0], because("described_known"), row.values[names[0]])
        seen.setdefault(key, row.number)


def _load_known(session: Session, register: RegisterState, what: What, owner: int | None) -> set[tuple[Any, ...]]:
    if what is What.SHEETS:
        columns = (MapSheet.series, MapSheet.sheet, MapSheet.edition)
        return {tuple(row) for row in session.execute(select(*columns).where(MapSheet.register_id == register.id))}
    if what is What.MARKERS:
        own: Any = select(BoundaryMarker.number).where(BoundaryMarker.decree_id == owner)
    else:
        own = select(DecreedPlace.place_id).where(DecreedPlace.decree_id == owner)
    return {(one,) for one in session.scalars(own)}


TABLES: Mapping[What, Any] = {
    What.LINES: DescribedLine,
    What.MARKERS: BoundaryMarker,
    What.PLACES: DecreedPlace,
    What.SHEETS: MapSheet,
}


def _drop(session: Session, what: What, owner: int) -> int:
    table = TABLES[what]
    dropped = session.scalars(delete(table).where(table.decree_id == owner).returning(table.id)).all()
    return len(dropped)


def _write(
    session: Session,
    register: RegisterState,
    rows: Iterable[tuple[DescribedRow, dict[str, Any]]],
    what: What,
    *,
    terms: tuple[int | None, str],
) -> None:
    table: type[Table] = TABLES[what]
    own = {"register_id": register.id} if what is What.SHEETS else {"decree_id": terms[0]}
    values = [{**own, "recorded_by": terms[1], **_to_columns(row, found, what)} for row, found in rows]
    if values:
        session.execute(insert(table), values)


def _to_columns(row: DescribedRow, found: Mapping[str, Any], what: What) -> dict[str, Any]:
    """Give what is kept of a row; divisions are kept by their keys."""
    columns = {f"{name}_id" if name in DIVISIONS else name: value for name, value in found.items()}
    if what is What.SHEETS:
        columns["edition"] = columns.get("edition") or ""
    if what is What.MARKERS:
        columns["monument"] = columns.get("monument") or ""
    if what in (What.LINES, What.MARKERS):
        shape = row.geometry
        columns["geom"] = None if shape is None else f"SRID=4326;{shapely.to_wkt(shape, rounding_precision=-1)}"
    return columns
