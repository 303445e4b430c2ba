"""Audit what the register says of divisions and places beside their boundaries: kinship, codes, names and positions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.coverage.findings import Detail, Finding
from geo.coverage.fingerprints import name_findings
from geo.coverage.spots import LonLat, check_centres
from geo.locate.strays import Homes, Places, find_strays
from geo.register.candidates import CodeKey
from geo.register.record_checks import Record, RecordBook, check_records
from services.queries import RegisterState, holds_on, load_boundaries
from services.tables.register import Code, Division, Name, Position, Standing

_NAMED_BY_KEY = ("place", "home", "parent")
"""Values of a detail that are keys of divisions, for which people know codes."""


@dataclass(frozen=True)
class _Known:
    """Hold what the register says on one day of the divisions that concern an audit."""

    book: RecordBook
    """The audited divisions, the places below them and all above."""
    points: Mapping[str, LonLat]
    """Centres of divisions and positions of places."""

    def list_keys(self, levels: Iterable[str]) -> list[str]:
        """List the divisions of some levels, in order."""
        wanted = set(levels)
        return sorted((key for key, record in self.book.records.items() if record.level in wanted), key=int)

    def write_code(self, key: str) -> str | None:
        """Give the code people know a division by: that of its level's primary scheme, else its first."""
        record = self.book.records.get(key)
        if record is None or not record.codes:
            return None
        primary = self.book.pack.primary_scheme(record.level).key
        return next((code.code for code in record.codes if code.scheme == primary), record.codes[0].code)


def list_record_findings(
    session: Session,
    register: RegisterState,
    levels: Sequence[str],
    *,
    day: date,
    boundaries: Mapping[int, BaseGeometry | None] | None = None,
) -> tuple[Finding, ...]:
    """Find what is wrong with the records of some levels and of the places below them, as of a day.

    The findings name divisions by the register's ids, written as texts, as the audit of boundaries does, and have
    their fingerprints. `boundaries` saves loading those of the levels again.
    """
    known = _load_known(session, register, levels, day)
    if boundaries is None:
        boundaries = load_boundaries(session, register, day, Standing.level.in_(levels))
    shapes = {str(division): shape for division, shape in boundaries.items()}
    places = known.list_keys(_list_place_levels(register, levels))
    findings = check_records(known.book, [*known.list_keys(levels), *places])
    findings += _check_spots(known, known.list_keys(levels), shapes)
    findings += _find_strays(known, places, shapes)
    return name_findings(_tell_codes(finding, known) for finding in findings)


def _list_place_levels(register: RegisterState, levels: Sequence[str]) -> list[str]:
    """List the levels of places that stand directly under some levels."""
    return sorted({level.key for one in levels for level in register.pack.children_of(one) if level.is_place})


def _check_spots(known: _Known, keys: Sequence[str], shapes: Mapping[str, BaseGeometry | None]) -> list[Finding]:
    levels = [known.book.records[key].level for key in keys]
    centres = {key: known.points[key] for key in keys if key in known.points}
    return check_centres(keys, [shapes.get(key) for key in keys], centres, levels=levels)


def _find_strays(known: _Known, places: Sequence[str], shapes: Mapping[str, BaseGeometry | None]) -> Sequence[Finding]:
    held = [key for key in places if key in known.points]
    lonlat = np.array([known.points[key] for key in held], dtype=np.float64).reshape(-1, 2)
    homes = [known.book.records[key].parent for key in held]
    keys = sorted(shapes, key=int)
    return find_strays(Places(held, lonlat, homes), Homes(keys, [shapes[key] for key in keys])).findings


def _tell_codes(finding: Finding, known: _Known) -> Finding:
    """Write codes for ids where a detail names divisions."""
    detail: dict[str, Detail] = dict(finding.detail)
    for name in _NAMED_BY_KEY:
        if isinstance(key := detail.get(name), str):
            detail[name] = known.write_code(key)
    return replace(finding, detail=detail)


def _load_known(session: Session, register: RegisterState, levels: Sequence[str], day: date) -> _Known:
    concerned = {*levels, *_list_place_levels(register, levels)}
    step: set[str] = set(concerned)
    while step:
        step = {parent for level in step for parent in register.pack.level(level).parents} - concerned
        concerned |= step
    codes, names = _load_codes(session, register, day), _load_names(session, register, day)
    rows = session.execute(
        _select(register, Standing.division_id, Standing.level, Standing.parent_id).where(
            holds_on(Standing, day), Standing.level.in_(sorted(concerned))
        )
    )
    records = [
        Record(
            str(row.division_id),
            row.level,
            None if row.parent_id is None else str(row.parent_id),
            _sort_codes(register, row.level, codes.get(row.division_id, ())),
            names.get(row.division_id, {}),
        )
        for row in rows
    ]
    book = RecordBook(register.pack, {record.key: record for record in records})
    return _Known(book, _load_points(session, register, day))


def _select(register: RegisterState, *columns: Any) -> Any:  # noqa: ANN401 - rows of whatever table the columns are of
    """Select facts about the divisions of a register."""
    own = Division.id == columns[0]
    return select(*columns).join(Division, own).where(Division.register_id == register.id).order_by(columns[0])


def _sort_codes(register: RegisterState, level: str, codes: Iterable[CodeKey]) -> tuple[CodeKey, ...]:
    """Put the codes of a level's primary scheme first."""
    primary = register.pack.primary_scheme(level).key
    return tuple(sorted(codes, key=lambda code: (code.scheme != primary, code)))


def _load_codes(session: Session, register: RegisterState, day: date) -> dict[int, list[CodeKey]]:
    codes: dict[int, list[CodeKey]] = defaultdict(list)
    chosen = _select(register, Code.division_id, Code.scheme, Code.version, Code.code).where(holds_on(Code, day))
    for division, scheme, version, code in session.execute(chosen):
        codes[division].append(CodeKey(scheme, version, code))
    return codes


def _load_names(session: Session, register: RegisterState, day: date) -> dict[int, dict[str, str]]:
    names: dict[int, dict[str, str]] = defaultdict(dict)
    chosen = _select(register, Name.division_id, Name.language, Name.text).where(Name.official, holds_on(Name, day))
    for division, language, text in session.execute(chosen):
        names[division][language] = text
    return names


def _load_points(session: Session, register: RegisterState, day: date) -> dict[str, LonLat]:
    chosen = _select(register, Position.division_id, func.ST_X(Position.geom), func.ST_Y(Position.geom))
    return {str(division): (lon, lat) for division, lon, lat in session.execute(chosen.where(holds_on(Position, day)))}
