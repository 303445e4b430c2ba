"""Bring a delivery into a register: first as a plan that shows what would happen, then in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.errors import InvalidMapping, RowsRefused, StaleVersion, because
from geo.register.packs import load_pack
from geo.register.plan import ImportPlan, Outcome, count_absent
from geo.register.problems import Problem, shorten
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.queries import RegisterState, analyse_tables, find_register
from services.register.deliveries import Delivery
from services.register.knowledge import start_plan
from services.register.sources import SourceReader
from services.register.writing import Entry, advance_register, write_plan
from services.tables.register import Boundary, Code, Division, ImportRun, Name, Population, Position, Register, Standing

MOST_PROBLEMS_KEPT = 1000
"""Problems kept with an import; the counts tell of all."""

NOT_MADE = 0
"""The key of a register that is not there yet."""

Guesses = dict[str, dict[str, str]]
"""By layer, the columns that were recognised without being declared: column by field."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how far it is and how far it goes."""


@dataclass(frozen=True)
class ImportOptions:
    """Hold what the caller decided about an import."""

    register: str
    """The register to import into; it is made when it does not exist."""
    valid_from: date | None = None
    """The day from which the file's facts hold; None when that is not known."""
    commit: bool = False
    """Whether to write; otherwise the import only shows what it would do."""
    skip_refused: bool = False
    """Whether to go on without the rows that were refused."""
    based_on: int | None = None
    """The version of the register the caller looked at; None is the one found."""
    most_bytes: int = 512 * 1024**2
    """The largest file read, unpacked."""
    most_vertices: int = 5_000_000
    """The most vertices of one geometry."""


@dataclass(frozen=True)
class ImportReport:
    """Say what an import did or would do."""

    register: str
    """The register."""
    delivery: str
    """What was imported."""
    committed: bool
    """Whether it was written."""
    version: int
    """The version of the register afterwards."""
    counts: dict[str, dict[str, int]]
    """Rows by level and outcome: new, changed, same, refused; and divisions no row spoke of: absent."""
    problems: tuple[Problem, ...]
    """What was wrong with rows."""
    guessed: Guesses = field(default_factory=dict)
    """By layer, the columns that were recognised without being declared."""

    @property
    def refused(self) -> int:
        """Count the rows refused."""
        return sum(counts[Outcome.REFUSED] for counts in self.counts.values())

    @property
    def total(self) -> int:
        """Count the rows."""
        return sum(sum(counts[outcome] for outcome in Outcome) for counts in self.counts.values())


@dataclass(frozen=True)
class Order:
    """Hold what a commit needs to know beside the plan."""

    register: RegisterState
    """The register as it was when the plan was begun."""
    day: date
    """The day on which the plan was compared with it."""
    digest: str
    """The digest of all files read."""


@dataclass(frozen=True)
class Terms:
    """Hold what an import is done under."""

    delivery: Delivery
    """What is imported."""
    options: ImportOptions
    """How."""
    caller: Caller
    """By whom."""


def import_delivery(
    session: Session,
    delivery: Delivery,
    options: ImportOptions,
    *,
    caller: Caller,
    today: date,
    progress: Progress = lambda step, done, total: None,
) -> ImportReport:
    """Compare a delivery with a register and, with `commit`, write it in the caller's transaction.

    Raises RowsRefused when rows were refused and `skip_refused` was not said, StaleVersion when the register has
    moved on, and the errors of reading files and mappings; in each case nothing is written.
    """
    terms = Terms(delivery, options, caller)
    register = _open_register(session, terms)
    day = options.valid_from or today
    plan = start_plan(session, register, day)
    reader = SourceReader(session, register, plan, day, options.most_bytes, options.most_vertices)
    guessed: Guesses = {}
    for index, source in enumerate(delivery.layers):
        progress(source.path.name, index, len(delivery.layers))
        name, found = reader.take(source)
        guessed[name] = found
    report = _report(register, delivery, plan, guessed=guessed)
    if not options.commit:
        return report
    if report.refused and not options.skip_refused:
        raise RowsRefused(refused=report.refused, total=report.total, report=report)
    progress(register.name, len(delivery.layers), len(delivery.layers))
    order = Order(register, day, reader.digest())
    return _commit(session, plan, report=report, terms=terms, order=order)


