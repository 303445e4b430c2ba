"""Bring a delivery into a register: first as a plan that shows what would happen, then in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from geo.errors import InvalidMapping, RowsRefused, StaleVersion, because
from geo.register.packs import load_pack
from geo.register.plan import ImportPlan, Outcome, count_absent
from geo.register.problems import Problem
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.queries import RegisterState, find_register
from services.register.deliveries import Delivery
from services.register.knowledge import start_plan
from services.register.sources import SourceReader
from services.register.writing import write_plan
from services.tables.register import ImportRun, Register

MOST_PROBLEMS_KEPT = 1000
"""Problems kept with an import; the counts tell of all."""

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
    most_bytes: int = 2 * 1024**3
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
    return _commit(session, register, plan, report=report, terms=terms)


def _open_register(session: Session, terms: Terms) -> RegisterState:
    """Find the register, or make one; a dry run takes it back with its transaction."""
    name, country = terms.options.register, terms.delivery.country
    load_pack(country)
    found = find_register(session, name)
    if terms.options.commit:
        check_permitted(session, terms.caller, Action.IMPORT_DIVISIONS, found)
    if found is None:
        made = insert(Register).values(name=name, country=country).returning(Register.id)
        return RegisterState(int(session.scalar(made) or 0), name, country, 0)
    if found.country != country:
        raise InvalidMapping(key="country", reason=because("register_country", register=name, country=found.country))
    if terms.options.based_on not in (None, found.version):
        raise StaleVersion(based_on=terms.options.based_on, current=found.version)
    return found


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


def _commit(
    session: Session, register: RegisterState, plan: ImportPlan, *, report: ImportReport, terms: Terms
) -> ImportReport:
    """Write the plan, the import itself, the new version and the log entry; a plan without writes writes nothing."""
    if not plan.writes:
        return replace(report, committed=True)
    version = _advance(session, register)
    run = session.scalar(
        insert(ImportRun)
        .values(
            register_id=register.id,
            source=report.delivery,
            digest=_digest(terms.delivery),
            valid_from=terms.options.valid_from,
            based_on=register.version,
            counts=report.counts,
            problems=[asdict(problem) for problem in report.problems[:MOST_PROBLEMS_KEPT]],
            actor=terms.caller.name,
        )
        .returning(ImportRun.id)
    )
    write_plan(session, register, plan, import_id=int(run or 0), valid_from=terms.options.valid_from)
    detail = {"delivery": report.delivery, "counts": report.counts, "version": version}
    record_write(session, caller=terms.caller, action=Action.IMPORT_DIVISIONS, subject=register.name, detail=detail)
    return replace(report, committed=True, version=version)


def _advance(session: Session, register: RegisterState) -> int:
    """Move the register to its next version; who comes second finds it moved and is refused."""
    moved = session.scalar(
        update(Register)
        .where(Register.id == register.id, Register.version == register.version)
        .values(version=Register.version + 1)
        .returning(Register.version)
    )
    if moved is None:
        current = session.scalar(select(Register.version).where(Register.id == register.id))
        raise StaleVersion(based_on=register.version, current=current)
    return int(moved)


def _digest(delivery: Delivery) -> str:
    """Name the files of a delivery by their bytes."""
    total = hashlib.sha256()
    for path in sorted({source.path for source in delivery.layers}):
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
