"""Write the SQL by which new facts take the place of old ones, the same for every table of facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from geo.register.plan import Fact


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
"""The tables in the order in which they are written."""

BEFORE = "create temporary table incoming on commit drop as select {columns} from {fact} limit 0"

AFTER = "drop table incoming"

CLOSE = """
create temporary table closed on commit drop as
with ended as (
    update {fact} f set recorded = tstzrange(lower(f.recorded), greatest(lower(f.recorded), %(moment)s))
    from incoming i
    where {same} and upper_inf(f.recorded) and f.valid @> %(day)s::date
    returning f.*
)
select * from ended
"""

KEEP_BEFORE = """
insert into {fact} ({columns}, import_id, change_id, recorded, valid)
select {from_old}, f.import_id, f.change_id, tstzrange(%(moment)s, null), daterange(lower(f.valid), %(day)s)
from closed f
where %(is_dated)s and (lower_inf(f.valid) or lower(f.valid) < %(day)s)
"""

# A fact said for the first time lasts until the next one begins and, without a date, goes back to where one ended.
INSERT_DATED = """
insert into {fact} ({columns}, import_id, change_id, recorded, valid)
select {from_new}, %(import_id)s, %(change_id)s, tstzrange(%(moment)s, null), daterange(
    case when %(is_dated)s then %(day)s
         when f.id is not null then lower(f.valid)
         else (select max(upper(f.valid)) from {fact} f
               where {same} and upper_inf(f.recorded) and upper(f.valid) <= %(day)s) end,
    case when f.id is not null then upper(f.valid)
         else (select min(lower(f.valid)) from {fact} f
               where {same} and upper_inf(f.recorded) and lower(f.valid) > %(day)s) end
)
from incoming i left join closed f on {same}
"""

DROP_CLOSED = "drop table closed"

# What ends without something of its kind to follow; `what` is empty where a division has only one.
CLOSE_ENDED = """
create temporary table closed on commit drop as
with ended as (
    update {fact} f set recorded = tstzrange(lower(f.recorded), greatest(lower(f.recorded), %(moment)s))
    where f.division_id = any(%(divisions)s) and upper_inf(f.recorded) and f.valid @> %(day)s::date and {is_meant}
    returning f.*
)
select * from ended
"""

# A change taken back. What it touched is said as it was before, if it is still said as the change left it: what
# later changes did to it and were taken back for does not count.
TOUCHED = """
create temporary table touched on commit drop as
select distinct {own_keys} from {fact} f join division d on d.id = f.division_id
where d.register_id = %(register_id)s and (lower(f.recorded) = %(applied_at)s or upper(f.recorded) = %(applied_at)s)
"""

IMAGES = """
create temporary table images on commit drop as
select f.*, upper_inf(f.recorded) as is_now, f.recorded @> %(applied_at)s::timestamptz as is_after,
    lower(f.recorded) < %(applied_at)s and (upper_inf(f.recorded) or upper(f.recorded) >= %(applied_at)s) as is_before,
    row({told}, f.valid)::text as told
from {fact} f join touched i on {same}
"""

OVERTAKEN = """
select lower(n.recorded) from images n where n.is_now and not exists (
    select from images a where a.is_after and a.division_id = n.division_id and a.told = n.told)
union
select upper(a.recorded) from images a where a.is_after and not a.is_now and not exists (
    select from images n where n.is_now and a.division_id = n.division_id and a.told = n.told)
"""

WITHDRAW = """
update {fact} f set recorded = tstzrange(lower(f.recorded), greatest(lower(f.recorded), %(moment)s))
from images n
where n.id = f.id and n.is_now and not exists (
    select from images b where b.is_before and b.division_id = n.division_id and b.told = n.told)
"""

RESTORE = """
insert into {fact} ({columns}, import_id, change_id, recorded, valid)
select {from_old}, f.import_id, f.change_id, tstzrange(%(moment)s, null), f.valid
from images f
where f.is_before and not exists (
    select from images n where n.is_now and n.division_id = f.division_id and n.told = f.told)