def _open_register(session: Session, terms: Terms) -> RegisterState:
    """Find the register, or stand in for one that is made only when something is written into it."""
    name, country = terms.options.register, terms.delivery.country
    load_pack(country)
    found = find_register(session, name)
    if terms.options.commit:
        check_permitted(session, terms.caller, Action.IMPORT_DIVISIONS, found)
    register = found or RegisterState(NOT_MADE, name, country, 0)
    if register.country != country:
        raise InvalidMapping(key="country", reason=because("register_country", register=name, country=register.country))
    if terms.options.based_on not in (None, register.version):
        raise StaleVersion(based_on=terms.options.based_on, current=register.version)
    return register


def _report(register: RegisterState, delivery: Delivery, plan: ImportPlan, *, guessed: Guesses) -> ImportReport:
    absent = count_absent(plan, tuple(plan.counts))
    counts = {
        level: {**{str(outcome): plan.counts[level][outcome] for outcome in Outcome}, "absent": absent[level]}
        for level in sorted(plan.counts, key=_rank(plan))
    }
    return ImportReport(
        register=register.name,
        delivery=delivery.name,
        committed=False,
        version=register.version,
        counts=counts,
        problems=tuple(sorted(plan.problems, key=lambda problem: (problem.layer, problem.row, problem.field))),
        guessed=guessed,
    )


def _rank(plan: ImportPlan) -> Callable[[str], int]:
    ranks = {level.key: level.rank for level in plan.pack.levels}
    return lambda level: ranks.get(level, len(ranks))


def _commit(session: Session, plan: ImportPlan, *, report: ImportReport, terms: Terms, order: Order) -> ImportReport:
    """Write the plan, the import itself, the new version and the log entry; a plan without writes writes nothing."""
    if not plan.writes:
        return replace(report, committed=True)
    register = _advance(session, order.register)
    import_id = _record_run(session, register, report=report, terms=terms, digest=order.digest)
    write_plan(session, plan, Entry(register, import_id, order.day, terms.options.valid_from is not None))
    analyse_tables(session, Division, Standing, Code, Name, Boundary, Position, Population)
    detail = {"delivery": report.delivery, "counts": report.counts, "version": register.version}
    record_write(session, caller=terms.caller, action=Action.IMPORT_DIVISIONS, subject=register.name, detail=detail)
    return replace(report, committed=True, version=register.version)


def _record_run(session: Session, register: RegisterState, *, report: ImportReport, terms: Terms, digest: str) -> int:
    run = insert(ImportRun).values(
        register_id=register.id,
        source=report.delivery,
        digest=digest,
        valid_from=terms.options.valid_from,
        based_on=register.version - 1,
        counts=report.counts,
        problems=[_to_record(problem) for problem in report.problems[:MOST_PROBLEMS_KEPT]],
        actor=terms.caller.name,
    )
    return int(session.scalar(run.returning(ImportRun.id)) or 0)


def _to_record(problem: Problem) -> dict[str, Any]:
    """Write a problem as the store keeps it; what a file says may hold letters that no JSON takes."""
    params = {name: shorten(value) if isinstance(value, str) else value for name, value in problem.reason.params}
    return {**asdict(problem), "reason": {"key": problem.reason.key, "params": params}}


def _advance(session: Session, register: RegisterState) -> RegisterState:
    """Move the register to its next version, or make it; who comes second finds it moved and is refused."""
    if register.id != NOT_MADE:
        return advance_register(session, register)
    make = upsert(Register).values(name=register.name, country=register.country, version=1)
    made = session.scalar(make.on_conflict_do_nothing().returning(Register.id))
    if made is None:
        current = session.scalar(select(Register.version).where(Register.name == register.name))
        raise StaleVersion(based_on=register.version, current=current)
    return replace(register, id=int(made), version=1)
