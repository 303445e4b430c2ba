"""Find worksheets and their rows, as all that is done with them begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, Reason, SheetNotFound, because
from geo.register.divisions import Division
from services.lookups import list_matching
from services.queries import RegisterState
from services.tables.matching import MatchRow, MatchSheet
from services.tables.register import Standing

MOST_ROWS_NAMED = 10
"""How many rows a refusal names."""


@dataclass(frozen=True)
class Sheet:
    """Hold what a worksheet says of itself."""

    id: int
    """Its key."""
    title: str
    """What it is called."""
    source: str
    """The file it was made from."""
    scheme: str | None
    """The scheme of the source's codes, where it is known."""
    as_of: date
    """The day on which the divisions stood as they were matched."""
    based_on: int
    """The version of the register then."""
    rules: dict[str, Any]
    """The rules of the matching: threshold, margin and so on."""
    version: int
    """How often it was written; a decision says which version it is based on."""
    made_by: str
    """Who made it."""
    made_at: datetime
    """When."""
    counts: dict[str, int]
    """How many rows are in each state; `clear` counts those proposed that can be confirmed at once."""


@dataclass(frozen=True)
class ScorePart:
    """Tell one part of a score."""

    part: str
    """Which: code, name, parent, overlap or position."""
    score: float
    """From 0 to 1."""
    weight: float
    """How much it counts."""
    reason: Reason
    """Why."""


@dataclass(frozen=True)
class Candidate:
    """Hold a division that a row may be."""

    division: Division
    """The division as it stood on the worksheet's day."""
    score: float
    """From 0 to 1."""
    parts: tuple[ScorePart, ...]
    """What the score is made of."""


@dataclass(frozen=True)
class Line:
    """Hold one row of a worksheet."""

    number: int
    """Its place in the source."""
    level: str | None
    """Its level, where the source tells it."""
    codes: tuple[tuple[str, str], ...]
    """Its codes with their schemes."""
    names: tuple[tuple[str, str], ...]
    """Its names with their languages."""
    parents: tuple[str, ...]
    """What it is said to lie in."""
    candidates: tuple[Candidate, ...]
    """What it may be, the likeliest first."""
    divisions: tuple[Division, ...]
    """What is proposed, or was decided."""
    state: str
    """`proposed`, `confirmed`, `refused` or `split`."""
    score: float
    """The score of the proposal."""
    margin: float
    """How far it is ahead of the next candidate."""
    is_clear: bool
    """Whether it can be confirmed together with others."""
    note: str
    """What was noted with the decision."""
    decided_by: str | None
    """Who decided."""
    is_applied: bool
    """Whether the register has it."""


def get_sheet(session: Session, register: RegisterState, sheet: int, *, lock: bool = False) -> Sheet:
    """Give a worksheet of a register, or raise SheetNotFound; with `lock`, nobody else writes it until the commit."""
    wanted = select(*SHEET).where(MatchSheet.register_id == register.id, MatchSheet.id == sheet)
    row = session.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise SheetNotFound(sheet=sheet)
    return to_sheet(row, count_states(session, [sheet]).get(sheet, {}))


SHEET = (
    *(MatchSheet.id, MatchSheet.title, MatchSheet.source, MatchSheet.scheme, MatchSheet.as_of, MatchSheet.based_on),
    *(MatchSheet.rules, MatchSheet.version, MatchSheet.made_by, MatchSheet.made_at),
)
"""What is read of a worksheet."""


def to_sheet(row: Row[Any], counts: dict[str, int]) -> Sheet:
    """Read a worksheet with the counts of its rows."""
    return Sheet(**row._mapping, counts=counts)


def count_states(session: Session, sheets: Sequence[int]) -> dict[int, dict[str, int]]:
    """Count the rows of worksheets by state; `clear` are those proposed that can be confirmed at once."""
    clear = func.count().filter(MatchRow.clear)
    applied = func.count().filter(MatchRow.import_id.is_not(None))
    rows = session.execute(
        select(MatchRow.sheet_id, MatchRow.state, func.count(), clear, applied)
        .where(MatchRow.sheet_id == func.any(list(sheets)))
        .group_by(MatchRow.sheet_id, MatchRow.state)
    )
    found: dict[int, dict[str, int]] = {}
    for sheet, state, count, certain, done in rows:
        counts = found.setdefault(sheet, {"proposed": 0, "clear": 0, "confirmed": 0, "refused": 0, "split": 0})
        counts[state] = count
        counts["applied"] = counts.get("applied", 0) + done
        if state == "proposed":
            counts["clear"] = certain
    return found


def select_rows(sheet: Sheet, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select rows of a worksheet in their order."""
    return select(MatchRow).where(MatchRow.sheet_id == sheet.id, *conditions).order_by(MatchRow.number)


def pick_rows(session: Session, sheet: Sheet, numbers: Sequence[int]) -> list[MatchRow]:
    """Give the rows with those numbers; raises InvalidValue naming those that are not there or are in the register."""
    found = {row.number: row for row in session.scalars(select_rows(sheet, MatchRow.number.in_(numbers)))}
    _refuse("match_no_row", [number for number in numbers if number not in found])
    _refuse("match_row_applied", [number for number, row in found.items() if row.import_id is not None])
    return [found[number] for number in sorted(found)]


def _refuse(reason: str, numbers: Sequence[int]) -> None:
    if numbers:
        raise InvalidValue(field="rows", value=sorted(numbers)[:MOST_ROWS_NAMED], reason=because(reason))


def load_divisions(
    session: Session, register: RegisterState, day: date, rows: Sequence[MatchRow]
) -> dict[int, Division]:
    """Load the divisions that rows mention."""
    wanted = {key for row in rows for key in row.divisions} | {one["division"] for row in rows for one in row.options}
    if not wanted:
        return {}
    found = list_matching(session, register, day, Standing.division_id == func.any(sorted(wanted)))
    return {division.id: division for division in found}


def to_line(row: MatchRow, known: dict[int, Division]) -> Line:
    """Read a row; a division that stands no longer on the worksheet's day is left out."""
    return Line(
        number=row.number,
        level=row.level,
        codes=tuple((scheme, code) for scheme, code in row.codes),
        names=tuple((language, text) for language, text in row.names),
        parents=tuple(row.parents),
        candidates=tuple(_to_candidate(one, known) for one in row.options if one["division"] in known),
        divisions=tuple(known[key] for key in row.divisions if key in known),
        state=row.state,
        score=row.score,
        margin=row.margin,
        is_clear=row.clear,
        note=row.note,
        decided_by=row.decided_by,
        is_applied=row.import_id is not None,
    )


def _to_candidate(option: dict[str, Any], known: dict[int, Division]) -> Candidate:
    parts = (
        ScorePart(one["part"], one["score"], one["weight"], because(one["reason"], **one["params"]))
        for one in option["parts"]
    )
    return Candidate(known[option["division"]], option["score"], tuple(parts))