"""

DROP_IMAGES = "drop table touched, images"

CLOSE_UNDATED = """
update {fact} f set recorded = tstzrange(lower(f.recorded), greatest(lower(f.recorded), %(moment)s)) from incoming i
where {same} and upper_inf(f.recorded)
"""

INSERT_UNDATED = """
insert into {fact} ({columns}, import_id, change_id, recorded)
select {from_new}, %(import_id)s, %(change_id)s, tstzrange(%(moment)s, null) from incoming i
"""


MEANT = {
    Fact.CODE: "f.scheme || '/' || f.version = %(what)s",
    Fact.NAME: "f.official and f.language = %(what)s",
}
"""How one thing said of a division is told from others of its kind."""


def list_ending_steps(fact: Fact, table: FactTable, *, all_of_kind: bool) -> tuple[sql.Composed, ...]:
    """Give the statements that end facts of some divisions, all of a kind or the one named by `what`."""
    is_meant = sql.SQL("true" if all_of_kind else MEANT.get(fact, "true"))
    pieces = {**_list_pieces(fact, table), "is_meant": is_meant}
    return tuple(sql.SQL(step).format(**pieces) for step in (CLOSE_ENDED, KEEP_BEFORE, DROP_CLOSED))


@dataclass(frozen=True)
class UndoingSteps:
    """Hold the statements that take a change back in one table of facts."""

    before: tuple[sql.Composed, ...]
    """What gathers the facts the change touched."""
    overtaken: sql.Composed
    """What finds the moments at which they were said otherwise since."""
    after: tuple[sql.Composed, ...]
    """What withdraws those the change wrote, restores those it closed, and clears the room."""


def list_undoing_steps(fact: Fact, table: FactTable) -> UndoingSteps:
    """Give the statements that take a change back in one table of facts."""
    told = sql.SQL(", ").join(sql.SQL("f.") + sql.Identifier(column) for column in table.columns)
    own_keys = join_columns(("division_id", *table.keys), "f.")
    pieces = {**_list_pieces(fact, table), "told": told, "own_keys": own_keys}
    found = [sql.SQL(step).format(**pieces) for step in (TOUCHED, IMAGES, OVERTAKEN, WITHDRAW, RESTORE, DROP_IMAGES)]
    return UndoingSteps((found[0], found[1]), found[2], (found[3], found[4], found[5]))


def list_steps(fact: Fact, table: FactTable) -> tuple[sql.Composed, list[sql.Composed], sql.Composed]:
    """Give what makes room for incoming facts, what writes them over the old ones, and what clears the room."""
    pieces = _list_pieces(fact, table)
    steps = (CLOSE, KEEP_BEFORE, INSERT_DATED, DROP_CLOSED) if table.dated else (CLOSE_UNDATED, INSERT_UNDATED)
    before, *written, after = (sql.SQL(step).format(**pieces) for step in (BEFORE, *steps, AFTER))
    return before, written, after


def _list_pieces(fact: Fact, table: FactTable) -> dict[str, sql.Composable]:
    """Write the pieces of SQL that differ from table to table."""
    columns = ("division_id", *table.columns)
    same = [sql.SQL("f.{0} = i.{0}").format(sql.Identifier(key)) for key in ("division_id", *table.keys)]
    return {
        "fact": sql.Identifier(str(fact)),
        "columns": join_columns(columns),
        "same": sql.SQL(" and ").join(same),
        "from_old": join_columns(columns, "f."),
        "from_new": join_columns(columns, "i."),
    }


def join_columns(columns: Sequence[str], alias: str = "") -> sql.Composed:
    """List columns as SQL does."""
    return sql.SQL(", ").join(sql.SQL(alias) + sql.Identifier(column) for column in columns)
