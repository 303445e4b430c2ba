"""Match a list or a layer of another source to a register, and keep the proposals as a worksheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import insert
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from geo.register.ground import check_ground, lay_ground
from geo.register.mapping import GROUND_FIELDS
from geo.register.match_rows import Pairs, RowReader, SourceRow, complete_pairs
from geo.register.matching import Match, MatchRules, match_rows
from geo.register.matching_scores import Component
from geo.register.problems import Problem, Weight
from geo.register.rows import Rows
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.files import check_file_safe
from services.layers import lay_rows, read_layer
from services.queries import RegisterState, analyse_tables
from services.register.directories import load_directory
from services.register.match_sheets import Sheet, get_sheet
from services.tables.matching import MatchRow, MatchSheet

MOST_ROWS = 20_000
"""The longest list that is matched at once."""

MOST_PROBLEMS_KEPT = 1000
"""Problems kept with a worksheet."""

ROWS_AT_ONCE = 5_000
"""Rows written together."""


@dataclass(frozen=True)
class MatchSource:
    """Say what is matched and how it is read."""

    path: Path
    """The file."""
    pairs: Pairs = ()
    """Declared fields with their columns; the rest is guessed from the titles."""
    layer: str | None = None
    """The layer, where the file has several."""
    crs: str | None = None
    """The reference system, when the file names none."""
    level: str | None = None
    """The level of every row."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """What the level column writes for which level."""
    scheme: str | None = None
    """The scheme of its codes; None where the register may not know them."""
    title: str = ""
    """What the worksheet is called; the name of the file without it."""
    most_bytes: int = 512 * 1024**2
    """The largest file read."""
    most_vertices: int = 5_000_000
    """The most vertices of one geometry."""


@dataclass(frozen=True)
class MatchReport:
    """Say what a matching found."""

    sheet: Sheet
    """The worksheet that was made."""
    rows: int
    """How many rows were read."""
    proposed: int
    """How many have a division proposed."""
    clear: int
    """How many of them can be confirmed at once."""
    fields: dict[str, str]
    """Which column was taken for which field."""
    problems: tuple[Problem, ...]
    """What was wrong with rows."""


def match_layer(
    session: Session, register: RegisterState, source: MatchSource, *, rules: MatchRules, caller: Caller, day: date
) -> MatchReport:
    """Match the rows of a layer to the divisions as they stand on `day`, and keep the proposals.

    Nothing enters the register. Raises the errors of reading files and of mappings.
    """
    check_permitted(session, caller, Action.MATCH_DIVISIONS, register)
    _check_rules(rules)
    file = check_file_safe(source.path, most_bytes=source.most_bytes)
    reader, rows, fields = _read(register, source)
    levels = {row.level for row in rows}
    chosen = set(register.pack.level_keys) if None in levels or not levels else {level for level in levels if level}
    drawn = any(row.ground is not None for row in rows)
    directory = load_directory(session, register, day, levels=chosen, drawn=drawn)
    matches = match_rows([reader.to_asked(row) for row in rows], directory, rules)
    head = _Head(source, file.digest(), rules, caller, day)
    sheet = _keep(session, register, head, (rows, matches, reader.problems))
    detail = {"sheet": sheet.id, "source": sheet.source, "rows": len(rows)}
    record_write(session, caller=caller, action=Action.MATCH_DIVISIONS, subject=register.name, detail=detail)
    found = [match for match in matches if match.chosen is not None]
    clear = sum(match.is_clear for match in found)
    return MatchReport(sheet, len(rows), len(found), clear, fields, tuple(reader.problems))


def _check_rules(rules: MatchRules) -> None:
    for name in ("least", "threshold", "margin"):
        value = getattr(rules, name)
        if not 0 <= value <= 1:
            raise InvalidValue(field=name, value=value, reason=because("outside_range", least=0, most=1))
    if not 1 <= rules.most <= 20:
        raise InvalidValue(field="most", value=rules.most, reason=because("outside_range", least=1, most=20))


def _read(register: RegisterState, source: MatchSource) -> tuple[RowReader, list[SourceRow], dict[str, str]]:
    """Read the rows of a source, each with its ground where it has a sound one."""
    pack = register.pack
    if source.level:
        pack.level(source.level)
    if source.scheme:
        pack.scheme(source.scheme)
    for level in source.levels.values():
        pack.level(level)
    layer = read_layer(check_file_safe(source.path, most_bytes=source.most_bytes), source.layer)
    if len(layer) > MOST_ROWS:
        raise InvalidValue(field="rows", value=len(layer), reason=because("match_long", most=MOST_ROWS))
    pairs = complete_pairs(layer.columns, source.pairs, pack)
    laid = lay_rows(layer, columns={name: column for name, column in pairs if name in GROUND_FIELDS}, crs=source.crs)
    reader = RowReader(pack, pairs, source.level, source.levels, source.scheme)
    found = reader.read(laid, layer.name)
    grounds = _read_grounds(register, laid, source, reader=reader, layer=layer.name)
    rows = [replace(row, ground=grounds.get(row.number)) for row in found]
    return reader, rows, {f"{name}={column}": column for name, column in pairs}


def _read_grounds(
    register: RegisterState, laid: Rows, source: MatchSource, *, reader: RowReader, layer: str
) -> dict[int, Any]:
    """Give the sound geometries by row; a row goes on without one that is not, and that is told."""
    if laid.shapes is None:
        return {}
    ground = lay_ground(laid, [None] * len(laid), pack=register.pack, most_vertices=source.most_vertices)
    problems = check_ground(ground, layer)
    reader.problems.extend(replace(one, weight=Weight.NOTED) for one in problems)
    bad = {one.row for one in problems if one.weight is Weight.REFUSED}
    pairs = zip(laid.numbers, ground.shapes, strict=True)
    return {number: shape for number, shape in pairs if shape is not None and number not in bad}


@dataclass(frozen=True)
class _Head:
    """Hold what a worksheet says of itself."""

    source: MatchSource
    digest: str
    rules: MatchRules
    caller: Caller
    day: date


def _keep(
    session: Session,
    register: RegisterState,
    head: _Head,
    found: tuple[Sequence[SourceRow], Sequence[Match], Sequence[Problem]],
) -> Sheet:
    rows, matches, problems = found
    values = {
        "register_id": register.id,
        "title": head.source.title or head.source.path.stem,
        "source": head.source.path.name,
        "digest": head.digest,
        "scheme": head.source.scheme,
        "as_of": head.day,
        "based_on": register.version,
        "rules": asdict(head.rules),
        "problems": [_to_problem(one) for one in problems[:MOST_PROBLEMS_KEPT]],
        "made_by": head.caller.name,
    }
    sheet = session.scalar(insert(MatchSheet).values(**values).returning(MatchSheet.id)) or 0
    by_row = {match.row: match for match in matches}
    lines = [_to_row(sheet, row, by_row[row.number]) for row in rows]
    for first in range(0, len(lines), ROWS_AT_ONCE):
        session.execute(insert(MatchRow), lines[first : first + ROWS_AT_ONCE])
    analyse_tables(session, MatchSheet, MatchRow)
    return get_sheet(session, register, sheet)


def _to_problem(problem: Problem) -> dict[str, Any]:
    return {"row": problem.row, "field": problem.field, "rule": problem.rule, "weight": str(problem.weight)}


def _to_row(sheet: int, row: SourceRow, match: Match) -> dict[str, Any]:
    """Write a row as the store keeps it."""
    lon, lat = _find_point(row)
    return {
        "sheet_id": sheet,
        "number": row.number,
        "level": row.level,
        "codes": [list(code) for code in row.codes],
        "names": [list(name) for name in row.names],
        "parents": list(row.parents),
        "lon": lon,
        "lat": lat,
        "options": [
            {"division": one.division, "score": one.score, "parts": [_to_part(part) for part in one.components]}
            for one in match.options
        ],
        "divisions": [] if match.chosen is None else [match.chosen],
        "score": match.score,
        "margin": match.margin,
        "clear": match.is_clear,
    }


def _to_part(component: Component) -> dict[str, Any]:
    told = {"reason": component.reason.key, "params": dict(component.reason.params)}
    return {"part": str(component.part), "score": component.score, "weight": component.weight, **told}


def _find_point(row: SourceRow) -> tuple[float | None, float | None]:
    if row.ground is None:
        return None, None
    point = shapely.point_on_surface(row.ground)
    lon, lat = np.round(shapely.get_coordinates(point)[0], 6).tolist()
    return lon, lat
