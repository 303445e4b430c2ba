"""Keep the names of registers in memory, one gazetteer for all days on which nothing changes.

A gazetteer is made of one version of a register as one moment's record has it; a write makes the next version, so that
none is ever out of date. Processes do not share them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Row, Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from geo.register.gazetteer import NO_FIGURE, DivisionColumns, Gazetteer, NameColumns, build_gazetteer
from geo.register.periods import Period
from services.access.log import count_recorded
from services.database.recorded import find_moment
from services.queries import RegisterState, get_register, holds_on, is_current
from services.tables.register import Boundary, Code, Name, Population, Standing
from services.tables.register import Division as Record

MOST_KEPT = 4
"""So many gazetteers are kept in a process; that of a country of 100,000 divisions takes some 110 megabytes."""


@dataclass(frozen=True)
class Kept:
    """Hold a gazetteer with the days it is good for."""

    period: Period
    """The days on which no fact of the register begins or ends."""
    gazetteer: Gazetteer
    """The names on those days."""


class Shelf:
    """Keep the gazetteers asked for last; one thread builds while others that want the same wait."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[object, ...], Kept] = OrderedDict()
        self._lock = Lock()

    def fetch(self, session: Session, register: RegisterState, day: date) -> Gazetteer:
        """Give the gazetteer of a register on a day."""
        if count_recorded(session):
            # what this session has written may yet be taken back, and its version be given to another write
            return load_gazetteer(session, register, day)
        address = session.get_bind().engine.url.render_as_string()
        key = (address, find_moment(session), register.id, register.version)
        with self._lock:
            return self._find(key, day) or self._keep(session, register, day, key)

    def _find(self, key: tuple[object, ...], day: date) -> Gazetteer | None:
        for full, kept in self._kept.items():
            if full[:-1] == key and kept.period.contains(day):
                self._kept.move_to_end(full)
                return kept.gazetteer
        return None

    def _keep(self, session: Session, register: RegisterState, day: date, key: tuple[object, ...]) -> Gazetteer:
        period, built = find_still_days(session, register, day), load_gazetteer(session, register, day)
        if get_register(session, register.name).version == register.version:
            self._kept[*key, period.start] = Kept(period, built)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return built


SHELF = Shelf()
"""The gazetteers of this process."""


def find_still_days(session: Session, register: RegisterState, day: date) -> Period:
    """Find the days around one on which nothing of the register begins or ends."""
    sides = [
        select(side(table.valid).label("at"))
        .join(Record, Record.id == table.division_id)
        .where(Record.register_id == register.id, is_current(table))
        for table in (Standing, Code, Name, Boundary)
        for side in (func.lower, func.upper)
    ]
    at = union_all(*sides).subquery().c.at
    before, after = case((at <= literal(day), at)), case((at > literal(day), at))
    start, end = session.execute(select(func.max(before), func.min(after))).one()
    return Period(start, end)


def load_gazetteer(session: Session, register: RegisterState, day: date) -> Gazetteer:
    """Load the names of a register on a day, with what a search tells of its divisions."""
    standings = session.execute(_select_standings(register, day)).all()
    codes = {row.division_id: row for row in session.execute(_select_codes(register, day))}
    areas = dict(map(tuple, session.execute(_of_register(register, Boundary, Boundary.area_m2, day=day))))
    names = _of_register(register, Name, Name.text, Name.language, Name.official, day=day)
    listed = session.execute(names.order_by(Name.division_id, Name.language, Name.official.desc(), Name.text)).all()
    columns = _to_columns(standings, codes, areas=areas, people=_load_people(session, register))
    levels = {level: rank for rank, level in enumerate(register.pack.level_keys)}
    ranks = np.array([levels[row.level] for row in standings], dtype=np.int64)
    return build_gazetteer(DivisionColumns(levels=ranks, **columns), _to_names(listed), register.pack.level_keys)


def _of_register(register: RegisterState, table: Any, *columns: Any, day: date) -> Select[Any]:  # noqa: ANN401 - tables
    chosen: Select[Any] = select(table.division_id, *columns)
    return chosen.join(Record, Record.id == table.division_id).where(
        Record.register_id == register.id, holds_on(table, day)
    )


def _select_standings(register: RegisterState, day: date) -> Select[Any]:
    return _of_register(register, Standing, Standing.level, Standing.parent_id, day=day).order_by(Standing.division_id)


def _select_codes(register: RegisterState, day: date) -> Select[Any]:
    """Select the codes of divisions, of each the best last: the primary scheme's, else the first scheme's."""
    primary = {level: register.pack.primary_scheme(level).key for level in register.pack.level_keys}
    is_primary = Code.scheme == case(primary, value=Standing.level)
    codes = _of_register(register, Code, Code.code, Code.scheme, day=day)
    standing = and_(Standing.division_id == Code.division_id, holds_on(Standing, day))
    return codes.join(Standing, standing).order_by(Code.division_id, is_primary, Code.scheme.desc(), Code.version)


def _load_people(session: Session, register: RegisterState) -> dict[int, int]:
    """Load the latest count of each division that was counted itself."""
    latest = (
        select(Population.division_id, Population.people)
        .join(Record, Record.id == Population.division_id)
        .where(Record.register_id == register.id, is_current(Population))
        .order_by(Population.division_id, Population.counted_on.nulls_first(), Population.source)
    )
    return {division: people for division, people in session.execute(latest)}


def _to_columns(
    standings: Sequence[Row[Any]], codes: dict[int, Row[Any]], *, areas: dict[int, float], people: dict[int, int]
) -> dict[str, Any]:
    ids = [row.division_id for row in standings]
    found = [codes.get(division) for division in ids]
    return {
        "ids": np.array(ids, dtype=np.int64),
        "parents": np.array([-1 if row.parent_id is None else row.parent_id for row in standings], dtype=np.int64),
        "people": np.array([people.get(division, NO_FIGURE) for division in ids], dtype=np.int64),
        "codes": [row.code if row else "" for row in found],
        "schemes": [row.scheme if row else "" for row in found],
        "areas": np.array([areas.get(division, np.nan) for division in ids], dtype=np.float64),
    }


def _to_names(rows: Sequence[Row[Any]]) -> NameColumns:
    return NameColumns(
        divisions=np.array([row.division_id for row in rows], dtype=np.int64),
        texts=[row.text for row in rows],
        languages=[row.language for row in rows],
        official=np.array([row.official for row in rows], dtype=np.bool_),
    )
