"""Write a plan into the register, set by set, inside the caller's transaction.

What is new about a new division is copied in. What is said anew of a known division closes the record of what was
said before: with a date, the old fact ends and the new one begins on it; without one, the register corrects itself
and the new fact takes the whole period of the old.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

import psycopg
import shapely
from psycopg import Connection, sql
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.coverage import measure_area
from geo.errors import StaleVersion
from geo.register.names import search_key
from geo.register.plan import Fact, ImportPlan, Write
from services.queries import RegisterState
from services.register.statements import TABLES, FactTable, join_columns, list_steps
from services.tables.register import Register

LINES_AT_ONCE = 2000
"""How many lines of a copy are sent together."""

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""How a copy writes letters that mean something to it."""

find_key = lru_cache(maxsize=100_000)(search_key)
"""Villages share names, and folding one is slow."""


@dataclass(frozen=True)
class Entry:
    """Say what all facts of one import or change have in common."""

    register: RegisterState
    """The register written to."""
    import_id: int | None
    """The import that brings the facts, if one does."""
    day: date
    """The day on which the plan was compared with the register."""
    is_dated: bool
    """Whether the facts hold from that day on; otherwise the file did not say since when."""
    change_id: int | None = None
    """The change that brings the facts, if one does."""


@dataclass(frozen=True)
class Writer:
    """Hold what every write of one import or change shares."""

    connection: Connection[Any]
    """The connection of the caller's transaction."""
    entry: Entry
    """What the facts have in common."""
    moment: datetime
    """When the register learns them."""
    ids: dict[int, int]
    """The key of each planned division, by its number below zero."""

    def resolve(self, division: int | None) -> int | None:
        """Give the stored key of a known or planned division."""
        return division if division is None or division > 0 else self.ids[division]

    @property
    def values(self) -> dict[str, object]:
        """Give what the statements over known facts ask for."""
        entry = self.entry
        own = {"import_id": entry.import_id, "change_id": entry.change_id, "register_id": entry.register.id}
        return {"day": entry.day, "is_dated": entry.is_dated, "moment": self.moment, **own}


def advance_register(session: Session, register: RegisterState) -> RegisterState:
    """Move a register to its next version; who comes second finds it moved and is refused with StaleVersion."""
    same = (Register.id == register.id, Register.version == register.version)
    step = update(Register).where(*same).values(version=register.version + 1)
    if session.scalar(step.returning(Register.id)) is None:
        current = session.scalar(select(Register.version).where(Register.id == register.id))
        raise StaleVersion(based_on=register.version, current=current)
    return replace(register, version=register.version + 1)


def write_plan(session: Session, plan: ImportPlan, entry: Entry) -> None:
    """Write all that a plan says; nothing is committed here."""
    planned = sorted((division for division in plan.known if division < 0), reverse=True)
    with open_writer(session, entry, planned) as writer:
        write_facts(writer, plan.writes.values())


@contextmanager
def open_writer(session: Session, entry: Entry, planned: Sequence[int]) -> Iterator[Writer]:
    """Open the divisions that are planned, and give what writes facts in the caller's transaction."""
    connection: Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    try:
        # the clock is read under the lock on the register, so that later writes are recorded later
        moment = connection.execute("select clock_timestamp()").fetchone()[0]  # type: ignore[index]
        yield Writer(connection, entry, moment, _open_divisions(connection, entry.register, planned))
    except psycopg.Error as error:
        # the edge tells a lost server and a full disk apart by SQLAlchemy's errors
        raise DBAPIError.instance("import", {}, error, psycopg.Error) from error


def write_facts(writer: Writer, facts: Iterable[Write]) -> None:
    """Write facts, table by table."""
    listed = list(facts)
    for fact, table in TABLES.items():
        writes = [write for write in listed if write.fact is fact]
        # what is known comes first: a code that one division gives up may be taken by a new one
        _write_over(writer, fact, table, [write for write in writes if write.division > 0])
        _copy_new(writer, fact, table, [write for write in writes if write.division < 0])


def _open_divisions(connection: Connection[Any], register: RegisterState, planned: Sequence[int]) -> dict[int, int]:
    """Give each planned division its lasting key."""
    drawn = connection.execute(
        "select nextval(pg_get_serial_sequence('division', 'id')) from generate_series(1, %s)", [len(planned)]
    )
    ids = dict(zip(planned, sorted(row[0] for row in drawn), strict=True))
    lines = (f"{division}\t{register.id}\n" for division in ids.values())
    _copy(connection, "division", ("id", "register_id"), lines)
    return ids


def _copy_new(writer: Writer, fact: Fact, table: FactTable, writes: Sequence[Write]) -> None:
    """Copy facts of divisions that nothing was said of before."""
    if not writes:
        return
    sources = (writer.entry.import_id, writer.entry.change_id)
    common = [*(_to_cell(source) for source in sources), f'["{writer.moment.isoformat()}",)']
    columns = ("division_id", *table.columns, "import_id", "change_id", "recorded")
    if table.dated:
        common.append(f"[{writer.entry.day if writer.entry.is_dated else ''},)")
        columns = (*columns, "valid")
    end = "\t" + "\t".join(common) + "\n"
    _copy(writer.connection, str(fact), columns, (_to_line(_to_row(writer, write)) + end for write in writes))


def _copy(connection: Connection[Any], table: str, columns: Sequence[str], lines: Iterator[str]) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), join_columns(columns))
    with connection.cursor().copy(statement) as copy:
        while block := "".join(islice(lines, LINES_AT_ONCE)):
            copy.write(block)


def _to_line(row: Iterable[object]) -> str:
    """Write a row as a copy reads it."""
    return "\t".join(_to_cell(value) for value in row)


def _to_cell(value: object) -> str:
    if isinstance(value, str):
        return value.translate(ESCAPES)
    return "\\N" if value is None else str(value)


def _to_row(writer: Writer, write: Write) -> tuple[object, ...]:
    """Write a fact as the columns of its table, its division first."""
    fact, division, what, value = write[0], writer.resolve(write.division), write.what, write.value
    match fact, value:
        case Fact.STANDING, (str(level), int() | None as parent):
            return division, level, writer.resolve(parent)
        case Fact.CODE, code:
            scheme, _, version = what.partition("/")
            return division, writer.entry.register.id, scheme, version, code
        case Fact.NAME, str(text):
            return division, what, text, find_key(text), True
        case Fact.BOUNDARY, BaseGeometry() as shape:
            return division, _to_hex(shape), measure_area(shape), what
        case Fact.POSITION, BaseGeometry() as point:
            return division, _to_hex(point)
    return division, what, value


def _to_hex(shape: BaseGeometry) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True))


def _write_over(writer: Writer, fact: Fact, table: FactTable, writes: Sequence[Write]) -> None:
    """Write facts of known divisions over what the register says of them on that day."""
    if not writes:
        return
    before, steps, after = list_steps(fact, table)
    writer.connection.execute(before)
    lines = (_to_line(_to_row(writer, write)) + "\n" for write in writes)
    _copy(writer.connection, "incoming", ("division_id", *table.columns), lines)
    for step in steps:
        writer.connection.execute(step, writer.values)
    writer.connection.execute(after)
