"""Write the divisions of a country as a file of open civic data ids: every parent before its children.

Rows come from the store and go into the file a few thousand at a time; only ids stay in memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Date, Select, and_, bindparam, case, cast, collate, func, literal, or_, select, union
from sqlalchemy.orm import Session

from geo.errors import InvalidCode, because
from geo.register.countries import CountryPack
from geo.register.ocd import SCHEME, to_country_id, to_ocd_id
from geo.register.periods import Period
from services.atomic import replace_when_whole
from services.queries import RegisterState, is_current, to_period
from services.tables.register import Code, Division, Name, Standing

COLUMNS = ("id", "name", "sameAs", "sameAsNote", "validFrom", "validThrough")
"""The columns of the file, as open civic data names them."""

ROWS_AT_ONCE = 5000
"""How many rows are taken from the store together."""


@dataclass(frozen=True)
class OcdRow:
    """Hold one line of the file."""

    id: str
    """The id."""
    name: str
    """The official name in the first language of the pack."""
    same_as: str = ""
    """The id by which the division is known today, when this is a former one."""
    note: str = ""
    """Why there are two."""
    period: Period = field(default_factory=Period)
    """When the id holds."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Write it as the columns of the file; the last day still belongs, unlike in our own periods."""
        first = self.period.start.isoformat() if self.period.start else ""
        last = (self.period.end - timedelta(days=1)).isoformat() if self.period.end else ""
        return self.id, self.name, self.same_as, self.note, first, last


@dataclass(frozen=True)
class OcdReport:
    """Say what was written."""

    path: str
    """The file."""
    rows: int
    """How many ids it holds."""


@dataclass
class _Ids:
    """Know the ids given so far on one day, with when they hold."""

    pack: CountryPack
    of: dict[int, tuple[str, Period]] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)

    def give(self, row: Any) -> tuple[str, Period]:  # noqa: ANN401 - a row of the statement
        """Give a division its id under that of its parent."""
        above, since = self.of.get(row.parent_id, (to_country_id(self.pack), Period()))
        found = to_ocd_id(self.pack, above, level=row.level, code=row.code)
        other = self.owners.setdefault(found, row.division_id)
        if other != row.division_id:
            raise InvalidCode(code=row.code, scheme=SCHEME, reason=because("ocd_twice", id=found))
        own = to_period(row.held).intersect(to_period(row.stood)) or Period()
        period = own.intersect(since) or own
        if self.pack.children_of(row.level):
            self.of[row.division_id] = (found, period)
        return found, period


def export_ocd(
    session: Session, register: RegisterState, out: Path, *, day: date, with_former: bool = False
) -> OcdReport:
    """Write the ids of a register to a CSV file, whole or not at all."""
    rows = 0
    with replace_when_whole(out) as path, path.open("w", encoding="utf-8", newline="") as file:
        for line in write_lines(list_ocd_ids(session, register, day=day, with_former=with_former)):
            file.write(line)
            rows += 1
    return OcdReport(str(out), rows - 1)


def write_lines(rows: Iterator[OcdRow]) -> Iterator[str]:
    """Write rows as the lines of a CSV file, the header first."""
    yield _to_line(COLUMNS)
    for row in rows:
        yield _to_line(row.cells)


def _to_line(cells: tuple[str, ...]) -> str:
    room = io.StringIO(newline="")
    csv.writer(room, lineterminator="\n").writerow(cells)
    return room.getvalue()


def list_ocd_ids(
    session: Session, register: RegisterState, *, day: date, with_former: bool = False
) -> Iterator[OcdRow]:
    """List the ids of a register's divisions on `day`, then those they had before, if wanted.

    A division without a code in the primary scheme of its level has no id; what lies below it comes under the nearest
    division above that has one. Raises InvalidCode when two divisions would have one id.
    """
    pack = register.pack
    yield OcdRow(to_country_id(pack), pack.names[pack.languages[0]])
    known: dict[int, str] = {}
    for division, row in _list_on(session, register, day):
        if with_former:
            known[division] = row.id
        yield row
    if with_former:
        yield from _list_former(session, register, day, known=known)


def _list_on(session: Session, register: RegisterState, day: date) -> Iterator[tuple[int, OcdRow]]:
    ids = _Ids(register.pack)
    statement = _select_rows(register).execution_options(yield_per=ROWS_AT_ONCE)
    # the store keeps its place for us until we are done, or somebody stops asking
    with closing(session.execute(statement, {"day": day})) as rows:
        for row in rows:
            found, period = ids.give(row)
            yield row.division_id, OcdRow(found, row.name or row.code, period=period)


def _list_former(session: Session, register: RegisterState, day: date, *, known: dict[int, str]) -> Iterator[OcdRow]:
    """List the ids that ended before the day, the latest first, each with the id its division has today."""
    told = set(known.values())
    for end in session.scalars(_select_ends(register, day)).all():
        for division, row in _list_on(session, register, end - timedelta(days=1)):
            if row.period.end == end and row.id not in told:
                told.add(row.id)
                same = known.get(division, "")
                note = f"until {end - timedelta(days=1)}" if same else ""
                yield OcdRow(row.id, row.name, same, note, row.period)


def _select_ends(register: RegisterState, day: date) -> Select[Any]:
    """Select the days on which a code or a standing ended, from which ids may differ, the latest first."""
    ends = [
        select(cast(func.upper(table.valid), Date).label("ended"))
        .join(Division, Division.id == table.division_id)
        .where(Division.register_id == register.id, is_current(table), func.upper(table.valid) <= day)
        for table in (Code, Standing)
    ]
    days = union(*ends).subquery()
    return select(days.c.ended).order_by(days.c.ended.desc())


def _select_rows(register: RegisterState) -> Select[*tuple[Any, ...]]:
    """Select the divisions of a day with their primary codes, parents first and then by code."""
    pack = register.pack
    day = bindparam("day", type_=Date)
    levels = [(level.key, pack.primary_scheme(level.key)) for level in pack.levels]
    is_primary = or_(
        *(
            and_(Standing.level == level, Code.scheme == scheme.key, Code.version == scheme.version)
            for level, scheme in levels
        )
    )
    own = and_(Code.division_id == Standing.division_id, Code.valid.contains(day), is_current(Code), is_primary)
    named = (Name.division_id == Standing.division_id, Name.language == pack.languages[0], Name.official)
    rank = case({level.key: literal(level.rank) for level in pack.levels}, value=Standing.level)
    return (
        select(
            Standing.division_id,
            Standing.level,
            Standing.parent_id,
            Standing.valid.label("stood"),
            Code.code,
            Code.valid.label("held"),
            Name.text.label("name"),
        )
        .join(Division, Division.id == Standing.division_id)
        .join(Code, own)
        .join(Name, and_(*named, Name.valid.contains(day), is_current(Name)), isouter=True)
        .where(Division.register_id == register.id, Standing.valid.contains(day), is_current(Standing))
        .order_by(rank, collate(Code.code, "C"))
    )
