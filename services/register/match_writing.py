"""Bring what was confirmed in a worksheet into the register: codes of the source, and its names as variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import RowsRefused, StaleVersion, because
from geo.register.candidates import CodeKey
from geo.register.codes import check_code
from geo.register.names import search_key
from geo.register.plan import Fact, ImportPlan, Write
from geo.register.problems import Problem, Weight
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.queries import RegisterState, analyse_tables, is_current
from services.register.knowledge import start_plan
from services.register.match_sheets import Sheet, get_sheet, select_rows
from services.register.writing import Entry, advance_register, write_plan
from services.tables.matching import MatchRow, MatchSheet
from services.tables.register import Code, ImportRun, Name


@dataclass(frozen=True)
class ApplyReport:
    """Say what a worksheet brought into the register, or would bring."""

    register: str
    """The register."""
    sheet: int
    """The worksheet."""
    committed: bool
    """Whether it was written."""
    version: int
    """The version of the register afterwards."""
    rows: int
    """How many confirmed rows were new to the register."""
    codes: int
    """How many codes are new."""
    names: int
    """How many variants of names are new."""
    left: int
    """How many rows are still undecided, split or refused, and so stay outside."""
    problems: tuple[Problem, ...]
    """Rows whose code the register cannot take."""


@dataclass(frozen=True)
class ApplyOrder:
    """Hold how a worksheet is applied."""

    commit: bool = False
    """Whether to write; otherwise only what would happen is shown."""
    skip_refused: bool = False
    """Whether to go on without the codes that cannot be taken."""
    valid_from: date | None = None
    """The day from which codes and names hold; None when that is not known."""
    based_on: int | None = None
    """The version of the register the caller looked at; None is the one found."""


@dataclass(frozen=True)
class _Draft:
    """Hold what would be written."""

    plan: ImportPlan
    names: Sequence[tuple[int, str, str]]
    """Variants: division, language, text."""
    problems: Sequence[Problem]


def apply_sheet(
    session: Session, register: RegisterState, sheet: int, order: ApplyOrder, *, caller: Caller, today: date
) -> ApplyReport:
    """Write the codes and names of confirmed rows in one transaction, with the import they count as and its log entry.

    Raises StaleVersion when the register has moved on, and RowsRefused when codes cannot be taken and `skip_refused`
    was not said; then nothing is written.
    """
    check_permitted(session, caller, Action.IMPORT_DIVISIONS, register)
    found = get_sheet(session, register, sheet, lock=order.commit)
    if order.based_on not in (None, register.version):
        raise StaleVersion(based_on=order.based_on, current=register.version)
    rows = list(session.scalars(select_rows(found, MatchRow.state == "confirmed", MatchRow.import_id.is_(None))))
    draft = _draft(session, register, found, rows, day=order.valid_from or today)
    report = _report(register, found, rows, draft)
    if not order.commit:
        return report
    if draft.problems and not order.skip_refused:
        raise RowsRefused(refused=len(draft.problems), total=len(rows), report=report)
    if not rows:
        return replace(report, committed=True)
    return _commit(session, register, report, (rows, draft, order), caller=caller, day=order.valid_from or today)


def _draft(session: Session, register: RegisterState, sheet: Sheet, rows: Sequence[MatchRow], *, day: date) -> _Draft:
    known = start_plan(session, register, day)
    plan, problems = ImportPlan(register.pack, known=known.known), []
    for row in rows:
        division = row.divisions[0]
        for scheme, code in row.codes:
            if not scheme or division not in known.known:
                continue
            reason = _find_problem(known, division, CodeKey(scheme, register.pack.scheme(scheme).version, code))
            if reason is not None:
                place = f"codes.{scheme}"
                problems.append(Problem(sheet.source, row.number, place, reason.key, Weight.REFUSED, reason, code))
            else:
                _plan_code(plan, known, division, CodeKey(scheme, register.pack.scheme(scheme).version, code))
    return _Draft(plan, _list_variants(session, rows), problems)


def _find_problem(known: ImportPlan, division: int, key: CodeKey) -> Any:  # noqa: ANN401 - a reason or None
    """Say why a division cannot have a code."""
    level = known.known[division].level
    wrong = check_code(known.pack.scheme(key.scheme), level, key.code)
    if wrong is not None:
        return wrong
    if known.by_code.get(key, division) != division:
        return because("code_clash", code=str(key))
    if known.other_days.get(key, set()) - {division}:
        return because("code_other_day", code=str(key))
    before = known.known[division].codes.get((key.scheme, key.version), key.code)
    return None if before == key.code else because("match_code_other", code=key.code, known=f"{key.scheme}:{before}")


def _plan_code(plan: ImportPlan, known: ImportPlan, division: int, key: CodeKey) -> None:
    if known.known[division].codes.get((key.scheme, key.version)) == key.code:
        return
    known.known[division].codes[key.scheme, key.version] = key.code
    known.by_code[key] = division
    what = f"{key.scheme}/{key.version}"
    plan.writes[Fact.CODE, division, what] = Write(Fact.CODE, division, what, key.code)


def _list_variants(session: Session, rows: Sequence[MatchRow]) -> list[tuple[int, str, str]]:
    """List the names that their divisions are not called yet in that language, whatever the spelling."""
    wanted = sorted({(row.divisions[0], language, text) for row in rows for language, text in row.names})
    asked = select(Name.division_id, Name.language, Name.key).where(
        Name.division_id == func.any(sorted({division for division, _, _ in wanted})), is_current(Name)
    )
    called = {tuple(row) for row in session.execute(asked)}
    fresh = {(division, language, search_key(text)): text for division, language, text in reversed(wanted)}
    return sorted((*key[:2], text) for key, text in fresh.items() if key not in called)


def _report(register: RegisterState, sheet: Sheet, rows: Sequence[MatchRow], draft: _Draft) -> ApplyReport:
    left = sum(sheet.counts.get(state, 0) for state in ("proposed", "refused", "split"))
    counts = (len(rows), len(draft.plan.writes), len(draft.names), left)
    return ApplyReport(register.name, sheet.id, False, register.version, *counts, tuple(draft.problems))


def _commit(
    session: Session,
    register: RegisterState,
    report: ApplyReport,
    found: tuple[Sequence[MatchRow], _Draft, ApplyOrder],
    *,
    caller: Caller,
    day: date,
) -> ApplyReport:
    """Write everything under one import."""
    rows, draft, order = found
    sheet = get_sheet(session, register, report.sheet)
    moved = advance_register(session, register)
    run = _record_run(session, moved, sheet, report, actor=caller.name, since=order.valid_from)
    if draft.plan.writes:
        write_plan(session, draft.plan, Entry(moved, run, day, order.valid_from is not None))
    _write_variants(session, draft.names, run, valid_from=order.valid_from)
    own = (MatchRow.sheet_id == sheet.id, MatchRow.number.in_([row.number for row in rows]))
    session.execute(update(MatchRow).where(*own).values(import_id=run))
    session.execute(update(MatchSheet).where(MatchSheet.id == sheet.id).values(version=sheet.version + 1))
    analyse_tables(session, Code, Name)
    detail = {"sheet": sheet.id, "codes": report.codes, "names": report.names, "version": moved.version}
    record_write(session, caller=caller, action=Action.IMPORT_DIVISIONS, subject=register.name, detail=detail)
    return replace(report, committed=True, version=moved.version)


def _record_run(
    session: Session, moved: RegisterState, sheet: Sheet, report: ApplyReport, *, actor: str, since: date | None
) -> int:
    digest = session.scalar(select(MatchSheet.digest).where(MatchSheet.id == sheet.id))
    counts: Mapping[str, Any] = {"rows": report.rows, "codes": report.codes, "names": report.names}
    values = {
        "register_id": moved.id,
        "source": f"match:{sheet.id}:{sheet.title}",
        "digest": digest,
        "valid_from": since,
        "based_on": moved.version - 1,
        "counts": counts,
        "problems": [{"row": one.row, "field": one.field, "rule": one.rule} for one in report.problems],
        "actor": actor,
    }
    return int(session.scalar(insert(ImportRun).values(**values).returning(ImportRun.id)) or 0)


def _write_variants(
    session: Session, names: Sequence[tuple[int, str, str]], run: int, *, valid_from: date | None
) -> None:
    """Add names beside those that are there; none of them becomes official."""
    if not names:
        return
    common = {"official": False, "valid": Range(valid_from, None), "import_id": run}
    moment = func.tstzrange(func.clock_timestamp(), None)
    values = [
        {"division_id": division, "language": language, "text": text, "key": search_key(text), **common}
        for division, language, text in names
    ]
    session.execute(insert(Name).values(recorded=moment), values)
