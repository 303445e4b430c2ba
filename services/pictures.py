"""Join what the use cases answer to the maps, for the pages and for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.register.calendars import format_date
from geo.register.divisions import Division
from maps import Page, draw_branches, draw_density, draw_findings, draw_level, draw_plan, draw_plan_sheet
from services.boundaries.findings import FindingFilter, FoundDefect, RunState, list_findings, list_runs
from services.civic.density import DensityAnswer
from services.elections.answers import BranchAnswer
from services.elections.plan_answers import PlanAnswer
from services.messages import say
from services.queries import RegisterState, count_people_in, load_boundaries, select_divisions, to_division
from services.tables.register import Standing

MOST_FINDINGS = 2000
"""Findings one map shows, the largest first."""


def picture_findings(session: Session, register: RegisterState, wanted: FindingFilter, *, language: str) -> Page:
    """Draw the findings of the latest audits on the divisions that were audited."""
    runs = list_runs(session, register, level=wanted.level)
    found = list_findings(session, register, wanted, limit=MOST_FINDINGS)
    return draw_findings(
        _frame_audited(session, register, runs, language=language),
        _frame_findings(found, (language, *register.pack.languages)),
        language=language,
        title=say("page.findings.title", language),
        attribution=attribute(register),
    )


def _frame_audited(
    session: Session, register: RegisterState, runs: Sequence[RunState], *, language: str
) -> gpd.GeoDataFrame:
    """Frame the divisions of the last run; earlier runs of other levels would only hide them."""
    if not runs:
        return frame_divisions([], {}, register, language)
    latest = runs[-1]
    return frame_level(session, register, latest.levels, day=latest.as_of, language=language)


def frame_level(
    session: Session, register: RegisterState, levels: Sequence[str], *, day: date, language: str
) -> gpd.GeoDataFrame:
    """Frame the divisions of levels with code, name and boundary; those without one are left out."""
    of_level = Standing.level.in_(levels)
    divisions = [to_division(row) for row in session.execute(select_divisions(register, day).where(of_level))]
    return frame_divisions(divisions, load_boundaries(session, register, day, of_level), register, language)


def frame_divisions(
    divisions: Sequence[Division], shapes: Mapping[int, BaseGeometry], register: RegisterState, language: str
) -> gpd.GeoDataFrame:
    """Frame divisions with id, code, name and boundary; those without one are left out."""
    drawn = sorted((one for one in divisions if one.id in shapes), key=lambda one: (one.code, one.id))
    names = [one.name_in(language, *register.pack.languages) for one in drawn]
    columns = {"id": [one.id for one in drawn], "code": [one.code for one in drawn], "name": names}
    return gpd.GeoDataFrame(columns, geometry=[shapes[one.id] for one in drawn], crs=4326)


def _frame_findings(found: Sequence[FoundDefect], languages: tuple[str, ...]) -> gpd.GeoDataFrame:
    columns = {
        "kind": [one.kind for one in found],
        "severity": [one.severity for one in found],
        "divisions": [[division.code for division in one.divisions] for one in found],
        "names": [[division.name_in(*languages) for division in one.divisions] for one in found],
        "area_m2": [one.area_m2 for one in found],
        "status": [one.status for one in found],
        "fingerprint": [one.fingerprint for one in found],
    }
    return gpd.GeoDataFrame(columns, geometry=[one.geometry for one in found], crs=4326)


def picture_branches(
    session: Session, register: RegisterState, answer: BranchAnswer, *, asked: shapely.Point | None, language: str
) -> Page:
    """Draw the stations of an answer around the point that was asked about."""
    own = [link.division for link in answer.chain][-1:]
    shapes = load_boundaries(session, register, answer.day, Standing.division_id.in_([one.id for one in own]))
    shown = [line for line in answer.stations if line.lon is not None]
    columns = {
        "code": [line.code for line in shown],
        "name": [line.name for line in shown],
        "address": ["" for _ in shown],
        "branches": [len(line.branches) for line in shown],
        "distance_m": [line.distance_m for line in shown],
    }
    points = [shapely.Point(line.lon or 0.0, line.lat or 0.0) for line in shown]
    return draw_branches(
        frame_divisions(own, shapes, register, language),
        gpd.GeoDataFrame(columns, geometry=points, crs=4326),
        asked=asked,
        language=language,
        title=say("page.find.title", language),
        attribution=attribute(register),
    )


def picture_density(session: Session, register: RegisterState, answer: DensityAnswer, *, language: str) -> Page:
    """Draw the density of complaints beside the councils in charge."""
    shapes = load_boundaries(session, register, answer.day, Standing.level == answer.level)
    rows = {row.division.id: row for row in answer.rows}
    frame = frame_divisions([row.division for row in answer.rows], shapes, register, language)
    chosen = [rows[key] for key in frame["id"]]
    frame["count"] = [row.density.count for row in chosen]
    frame["rate"] = [row.density.per_1000 for row in chosen]
    frame["suppressed"] = [row.density.is_hidden for row in chosen]
    frame["council"] = [row.council.name if row.council else "" for row in chosen]
    return draw_density(
        frame,
        threshold=answer.threshold,
        language=language,
        title=say("page.complaints.title", language),
        attribution=attribute(register),
    )


def picture_plan(session: Session, register: RegisterState, answer: PlanAnswer, *, language: str) -> Page:
    """Draw which unit lies in which district of a plan."""
    frame = _frame_plan(session, register, answer, language=language)
    return draw_plan(frame, language=language, title=answer.name, attribution=attribute(register))


def picture_plan_sheet(session: Session, register: RegisterState, answer: PlanAnswer, *, language: str) -> str:
    """Draw a plan as one picture for paper."""
    frame = _frame_plan(session, register, answer, language=language)
    return draw_plan_sheet(frame, language=language, title=answer.name, attribution=attribute(register))


def _frame_plan(session: Session, register: RegisterState, answer: PlanAnswer, *, language: str) -> gpd.GeoDataFrame:
    units = {unit.division.id: unit for unit in answer.units}
    seats = {line.district: line.seats for line in answer.districts}
    shapes = load_boundaries(session, register, answer.day, Standing.division_id.in_(units))
    frame = frame_divisions([unit.division for unit in answer.units], shapes, register, language)
    frame["population"] = [units[key].division.people for key in frame["id"]]
    frame["district"] = [units[key].district for key in frame["id"]]
    frame["seats"] = [seats[district] for district in frame["district"]]
    return frame


def picture_level(session: Session, register: RegisterState, level: str, *, day: date, language: str) -> Page:
    """Draw the divisions of a level as they stood on a day."""
    frame = frame_level(session, register, [level], day=day, language=language)
    people = count_people_in(session, frame["id"].tolist(), day)
    frame["population"] = [people.get(key) for key in frame["id"]]
    return draw_level(
        frame,
        day=format_date(day, language, long=True),
        language=language,
        title=say("page.division_map.title", language, level=register.pack.level(level).names.choose(language)),
        attribution=attribute(register),
    )


def attribute(register: RegisterState) -> str:
    """Thank those whose data the register may hold."""
    return "؛ ".join(f"{one.text} ({one.licence})" for one in register.pack.attributions)
