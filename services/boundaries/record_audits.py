"""Audit what the register says of divisions and places beside their boundaries: kinship, codes, names and positions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from geo.coverage.findings import Detail, Finding, FindingKind
from geo.coverage.fingerprints import name_findings
from geo.coverage.spots import LonLat, check_centres
from geo.locate.strays import Homes, Places, find_strays
from geo.register.candidates import CodeKey
from geo.register.record_checks import Record, RecordBook, check_records
from services.queries import RegisterState, holds_on, load_boundaries
from services.tables.register import Code, Division, Name, Position, Standing

RECORD_KINDS = frozenset(
    {
        FindingKind.STRAY_PLACE,
        FindingKind.CODE_CLASH,
        FindingKind.BROKEN_NESTING,
        FindingKind.ORPHAN,
        FindingKind.NAME_CLASH,
        FindingKind.MISSING_NAME,
        FindingKind.MISSING_CENTRE,
        FindingKind.STRAY_CENTRE,
    }
)
"""What records tell; orphans are told by the audit of boundaries as well."""

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
    own, places = known.list_keys(levels), known.list_keys(_list_place_levels(register, levels))
    if boundaries is None:
        # Where nothing has a point, no ground is asked for.
        is_wanted = not known.points.keys().isdisjoint([*own, *places])
        boundaries = load_boundaries(session, register, day, Standing.level.in_(levels)) if is_wanted else {}
    shapes = {str(division): shape for division, shape in boundaries.items()}
    findings = check_records(known.book, [*own, *places])
    findings += _check_spots(known, own, shapes)
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
    standing = and_(holds_on(Standing, day), Standing.level.in_(sorted(concerned)))
    codes, names = _load_codes(session, register, standing, day), _load_names(session, register, standing, day)
    rows = session.execute(_select(register, standing, Standing.division_id, Standing.level, Standing.parent_id))
    primary = {level.key: register.pack.primary_scheme(level.key).key for level in register.pack.levels}
    records = [
        Record(
            str(row.division_id),
            row.level,
            None if row.parent_id is None else str(row.parent_id),
            _sort_codes(codes.get(row.division_id, ()), primary[row.level]),
            names.get(row.division_id, {}),
        )
        for row in rows
    ]
    book = RecordBook(register.pack, {record.key: record for record in records})
    return _Known(book, _load_points(session, register, standing, day))


def _select(
    register: RegisterState,
    standing: ColumnElement[bool],
    *columns: Any,  # noqa: ANN401 - columns of any dated table
) -> Select[Any]:
    """Select facts about the divisions of a register whose standing meets a condition; the first column names them."""
    held = select(columns[0], *columns[1:]).join(Division, Division.id == columns[0])
    if columns[0] is not Standing.division_id:
        held = held.join(Standing, Standing.division_id == columns[0])
    return held.where(Division.register_id == register.id, standing).order_by(columns[0])


def _sort_codes(codes: Iterable[CodeKey], primary: str) -> tuple[CodeKey, ...]:
    """Put the codes of the primary scheme first."""
    return tuple(sorted(codes, key=lambda code: (code.scheme != primary, code)))


def _load_codes(
    session: Session, register: RegisterState, standing: ColumnElement[bool], day: date
) -> dict[int, list[CodeKey]]:
    codes: dict[int, list[CodeKey]] = defaultdict(list)
    chosen = _select(register, standing, Code.division_id, Code.scheme, Code.version, Code.code)
    for division, scheme, version, code in session.execute(chosen.where(holds_on(Code, day))):
        codes[division].append(CodeKey(scheme, version, code))
    return codes


def _load_names(
    session: Session, register: RegisterState, standing: ColumnElement[bool], day: date
) -> dict[int, dict[str, str]]:
    names: dict[int, dict[str, str]] = defaultdict(dict)
    chosen = _select(register, standing, Name.division_id, Name.language, Name.text)
    for division, language, text in session.execute(chosen.where(Name.official, holds_on(Name, day))):
        names[division][language] = text
    return names


def _load_points(
    session: Session, register: RegisterState, standing: ColumnElement[bool], day: date
) -> dict[str, LonLat]:
    chosen = _select(register, standing, Position.division_id, func.ST_X(Position.geom), func.ST_Y(Position.geom))
    return {str(division): (lon, lat) for division, lon, lat in session.execute(chosen.where(holds_on(Position, day)))}
