"""Write a plan into the register, set by set, inside the caller's transaction.

What is new about a new division is copied in. What is said anew of a known division closes the record of what was
said before: with a date, the old fact ends and the new one begins on it; without one, the register corrects itself
and the new fact takes the whole period of the old.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from psycopg import Connection, sql
from sqlalchemy.orm import Session

from geo.coverage import measure_area
from geo.register.names import search_key
from geo.register.plan import Fact, ImportPlan, Write
from services.queries import RegisterState


@dataclass(frozen=True)
class FactTable:
    """Say how the facts of one kind are stored."""

    columns: tuple[str, ...]
    """What a fact holds beside its division and periods."""
    keys: tuple[str, ...] = ()
    """Which of the columns tell one fact of a division from another."""
    dated: bool = True
    """Whether it holds for a period in the world."""


TABLES = {
    Fact.STANDING: FactTable(("level", "parent_id")),
    Fact.CODE: FactTable(("register_id", "scheme", "version", "code"), ("scheme", "version")),
    Fact.NAME: FactTable(("language", "text", "key", "official"), ("language", "official")),
    Fact.BOUNDARY: FactTable(("geom", "area_m2", "digest")),
    Fact.POSITION: FactTable(("geom",)),
    Fact.POPULATION: FactTable(("source", "people"), ("source",), dated=False),
}


@dataclass(frozen=True)
class Writer:
    """Hold what every write of one import shares."""

    connection: Connection[Any]
    """The connection of the caller's transaction."""
    register: RegisterState
    """The register written to."""
    import_id: int
    """The import that brings the facts."""
    valid_from: date | None
    """The day from which they hold; None when the file did not say."""
    ids: dict[int, int]
    """The key of each planned division, by its number below zero."""

    def resolve(self, division: int | None) -> int | None:
        """Give the stored key of a known or planned division."""
        return division if division is None or division > 0 else self.ids[division]


def write_plan(
    session: Session, register: RegisterState, plan: ImportPlan, *, import_id: int, valid_from: date | None
) -> None:
    """Write all that a plan says; nothing is committed here."""
    connection: Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    planned = sorted((division for division in plan.known if division < 0), reverse=True)
    writer = Writer(connection, register, import_id, valid_from, _open_divisions(connection, register, planned))
    for fact, table in TABLES.items():
        writes = [write for write in plan.writes if write.fact is fact]
        _copy_new(writer, fact, table, [write for write in writes if write.division < 0])
        _write_over(writer, fact, table, [write for write in writes if write.division > 0])


def _open_divisions(connection: Connection[Any], register: RegisterState, planned: Sequence[int]) -> dict[int, int]:
    """Give each planned division its lasting key."""
    drawn = connection.execute(
        "select nextval(pg_get_serial_sequence('division', 'id')) from generate_series(1, %s)", [len(planned)]
    )
    ids = dict(zip(planned, sorted(row[0] for row in drawn), strict=True))
    with connection.cursor().copy("copy division (id, register_id) from stdin") as copy:
        for division in ids.values():
            copy.write_row((division, register.id))
    return ids


def _copy_new(writer: Writer, fact: Fact, table: FactTable, writes: Sequence[Write]) -> None:
    """Copy facts of divisions that nothing was said of before."""
    period = ("valid",) if table.dated else ()
    valid = (f"[{writer.valid_from or ''},)",) if table.dated else ()
    rows = ((*_to_row(writer, write), writer.import_id, *valid) for write in writes)
    _copy(writer.connection, str(fact), ("division_id", *table.columns, "import_id", *period), rows)


