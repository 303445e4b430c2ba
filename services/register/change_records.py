"""Read changes from the store, and keep what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from geo.errors import ChangeNotFound, StaleVersion, WrongState
from geo.register.changes import ChangeKind, ChangeOrder, read_order
from services.queries import RegisterState
from services.register.held_changes import check_free, is_shown
from services.tables.changes import Change, Decree, Lineage


@dataclass(frozen=True)
class ChangeRecord:
    """Hold a change as the register keeps it."""

    id: int
    """Its key."""
    kind: ChangeKind
    """What is done."""
    state: str
    """How far it has come: draft, checked, approved, applied, refused or withdrawn."""
    version: int
    """How often it was written; a step says which version it is based on."""
    effective_on: date
    """The first day on which it holds."""
    decree_id: int
    """The key of its decree."""
    decree: str
    """Issuer and number of its decree."""
    drafted_by: str
    """Who drafted it."""
    drafted_at: datetime
    """When."""
    approved_by: str | None
    """Who approved it."""
    applied_at: datetime | None
    """When it was applied, which is when the register learned its facts."""
    undoes: int | None
    """The change it takes back."""
    body: Mapping[str, Any] = field(repr=False)
    """The order as it was given, and what later steps found: `codes` set aside, `founded` divisions, `reason`."""
    predecessors: tuple[int, ...] = ()
    """The divisions it was done to, once it is applied."""
    successors: tuple[int, ...] = ()
    """The divisions that came out of it, once it is applied."""

    @property
    def order(self) -> ChangeOrder:
        """Give the order as values."""
        return read_order(self.body["order"])

    @property
    def promised(self) -> dict[int, dict[str, str]]:
        """Give the codes set aside for it, by division."""
        return {int(key): dict(codes) for key, codes in self.body.get("codes", {}).items()}

    @property
    def references(self) -> dict[str, int]:
        """Give what its words meant when it was applied."""
        return dict(self.body.get("references", {}))

    @property
    def founded(self) -> dict[int, int]:
        """Give the lasting keys of the divisions it founded, by their keys in the plan."""
        return {int(key): division for key, division in self.body.get("founded", {}).items()}


def get_change(session: Session, register: RegisterState, key: int, *, lock: bool = False) -> ChangeRecord:
    """Give the change of a key, or raise ChangeNotFound; `lock` lets nobody else write it until the commit."""
    query = _select_changes(register).where(Change.id == key, is_shown(session))
    row = session.execute(query.with_for_update(of=Change) if lock else query).one_or_none()
    if row is None:
        raise ChangeNotFound(change=key)
    return _add_lineage(session, [_to_record(row)])[0]


def list_changes(
    session: Session, register: RegisterState, *, state: str | None = None, limit: int = 100, offset: int = 0
) -> tuple[ChangeRecord, ...]:
    """List the changes of a register, of one state or of all, the latest drafted first."""
    query = _select_changes(register).where(is_shown(session)).order_by(Change.id.desc()).limit(limit).offset(offset)
    rows = session.execute(query if state is None else query.where(Change.state == state))
    return _add_lineage(session, [_to_record(row) for row in rows])


def list_applied(session: Session, register: RegisterState) -> tuple[ChangeRecord, ...]:
    """List the changes that were applied, in the order of their application."""
    query = _select_changes(register).where(Change.state == "applied").order_by(Change.applied_at)
    return tuple(_to_record(row) for row in session.execute(query))


def _select_changes(register: RegisterState) -> Select[Any]:
    columns = [getattr(Change, name) for name in ChangeRecord.__dataclass_fields__ if hasattr(Change, name)]
    decree = (Decree.issuer + " " + Decree.number).label("decree")
    return select(*columns, decree).join(Decree, Decree.id == Change.decree_id).where(Change.register_id == register.id)


def _to_record(row: Any) -> ChangeRecord:  # noqa: ANN401 - a row of `_select_changes`
    values = dict(row._mapping)
    return ChangeRecord(**{**values, "kind": ChangeKind(values["kind"])})


def _add_lineage(session: Session, records: list[ChangeRecord]) -> tuple[ChangeRecord, ...]:
    rows = session.execute(
        select(Lineage.change_id, Lineage.role, Lineage.division_id)
        .where(Lineage.change_id.in_([record.id for record in records]))
        .order_by(Lineage.change_id, Lineage.division_id)
    ).all()
    parties: dict[tuple[int, str], tuple[int, ...]] = {}
    for change, role, division in rows:
        parties[change, role] = (*parties.get((change, role), ()), division)
    return tuple(_with_parties(record, parties) for record in records)


def _with_parties(record: ChangeRecord, parties: Mapping[tuple[int, str], tuple[int, ...]]) -> ChangeRecord:
    found = {f"{role}s": parties.get((record.id, role), ()) for role in ("predecessor", "successor")}
    return ChangeRecord(**{**vars(record), **found})


def take_step(
    session: Session, register: RegisterState, key: int, *, based_on: int, needed: tuple[str, ...]
) -> ChangeRecord:
    """Lock a change for its next step.

    Raises StaleVersion when somebody has written it since, WrongState when it has not come so far or is over.
    """
    record = get_change(session, register, key, lock=True)
    check_free(session, key)
    if record.version != based_on:
        raise StaleVersion(based_on=based_on, current=record.version)
    if record.state not in needed:
        raise WrongState(change=key, state=record.state, needed=needed)
    return record


def write_change(session: Session, record: ChangeRecord, **values: Any) -> None:  # noqa: ANN401 - columns of a change
    """Write a step of a change, as its next version."""
    step = update(Change).where(Change.id == record.id).values(version=record.version + 1, **values)
    session.execute(step)
