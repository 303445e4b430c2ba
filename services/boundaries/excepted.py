"""Tell findings that a lawful exception covers from defects."""

from __future__ import annotations

from sqlalchemy import Label, and_, func, or_, select

from services.queries import is_current
from services.tables.boundaries import AuditRun, Finding, LawfulException


def find_exception() -> Label[int | None]:
    """Give the piece of a statement on findings and their runs that names the exception covering a finding, if any.

    An exception covers the case with its fingerprint, or what lies on its ground; on the day that was audited, and
    only findings of its kind.
    """
    on_ground = and_(Finding.geom.is_not(None), func.ST_Covers(LawfulException.geom, Finding.geom))
    covers = or_(LawfulException.fingerprint == Finding.fingerprint, on_ground)
    own = (
        LawfulException.register_id == AuditRun.register_id,
        LawfulException.kind == Finding.kind,
        LawfulException.valid.contains(AuditRun.as_of),
        is_current(LawfulException),
    )
    chosen = select(func.min(LawfulException.id)).where(covers, *own).correlate(Finding, AuditRun)
    return chosen.scalar_subquery().label("exception_id")
