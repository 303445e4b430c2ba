"""Work through the rows of a worksheet: list them, confirm, refuse or split them, and write them to a file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, StaleVersion, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.atomic import replace_when_whole
from services.lookups import get_coded
from services.queries import RegisterState
from services.register.match_sheets import (
    SHEET,
    Line,
    Sheet,
    count_states,
    get_sheet,
    load_divisions,
    pick_rows,
    select_rows,
    to_line,
    to_sheet,
)
from services.tables.matching import STATES, MatchRow, MatchSheet

MOST_LINES = 1000
"""So many rows are read at once."""

MOST_NOTE = 500
"""Letters of the longest note."""

COLUMNS = (
    *("row", "state", "codes", "names", "parents", "division", "division_code", "division_name", "score", "margin"),
    *("clear", "candidates", "note", "decided_by", "applied"),
)
"""The columns of a worksheet as a file."""


@dataclass(frozen=True)
class SheetPage:
    """Hold some rows of a worksheet."""

    sheet: Sheet
    """The worksheet."""
    total: int
    """How many rows there are of the kind asked for."""
    lines: tuple[Line, ...]
    """Some of them, in their order."""


@dataclass(frozen=True)
class Decision:
    """Say what is decided about rows."""

    state: str
    """`confirmed`, `refused`, `split`, or `proposed` to take a decision back."""
    rows: tuple[int, ...] | None
    """The rows; None for all that are clear and still proposed."""
    codes: tuple[str, ...] = ()
    """The codes of the divisions meant; without them a row is confirmed as proposed."""
    note: str = ""
    """Why."""
    based_on: int | None = None
    """The version of the worksheet the caller looked at; None is the present one."""


def list_sheets(session: Session, register: RegisterState) -> tuple[Sheet, ...]:
    """List the worksheets of a register, the latest first."""
    wanted = select(*SHEET).where(MatchSheet.register_id == register.id).order_by(MatchSheet.id.desc())
    rows = session.execute(wanted).all()
    counts = count_states(session, [row.id for row in rows])
    return tuple(to_sheet(row, counts.get(row.id, {})) for row in rows)


def read_sheet(
    session: Session,
    register: RegisterState,
    sheet: int,
    *,
    state: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> SheetPage:
    """Read rows of a worksheet in their order; `state` also takes `clear` and `unclear`, of those proposed."""
    found = get_sheet(session, register, sheet)
    if not 1 <= limit <= MOST_LINES:
        raise InvalidValue(field="limit", value=limit, reason=because("outside_range", least=1, most=MOST_LINES))
    chosen = _narrow(state)
    total = session.scalar(select(func.count()).select_from(select_rows(found, *chosen).subquery())) or 0
    rows = list(session.scalars(select_rows(found, *chosen).limit(limit).offset(offset)))
    known = load_divisions(session, register, found.as_of, rows)
    return SheetPage(found, total, tuple(to_line(row, known) for row in rows))


def _narrow(state: str | None) -> tuple[ColumnElement[bool], ...]:
    if state is None:
        return ()
    if state in ("clear", "unclear"):
        return MatchRow.state == "proposed", MatchRow.clear == (state == "clear")
    if state not in STATES:
        known = (*STATES, "clear", "unclear")
        raise InvalidValue(field="state", value=state[:40], reason=because("match_states", known=known))
    return (MatchRow.state == state,)


def _find_division(
    session: Session, register: RegisterState, sheet: Sheet, row: MatchRow, decision: Decision
) -> int | None:
    if decision.codes:
        return get_coded(session, register, decision.codes[0], day=sheet.as_of, level=row.level).id
    candidates = [*row.divisions, *(one["division"] for one in row.options)]
    return candidates[0] if candidates else None


def decide_rows(session: Session, register: RegisterState, sheet: int, decision: Decision, *, caller: Caller) -> Sheet:
    """Confirm, refuse or split rows, or take that back; nothing enters the register by it.

    Raises StaleVersion when somebody else has decided meanwhile, InvalidValue naming rows that cannot be decided so,
    and NotPermitted where the caller may not decide.
    """
    found = get_sheet(session, register, sheet, lock=True)
    if decision.based_on not in (None, found.version):
        raise StaleVersion(based_on=decision.based_on, current=found.version)
    _check_decision(decision)
    rows = _pick(session, found, decision)
    places = {_find_division(session, register, found, row, decision) for row in rows} or {None}
    for place in sorted(places, key=lambda one: one or 0):
        check_permitted(session, caller, Action.MATCH_DIVISIONS, register, place)
    chosen = _choose(session, register, found, rows, decision)
    _check_once(session, found, chosen, decision)
    _write(session, found, chosen, decision, caller=caller)
    detail = {"sheet": sheet, "state": decision.state, "rows": len(rows)}
    record_write(session, caller=caller, action=Action.MATCH_DIVISIONS, subject=register.name, detail=detail)
    return get_sheet(session, register, sheet)


def _check_decision(decision: Decision) -> None:
    if decision.state not in STATES:
        raise InvalidValue(field="state", value=decision.state[:40], reason=because("match_states", known=STATES))
    if len(decision.note) > MOST_NOTE or "\0" in decision.note:
        raise InvalidValue(field="note", value="-", reason=because("match_text", most=MOST_NOTE))
    fitting = {"confirmed": len(decision.codes) <= 1, "split": len(set(decision.codes)) >= 2}
    if not fitting.get(decision.state, not decision.codes):
        reason = because(f"match_codes_{decision.state}")
        raise InvalidValue(field="codes", value=list(decision.codes)[:5], reason=reason)
    if decision.codes and (decision.rows is None or len(decision.rows) != 1):
        raise InvalidValue(field="rows", value=len(decision.rows or ()), reason=because("match_one_row"))


def _pick(session: Session, sheet: Sheet, decision: Decision) -> list[MatchRow]:
    """Give the rows of a decision; in bulk only those that are clear can be confirmed."""
    if decision.rows is not None:
        return pick_rows(session, sheet, sorted(set(decision.rows)))
    if decision.state != "confirmed":
        raise InvalidValue(field="state", value=decision.state, reason=because("match_bulk"))
    return list(session.scalars(select_rows(sheet, *_narrow("clear"))))


def _choose(
    session: Session, register: RegisterState, sheet: Sheet, rows: Sequence[MatchRow], decision: Decision
) -> dict[int, list[int]]:
    """Give the divisions of each row."""
    if decision.state in ("refused", "proposed"):
        return {row.number: list(row.divisions) for row in rows}
    if decision.codes:
        level = rows[0].level
        found = [get_coded(session, register, code, day=sheet.as_of, level=level).id for code in decision.codes]
        return {rows[0].number: sorted(set(found))}
    without = [row.number for row in rows if len(row.divisions) != 1]
    if without:
        raise InvalidValue(field="rows", value=without[:10], reason=because("match_nothing_proposed"))
    return {row.number: list(row.divisions) for row in rows}


def _check_once(session: Session, sheet: Sheet, chosen: dict[int, list[int]], decision: Decision) -> None:
    """Refuse to confirm one division for two rows, where the worksheet gives each only once."""
    if decision.state != "confirmed" or not sheet.rules.get("once"):
        return
    others = session.execute(
        select(MatchRow.number, MatchRow.divisions).where(
            MatchRow.sheet_id == sheet.id, MatchRow.state == "confirmed", MatchRow.number.not_in(chosen)
        )
    )
    taken = Counter(division for divisions in chosen.values() for division in divisions)
    taken.update(division for _, divisions in others for division in divisions)
    double = [number for number, divisions in sorted(chosen.items()) if any(taken[one] > 1 for one in divisions)]
    if double:
        raise InvalidValue(field="rows", value=double[:10], reason=because("match_taken"))


def _write(session: Session, sheet: Sheet, chosen: dict[int, list[int]], decision: Decision, *, caller: Caller) -> None:
    decided = caller.name if decision.state != "proposed" else None
    values = {"state": decision.state, "note": decision.note, "decided_by": decided}
    own = MatchRow.sheet_id == sheet.id
    session.execute(update(MatchRow).where(own, MatchRow.number.in_(chosen)).values(**values, decided_at=func.now()))
    if decision.codes:
        for number, divisions in chosen.items():
            session.execute(update(MatchRow).where(own, MatchRow.number == number).values(divisions=divisions))
    session.execute(update(MatchSheet).where(MatchSheet.id == sheet.id).values(version=sheet.version + 1))


def export_sheet(session: Session, register: RegisterState, sheet: int, out: Path) -> int:
    """Write a worksheet as CSV, whole or not at all, and count its rows."""
    found = get_sheet(session, register, sheet)
    rows = list(session.scalars(select_rows(found)))
    known = load_divisions(session, register, found.as_of, rows)
    with replace_when_whole(out) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_to_cells(to_line(row, known), register) for row in rows)
    return len(rows)


def _to_cells(line: Line, register: RegisterState) -> tuple[object, ...]:
    names = [one.name_in(*register.pack.languages) for one in line.divisions]
    return (
        *(line.number, line.state, _join(f"{scheme}:{code}" if scheme else code for scheme, code in line.codes)),
        *(_join(text for _, text in line.names), _join(line.parents)),
        *(_join(str(one.id) for one in line.divisions), _join(one.code for one in line.divisions), _join(names)),
        *(line.score, line.margin, int(line.is_clear)),
        _join(f"{one.division.code}={one.score}" for one in line.candidates),
        *(line.note, line.decided_by or "", int(line.is_applied)),
    )


def _join(texts: Iterable[str]) -> str:
    return " | ".join(texts)
