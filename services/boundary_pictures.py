"""Draw the moves of proposed repairs, and what decrees describe beside the boundaries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import shapely
from sqlalchemy.orm import Session

from maps import Page, draw_findings
from services.boundaries.described import list_lines, list_markers
from services.control.report import DecreeReport
from services.lookups import list_matching
from services.messages import say
from services.pictures import attribute, frame_level
from services.queries import RegisterState
from services.repairs.records import Proposal, RepairLine
from services.tables.register import Standing

MOST_MOVES = 2000
"""Moves one map shows, in their order."""

Line = tuple[str, str, tuple[tuple[str, str], ...], float | None, shapely.geometry.base.BaseGeometry | None, str]
"""Kind, severity, the codes and names of divisions, area, place and lasting name."""


def picture_repairs(
    session: Session, register: RegisterState, proposal: Proposal, lines: Sequence[RepairLine], *, language: str
) -> Page:
    """Draw the moves of a proposal on the divisions it looked at."""
    languages = (language, *register.pack.languages)
    rows: list[Line] = []
    for one in lines[:MOST_MOVES]:
        parties = tuple((division.code, division.name_in(*languages)) for division in one.divisions)
        rows.append((one.kind, "warning", parties, one.area_m2, one.geometry, one.fingerprint))
    return draw_findings(
        frame_level(session, register, proposal.levels, day=proposal.as_of, language=language),
        _frame(rows),
        language=language,
        title=say("page.repairs.one", language, number=proposal.id),
        attribution=attribute(register),
    )


def picture_control(session: Session, register: RegisterState, report: DecreeReport, *, language: str) -> Page:
    """Draw what differs, and every described line and marker, on the divisions they speak of."""
    languages = (language, *register.pack.languages)
    rows: list[Line] = []
    for one in report.findings:
        parties = tuple((division.code, division.name_in(*languages)) for division in one.divisions)
        if one.geometry is not None and not one.geometry.is_empty:
            rows.append((str(one.kind), str(one.severity), parties, None, one.geometry, one.fingerprint))
    rows += _list_described(session, register, report.day, languages)
    levels = sorted({division.level for one in report.findings for division in one.divisions})
    return draw_findings(
        frame_level(session, register, levels, day=report.day, language=language),
        _frame(rows),
        language=language,
        title=say("page.control.title", language),
        attribution=attribute(register),
    )


def _list_described(session: Session, register: RegisterState, day: date, languages: tuple[str, ...]) -> list[Line]:
    """List described lines and markers themselves, whether something is wrong with them or not."""
    lines, markers = list_lines(session, register), list_markers(session, register)
    pairs = [*((one.first, one.second) for one in lines), *((one.first, one.second) for one in markers)]
    keys = sorted({key for pair in pairs for key in pair if key is not None})
    known = {one.id: one for one in list_matching(session, register, day, Standing.division_id.in_(keys))}

    def name(*parties: int | None) -> tuple[tuple[str, str], ...]:
        there = [known[key] for key in parties if key is not None and key in known]
        return tuple((one.code, one.name_in(*languages)) for one in there)

    rows: list[Line] = []
    for one in lines:
        if one.lines:
            whole = shapely.MultiLineString(one.lines)
            rows.append(("described_line", "notice", name(one.first, one.second), None, whole, f"line-{one.id}"))
    for marker in markers:
        parties = name(marker.first, marker.second)
        rows.append(("boundary_marker", "notice", parties, None, marker.point, f"marker-{marker.id}"))
    return rows


def _frame(rows: Sequence[Line]) -> gpd.GeoDataFrame:
    columns = {
        "kind": [row[0] for row in rows],
        "severity": [row[1] for row in rows],
        "divisions": [[code for code, _ in row[2]] for row in rows],
        "names": [[name for _, name in row[2]] for row in rows],
        "area_m2": [row[3] for row in rows],
        "fingerprint": [row[5] for row in rows],
    }
    return gpd.GeoDataFrame(columns, geometry=[row[4] for row in rows], crs=4326)