def _copy(connection: Connection[Any], table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), _join(columns))
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _to_row(writer: Writer, write: Write) -> tuple[object, ...]:
    """Write a fact as the columns of its table, its division first."""
    division = writer.resolve(write.division)
    match write.fact, write.value:
        case Fact.STANDING, (str(level), int() | None as parent):
            return division, level, writer.resolve(parent)
        case Fact.CODE, code:
            scheme, _, version = write.what.partition("/")
            return division, writer.register.id, scheme, version, code
        case Fact.NAME, str(text):
            return division, write.what, text, search_key(text), True
        case Fact.BOUNDARY, shapely.Geometry() as shape:
            return division, _to_hex(_to_multi(shape)), measure_area(shape), write.what
        case Fact.POSITION, shapely.Geometry() as point:
            return division, _to_hex(point)
    return division, write.what, write.value


def _to_hex(shape: shapely.Geometry) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True))


def _to_multi(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape


def _write_over(writer: Writer, fact: Fact, table: FactTable, writes: Sequence[Write]) -> None:
    """Write facts of known divisions over what the register says of them on that day."""
    if not writes:
        return
    connection, columns = writer.connection, ("division_id", *table.columns)
    names = {"fact": sql.Identifier(str(fact)), "columns": _join(columns)}
    connection.execute(
        sql.SQL("create temporary table incoming on commit drop as select {columns} from {fact} limit 0").format(
            **names
        )
    )
    _copy(connection, "incoming", columns, (_to_row(writer, write) for write in writes))
    day = writer.valid_from or connection.execute("select current_date").fetchone()[0]  # type: ignore[index]
    values = {"day": day, "import_id": writer.import_id, "is_dated": writer.valid_from is not None}
    for statement in _list_steps(table):
        connection.execute(sql.SQL(statement).format(**names, **_list_pieces(table)), values)
    connection.execute("drop table incoming")


def _list_steps(table: FactTable) -> tuple[str, ...]:
    return (CLOSE, KEEP_BEFORE, INSERT_DATED, DROP_CLOSED) if table.dated else (CLOSE_UNDATED, INSERT_UNDATED)


def _list_pieces(table: FactTable) -> dict[str, sql.Composable]:
    """Write the pieces of SQL that differ from table to table."""
    columns = ("division_id", *table.columns)
    same = [sql.SQL("f.{0} = i.{0}").format(sql.Identifier(key)) for key in ("division_id", *table.keys)]
    return {
        "same": sql.SQL(" and ").join(same),
        "from_old": _join(columns, "f."),
        "from_new": _join(columns, "i."),
    }


def _join(columns: Sequence[str], alias: str = "") -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(alias) + sql.Identifier(column) for column in columns)


OPEN = "create temporary table incoming on commit drop as select {columns} from {fact} limit 0"

CLOSE = """
create temporary table closed on commit drop as
with ended as (
    update {fact} f set recorded = tstzrange(lower(f.recorded), now()) from incoming i
    where {same} and upper_inf(f.recorded) and f.valid @> %(day)s::date
    returning f.*
)
select * from ended
"""

KEEP_BEFORE = """
insert into {fact} ({columns}, import_id, valid)
select {from_old}, f.import_id, daterange(lower(f.valid), %(day)s) from closed f
where %(is_dated)s and (lower_inf(f.valid) or lower(f.valid) < %(day)s)
"""

# A fact said for the first time lasts until the next one begins.
INSERT_DATED = """
insert into {fact} ({columns}, import_id, valid)
select {from_new}, %(import_id)s, daterange(
    case when %(is_dated)s then %(day)s else lower(f.valid) end,
    case when f.id is not null then upper(f.valid)
         else (select min(lower(f.valid)) from {fact} f
               where {same} and upper_inf(f.recorded) and lower(f.valid) > %(day)s) end
)
from incoming i left join closed f on {same}
"""

DROP_CLOSED = "drop table closed"

CLOSE_UNDATED = """
update {fact} f set recorded = tstzrange(lower(f.recorded), now()) from incoming i
where {same} and upper_inf(f.recorded)
"""

INSERT_UNDATED = "insert into {fact} ({columns}, import_id) select {from_new}, %(import_id)s from incoming i"
