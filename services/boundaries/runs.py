"""List audit runs, show one with its certificate, and compare two of the same scope case by case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, RunNotFound, because
from services.lookups import list_matching
from services.queries import RegisterState
from services.tables.boundaries import AuditRun, Finding
from services.tables.register import Standing


@dataclass(frozen=True)
class RunRecord:
    """Hold what is kept of an audit run."""

    id: int
    """Its key."""
    levels: tuple[str, ...]
    """What was audited as one coverage."""
    within: str | None
    """The code of the division under which was audited; None means the whole register."""
    as_of: date
    """The day whose boundaries were audited."""
    based_on: int
    """The version of the register it saw."""
    certified: bool
    """Whether it is proven that nothing was missed."""
    certificate: dict[str, Any]
    """The figures behind that: the fields of `geo.coverage.Balance`."""
    tolerances: dict[str, Any]
    """From what size on a defect was reported, in metres on the ground."""
    divisions: int
    """How many divisions were audited; 0 in runs that did not count them."""
    vertices: int
    """How many vertices they have."""
    counts: dict[str, int]
    """Defects by kind, as counted when it was audited."""
    excepted: dict[str, int]
    """Findings by kind that lawful exceptions covered then."""
    previous: int | None
    """The run before of the same scope."""
    group: int | None
    """The first run of the audit of the whole country it is a part of."""
    actor: str
    """Who audited."""
    audited_at: datetime
    """When."""


@dataclass(frozen=True)
class CaseChange:
    """Say what became of a case between two runs."""

    status: str
    """`new`, `still` or `gone`."""
    finding: int
    """The key of the finding, in the later run unless it is gone."""
    kind: str
    """What is wrong."""
    fingerprint: str
    """The lasting name of the case."""
    area_m2: float | None
    """Its area in that run."""
    area_before_m2: float | None
    """Its area in the earlier run, where that found it."""


@dataclass(frozen=True)
class RunComparison:
    """Lay two runs of one scope side by side."""

    run: RunRecord
    """The later run."""
    earlier: RunRecord | None
    """The earlier one; None when there is none."""
    cases: tuple[CaseChange, ...]
    """The cases: new, still there, gone; the largest first."""

    @property
    def counts(self) -> dict[str, int]:
        """Count the cases of each status."""
        found = Counter(case.status for case in self.cases)
        return {status: found[status] for status in ("new", "still", "gone")}


def list_audit_runs(
    session: Session,
    register: RegisterState,
    *,
    level: str | None = None,
    group: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[RunRecord, ...]:
    """List the audit runs of a register, of those that audited a level or belong to one group, the latest first."""
    chosen = _select_runs(register)
    if level is not None:
        chosen = chosen.where(AuditRun.levels.contains(literal([register.pack.level(level).key], JSONB)))
    if group is not None:
        chosen = chosen.where(AuditRun.group_id == group)
    runs = session.scalars(chosen.order_by(AuditRun.id.desc()).limit(limit).offset(offset)).all()
    return _to_records(session, register, runs)


def get_audit_run(session: Session, register: RegisterState, run: int) -> RunRecord:
    """Give one run, or raise RunNotFound."""
    found = session.scalars(_select_runs(register).where(AuditRun.id == run)).all() if 0 < run < 2**63 else []
    if not found:
        raise RunNotFound(run=run)
    return _to_records(session, register, found)[0]


def compare_runs(session: Session, register: RegisterState, run: int, *, earlier: int | None = None) -> RunComparison:
    """Compare a run with an earlier one of the same scope, by default the one before.

    Raises RunNotFound, and InvalidValue when the two did not audit the same.
    """
    later = get_audit_run(session, register, run)
    key = later.previous if earlier is None else earlier
    before = None if key is None else get_audit_run(session, register, key)
    if before is not None and (before.levels, before.within) != (later.levels, later.within):
        raise InvalidValue(field="earlier", value=before.id, reason=because("run_other_scope", run=later.id))
    return RunComparison(later, before, _list_changes(session, later, before))


def _list_changes(session: Session, later: RunRecord, before: RunRecord | None) -> tuple[CaseChange, ...]:
    now = _load_cases(session, later.id)
    old = _load_cases(session, before.id) if before else {}
    changes = [
        CaseChange("still" if name in old else "new", *case[:2], name, case[2], old[name][2] if name in old else None)
        for name, case in now.items()
    ]
    changes += [CaseChange("gone", *case[:2], name, None, case[2]) for name, case in old.items() if name not in now]
    order = {"new": 0, "still": 1, "gone": 2}
    return tuple(
        sorted(changes, key=lambda one: (order[one.status], -(one.area_m2 or one.area_before_m2 or 0), one.finding))
    )


def _load_cases(session: Session, run: int) -> dict[str, tuple[int, str, float | None]]:
    """Load key, kind and area of the findings of a run, by fingerprint."""
    columns = (Finding.fingerprint, Finding.id, Finding.kind, Finding.area_m2)
    rows = session.execute(select(*columns).where(Finding.run_id == run).order_by(Finding.id))
    return {name: (key, kind, area) for name, key, kind, area in rows}


def _select_runs(register: RegisterState) -> Select[AuditRun]:
    return select(AuditRun).where(AuditRun.register_id == register.id)


def _to_records(session: Session, register: RegisterState, runs: Any) -> tuple[RunRecord, ...]:  # noqa: ANN401
    codes: dict[tuple[int, date], str] = {}
    for day in sorted({run.as_of for run in runs if run.within_id is not None}):
        wanted = Standing.division_id.in_({run.within_id for run in runs if run.as_of == day})
        codes |= {(one.id, day): one.code for one in list_matching(session, register, day, wanted)}
    return tuple(_to_record(run, codes) for run in runs)


def _to_record(run: AuditRun, codes: dict[tuple[int, date], str]) -> RunRecord:
    return RunRecord(
        id=run.id,
        levels=tuple(run.levels),
        within=None if run.within_id is None else codes.get((run.within_id, run.as_of), ""),
        as_of=run.as_of,
        based_on=run.based_on,
        certified=run.certified,
        certificate=run.certificate,
        tolerances=run.tolerances,
        divisions=run.divisions,
        vertices=run.vertices,
        counts=run.counts,
        excepted=run.excepted,
        previous=run.previous_id,
        group=run.group_id,
        actor=run.actor,
        audited_at=run.audited_at,
    )
