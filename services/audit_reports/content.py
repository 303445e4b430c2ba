"""Gather what is written of an audit run, once for all formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from services.boundaries.exceptions import ExceptionState, list_exceptions
from services.boundaries.findings import FindingFilter, FoundDefect, list_findings
from services.boundaries.runs import RunRecord, get_audit_run
from services.queries import RegisterState

MOST_FINDINGS = 1_000_000
"""More findings than any register has divisions are not written."""

COLUMNS = (
    *("id", "kind", "severity", "status", "divisions", "names", "area_m2", "length_m", "width_m", "places", "people"),
    *("lon", "lat", "fingerprint", "first_seen", "last_seen", "exception", "detail"),
)
"""The columns of tables and layers."""

Value = str | int | float | None
"""What a cell holds."""


@dataclass(frozen=True)
class RunContent:
    """Hold an audit run with all that is written of it."""

    register: RegisterState
    """The register."""
    run: RunRecord
    """The run."""
    findings: tuple[FoundDefect, ...]
    """Its defects, then what is lawful, then what is gone since the run before; each the largest first."""
    exceptions: tuple[ExceptionState, ...]
    """The exceptions that held on the day that was audited."""

    def list_of(self, *statuses: str) -> tuple[FoundDefect, ...]:
        """List the findings of some statuses."""
        return tuple(one for one in self.findings if one.status in statuses)

    def name(self, division: Division, language: str) -> str:
        """Call a division as the reader does."""
        return division.name_in(language, *self.register.pack.languages)


def load_run_content(session: Session, register: RegisterState, run: int) -> RunContent:
    """Load a run with its findings and those that it no longer has, or raise RunNotFound."""
    record = get_audit_run(session, register, run)
    findings = tuple(
        finding
        for status in (None, "excepted", "gone")
        for finding in list_findings(
            session, register, FindingFilter(run=record.id, status=status), limit=MOST_FINDINGS
        )
    )
    return RunContent(register, record, findings, list_exceptions(session, register, day=record.as_of))


def list_rows(content: RunContent, language: str) -> Iterator[tuple[Value, ...]]:
    """List the findings as rows of the columns."""
    for one in content.findings:
        lon, lat = one.point or (None, None)
        yield (
            one.id,
            one.kind,
            one.severity,
            one.status,
            ", ".join(division.code for division in one.divisions),
            ", ".join(content.name(division, language) for division in one.divisions),
            *(one.area_m2, one.length_m, one.width_m, one.places, one.people, lon, lat),
            one.fingerprint,
            _write_day(one.first_seen.date() if one.first_seen else None),
            _write_day(one.last_seen.date() if one.last_seen else None),
            one.exception,
            json.dumps(one.detail, ensure_ascii=False, sort_keys=True) if one.detail else None,
        )


def list_shapes(content: RunContent) -> list[BaseGeometry | None]:
    """List the ground of the findings, in the order of the rows."""
    return [None if one.geometry is None else shapely.force_2d(one.geometry) for one in content.findings]


def _write_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
