"""Attach the codes of other schemes to divisions: first as a plan that shows what would happen, then all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import InvalidMapping, Reason, RowsRefused, StaleVersion, because
from geo.register.attaching import Attachment, AttachPlan, HeldCode, plan_attachments
from geo.register.codes import restore_zeros
from geo.register.periods import Period
from geo.register.plan import Outcome
from geo.register.problems import Problem, Weight, shorten
from geo.register.schemes import Scheme
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.queries import RegisterState, analyse_tables, is_current, to_period
from services.register.code_sources import CodeLine, CodeSheet, CodeSource, read_source
from services.register.writing import advance_register
from services.tables.changes import ReservedCode
from services.tables.register import Code, ImportRun, Standing

MOST_PROBLEMS_KEPT = 1000
"""Problems kept with an import; the counts tell of all."""

ACTION = Action.IMPORT_DIVISIONS
"""What the caller must be allowed to do."""


@dataclass(frozen=True)
class AttachOptions:
    """Hold what the caller decided."""

    within: Period = field(default_factory=Period)
    """The days for which the codes hold, inside those on which their version is in force."""
    commit: bool = False
    """Whether to write; otherwise only show what would be done."""
    skip_refused: bool = False
    """Whether to go on without the cells that were refused."""
    based_on: int | None = None
    """The version of the register the caller looked at; None is the one found."""
    most_bytes: int = 512 * 1024**2
    """The largest file read, unpacked."""


@dataclass(frozen=True)
class AttachReport:
    """Say what attaching a table did or would do."""

    register: str
    """The register."""
    source: str
    """The table."""
    committed: bool
    """Whether it was written."""
    version: int
    """The version of the register afterwards."""
    counts: dict[str, dict[str, int]]
    """Cells by scheme and outcome: new, changed, same, refused; rows without a division count under the key."""
    problems: tuple[Problem, ...]
    """What was wrong with rows and cells, and what was restored."""
    columns: dict[str, str]
    """The columns that were read, by scheme."""

    @property
    def refused(self) -> int:
        """Count what was refused."""
        return sum(counts[Outcome.REFUSED] for counts in self.counts.values())

    @property
    def total(self) -> int:
        """Count what was given."""
        return sum(sum(counts.values()) for counts in self.counts.values())


@dataclass(frozen=True)
class _Terms:
    """Hold what a commit needs to know beside the plan."""

    register: RegisterState
    sheet: CodeSheet
    options: AttachOptions
    caller: Caller


@dataclass(frozen=True)
class _Known:
    """Know the divisions by the codes of one scheme: on the day, and on any day."""

    on_day: dict[str, tuple[int, str]]
    ever: dict[str, set[tuple[int, str]]]

    def find(self, code: str) -> tuple[int, str] | None:
        """Find the division that has the code on the day, else the only one that ever had it."""
        others = self.ever.get(code, set())
        return self.on_day.get(code) or (next(iter(others)) if len(others) == 1 else None)


def split_columns(pairs: Sequence[str]) -> dict[str, str]:
    """Read `SCHEME=COLUMN`, once for each scheme; raises InvalidMapping for anything else."""
    found: dict[str, str] = {}
    for pair in pairs:
        scheme, mark, column = pair.partition("=")
        if not mark:
            raise InvalidMapping(key=pair, reason=because("code_map_pair"))
        found[scheme] = column
    return found


def attach_codes(
    session: Session,
    register: RegisterState,
    source: CodeSource,
    options: AttachOptions,
    *,
    caller: Caller,
    today: date,
) -> AttachReport:
    """Compare a table of codes with the register and, with `commit`, write it in the caller's transaction.

    Raises RowsRefused when something was refused and `skip_refused` was not said, StaleVersion when the register has
    moved on, and the errors of files, columns and schemes; in each case nothing is written.
    """
    if options.commit:
        check_permitted(session, caller, ACTION, register)
    if options.based_on not in (None, register.version):
        raise StaleVersion(based_on=options.based_on, current=register.version)
    sheet = read_source(source, register.pack, most_bytes=options.most_bytes)
    plan = _make_plan(session, register, sheet, options, day=options.within.start or today)
    report = _report(register, sheet, plan)
    if not options.commit:
        return report
    if report.refused and not options.skip_refused:
        raise RowsRefused(refused=report.refused, total=report.total, report=report)
    return _commit(session, plan, report, _Terms(register, sheet, options, caller))


def _make_plan(
    session: Session, register: RegisterState, sheet: CodeSheet, options: AttachOptions, *, day: date
) -> AttachPlan:
    plan = AttachPlan(sheet.name)
    known = {scheme.word: _load_known(session, register, scheme, day) for scheme in sheet.keys}
    keys = [sheet.keys[0] if one.level is None else register.pack.primary_scheme(one.level) for one in sheet.lines]
    pairs = zip(sheet.lines, keys, strict=True)
    attachments = [one for line, key in pairs for one in _read_line(plan, line, key, known=known[key.word])]
    schemes = sorted({one.scheme for one in attachments}, key=lambda scheme: scheme.word)
    plan_attachments(
        plan,
        attachments,
        held=_list_held(session, register, schemes),
        reserved=_map_reserved(session, register, schemes),
        within=options.within,
    )
    return plan


def _load_known(session: Session, register: RegisterState, scheme: Scheme, day: date) -> _Known:
    rows = session.execute(
        select(Code.code, Code.division_id, Standing.level, Code.valid, Standing.valid)
        .join(Standing, Standing.division_id == Code.division_id)
        .where(Code.register_id == register.id, Code.scheme == scheme.key, Code.version == scheme.version)
        .where(is_current(Code), is_current(Standing), Code.valid.overlaps(Standing.valid))
    )
    known = _Known({}, {})
    for code, division, level, held, stood in rows:
        if to_period(held).contains(day) and to_period(stood).contains(day):
            known.on_day[code] = (division, level)
        known.ever.setdefault(code, set()).add((division, level))
    return known


def _read_line(plan: AttachPlan, line: CodeLine, scheme: Scheme, *, known: _Known) -> Iterator[Attachment]:
    """Read a row as what it attaches; a row whose division is not found, or a cell of two readings, is refused."""
    if not line.cells:
        return
    found, reason = _find_division(known, scheme, line)
    if found is None:
        plan.refuse(scheme.word, line.row, reason or because("code_of_nobody"), value=shorten(line.key))
        return
    division, level = found
    if reason:
        plan.problems.append(_tell_restored(plan, scheme, line.row, reason, line.key))
    for own, given in line.cells:
        read = restore_zeros(own, level, given)
        if read.is_ambiguous:
            plan.refuse(own.word, line.row, because("code_readings", codes=read.codes), value=shorten(given))
            continue
        plan.problems += [_tell_restored(plan, own, line.row, note, given) for note in read.notes if read.code]
        yield Attachment(line.row, division, level, own, read.code or shorten(given))


def _find_division(known: _Known, scheme: Scheme, line: CodeLine) -> tuple[tuple[int, str] | None, Reason | None]:
    """Find the division of a row: by the key as it stands, or by the only known one with its zeros."""
    if not line.key:
        return None, because("code_key_missing")
    if exact := known.find(line.key):
        return exact, None
    read = restore_zeros(scheme, line.level, line.key)
    fitting = {code: found for code in read.codes if (found := known.find(code))}
    if len(fitting) == 1:
        code, division = next(iter(fitting.items()))
        return division, because("zeros_restored", given=line.key, code=(code,))
    if fitting:
        return None, because("code_readings", codes=tuple(fitting))
    return None, read.problem or because("code_of_nobody")


def _tell_restored(plan: AttachPlan, scheme: Scheme, row: int, reason: Reason, value: str) -> Problem:
    return Problem(plan.layer, row, scheme.word, reason.key, Weight.RESTORED, reason, shorten(value))


def _list_held(session: Session, register: RegisterState, schemes: Sequence[Scheme]) -> list[HeldCode]:
    """List what the register says now of schemes, whatever the day."""
    issues = [(scheme.key, scheme.version) for scheme in schemes]
    rows = session.execute(
        select(Code.id, Code.division_id, Code.scheme, Code.version, Code.code, Code.valid)
        .where(Code.register_id == register.id, tuple_(Code.scheme, Code.version).in_(issues), is_current(Code))
        .order_by(Code.id)
    )
    return [
        HeldCode(id_, division, f"{key}/{version}", code, to_period(v)) for id_, division, key, version, code, v in rows
    ]


def _map_reserved(session: Session, register: RegisterState, schemes: Sequence[Scheme]) -> dict[tuple[str, str], str]:
    words = {scheme.word for scheme in schemes}
    rows = session.execute(
        select(ReservedCode.scheme, ReservedCode.version, ReservedCode.code, ReservedCode.state).where(
            ReservedCode.register_id == register.id
        )
    )
    found = {(f"{key}/{version}", code): state for key, version, code, state in rows}
    return {own: state for own, state in found.items() if own[0] in words}


def _report(register: RegisterState, sheet: CodeSheet, plan: AttachPlan) -> AttachReport:
    return AttachReport(
        register=register.name,
        source=sheet.name,
        committed=False,
        version=register.version,
        counts={word: {str(each): plan.counts[word][each] for each in Outcome} for word in sorted(plan.counts)},
        problems=tuple(sorted(plan.problems, key=lambda one: (one.row, one.field, one.rule))),
        columns=dict(sheet.columns),
    )


def _commit(session: Session, plan: AttachPlan, report: AttachReport, terms: _Terms) -> AttachReport:
    """Write the plan with its record, the new version and the log entry; a plan without writes writes nothing."""
    if not plan.written:
        return replace(report, committed=True)
    current = advance_register(session, terms.register)
    run = insert(ImportRun).values(
        register_id=current.id,
        source=report.source,
        digest=terms.sheet.digest,
        valid_from=terms.options.within.start,
        based_on=terms.register.version,
        counts=report.counts,
        problems=[_to_record(one) for one in report.problems[:MOST_PROBLEMS_KEPT]],
        actor=terms.caller.name,
    )
    _write(session, current, plan, import_id=session.scalar(run.returning(ImportRun.id)))
    analyse_tables(session, Code)
    detail = {"source": report.source, "counts": report.counts, "version": current.version}
    record_write(session, caller=terms.caller, action=ACTION, subject=current.name, detail=detail)
    return replace(report, committed=True, version=current.version)


def _to_record(problem: Problem) -> dict[str, Any]:
    params = {name: shorten(value) if isinstance(value, str) else value for name, value in problem.reason.params}
    return {**asdict(problem), "reason": {"key": problem.reason.key, "params": params}}


def _write(session: Session, register: RegisterState, plan: AttachPlan, *, import_id: int | None) -> None:
    moment = session.scalar(select(func.clock_timestamp()))
    since = func.lower(Code.recorded)
    ended = func.tstzrange(since, func.greatest(since, moment))
    kept = _load_kept(session, plan)
    session.execute(update(Code).where(Code.id == func.any(sorted(plan.closed))).values(recorded=ended))
    common = {"register_id": register.id, "recorded": Range(moment, None)}
    rows = [{**common, **kept[fact], "valid": Range(rest.start, rest.end)} for fact, rest in plan.kept]
    for one in plan.written:
        scheme, _, version = one.scheme.partition("/")
        own = {"division_id": one.division, "scheme": scheme, "version": version, "code": one.code}
        valid = Range(one.period.start, one.period.end)
        rows.append({**common, **own, "valid": valid, "import_id": import_id, "change_id": None})
    session.execute(insert(Code), rows)


def _load_kept(session: Session, plan: AttachPlan) -> dict[int, dict[str, Any]]:
    """Load what is left of facts on other days, with what brought them."""
    names = ("division_id", "scheme", "version", "code", "import_id", "change_id")
    chosen = select(Code.id, *(getattr(Code, name) for name in names))
    rows = session.execute(chosen.where(Code.id == func.any(sorted({fact for fact, _ in plan.kept}))))
    return {fact: dict(zip(names, values, strict=True)) for fact, *values in rows}
