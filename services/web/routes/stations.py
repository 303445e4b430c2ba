"""Bring polling stations into a register and tell where they stand."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Request, Response, UploadFile
from pydantic import Field

from geo.elections.station_checks import LevelCheck
from services.access.roles import Action
from services.elections.answers import StationLine
from services.elections.station_filing import FilingRule
from services.elections.station_imports import StationOptions, StationReport, import_stations
from services.elections.station_sources import StationSource, gather_columns, split_pairs
from services.elections.station_views import get_station, list_sites
from services.web.access import WriteScope, allow
from services.web.geojson import MEDIA_TYPE
from services.web.models import DivisionOut, Model, to_division_out
from services.web.routes.elections import StationOut
from services.web.scope import AskedRegister, Day, Language, RegisterName
from services.web.sessions import RequestSession
from services.web.uploads import MOST_PROBLEMS, ProblemOut, list_problems, receive_file

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["elections"])


class StrayOut(Model):
    """A station that stands outside the division of its code."""

    station: str = Field(examples=["0101073"])
    coded: DivisionOut
    found: list[DivisionOut]
    """Where it stands: in none, one, or several."""


class LevelCheckOut(Model):
    """How stations stand to the divisions of one level."""

    level: str = Field(examples=["district"])
    coded: int
    """Stations with a position and a known code."""
    inside: int
    """Those that stand in the division of their code."""
    strays: list[StrayOut]
    nowhere: list[str]
    """Stations that stand in no division of the level."""
    several: list[str]
    """Stations that stand in several."""
    without: list[DivisionOut]
    """Divisions without a station."""


class StationImportOut(Model):
    """What an import of stations did or would do."""

    register_name: str = Field(alias="register", examples=["af"])
    committed: bool
    total: int
    stations: int
    branches: int
    refused: int
    known_codes: int
    """Stations in a division that is known by its code."""
    counts: dict[str, int]
    """What was wrong, by rule."""
    levels: list[LevelCheckOut]
    shared_sites: list[list[str]]
    """Stations that share one point."""
    crowded: list[str]
    """Stations with too many branches."""
    problems: list[ProblemOut]
    """The first thousand problems."""


class StationDetailOut(StationOut):
    """A station as the public may see it, which anybody may keep."""

    division: DivisionOut | None
    """The division it stands in."""


@router.get("/stations.geojson", response_class=Response)
def list_stations(register: RegisterName, asked: AskedRegister, session: RequestSession) -> Response:
    """Give the stations whose site is public as GeoJSON."""
    features = [_to_feature(line) for line in list_sites(session, asked)]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(body, media_type=MEDIA_TYPE)


def _to_feature(line: StationLine) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": line.code,
        "geometry": {"type": "Point", "coordinates": [line.lon, line.lat]},
        "properties": {
            "code": line.code,
            "name": line.name,
            "status": line.status,
            "replacement": line.replacement,
            "branches": len(line.branches),
            "synthetic": line.synthetic,
        },
    }


@router.get("/stations/{station}")
def show_station(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    language: Language,
    station: Annotated[str, Path(max_length=100, description="The code of the station.", examples=["16-001"])],
) -> StationDetailOut:
    """Show a station as the public may see it; one that is withheld is not found."""
    view = get_station(session, asked, station, day=day)
    shown = StationOut.model_validate(view.line).model_dump()
    division = to_division_out(view.division, asked, language) if view.division else None
    return StationDetailOut(**shown, division=division)


@router.post("/stations/import")
def bring_stations(
    request: Request,
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.RECORD_STATION)],
    day: Day,
    language: Language,
    file: Annotated[UploadFile, File(description="A table or vector file of stations.")],
    columns: Annotated[list[str], Form(description="FIELD=COLUMN, once for each field; `code` must be there.")],
    level: Annotated[str | None, Form(description="The level of the divisions whose codes the file gives.")] = None,
    scheme: Annotated[str | None, Form(description="The scheme of those codes.")] = None,
    branches: Annotated[UploadFile | None, File(description="A file of branches.")] = None,
    branch_columns: Annotated[list[str] | None, Form(description="FIELD=COLUMN of the file of branches.")] = None,
    most_branches: Annotated[int | None, Form(ge=1, le=1000, description="Tell stations with more branches.")] = None,
    commit: Annotated[bool, Form(description="Whether to keep them; otherwise only show what would be kept.")] = False,
    skip_refused: Annotated[bool, Form(description="Whether to go on without refused rows.")] = False,
) -> StationImportOut:
    """Bring polling stations from a file, all or none, and tell where they stand."""
    assert writer.register is not None
    limit = request.app.state.settings.import_max_bytes
    with tempfile.TemporaryDirectory(prefix="taqsimat-upload-") as room, tempfile.TemporaryDirectory() as other:
        source = StationSource(
            receive_file(file, FilePath(room), limit),
            gather_columns(columns),
            receive_file(branches, FilePath(other), limit) if branches else None,
            dict(split_pairs(branch_columns or ())),
        )
        options = StationOptions(
            FilingRule(day, level, scheme),
            most_branches=most_branches,
            commit=commit,
            skip_refused=skip_refused,
            most_bytes=limit,
        )
        report = import_stations(writer.session, writer.register, source, options, caller=writer.caller)
    return _to_out(report, writer, language)


def _to_out(report: StationReport, writer: WriteScope, language: str) -> StationImportOut:
    return StationImportOut(
        register=report.register,
        committed=report.committed,
        total=report.total,
        stations=report.stations,
        branches=report.branches,
        refused=report.refused,
        known_codes=report.known_codes,
        counts=dict(report.counts),
        levels=[_to_level(check, report, writer, language) for check in report.levels],
        shared_sites=[list(codes) for codes in report.shared_sites],
        crowded=list(report.crowded),
        problems=list_problems(report.problems[:MOST_PROBLEMS], language),
    )


def _to_level(check: LevelCheck, report: StationReport, writer: WriteScope, language: str) -> LevelCheckOut:
    assert writer.register is not None
    register = writer.register
    told = {key: to_division_out(one, register, language) for key, one in report.divisions.items()}
    return LevelCheckOut(
        level=check.level,
        coded=check.coded,
        inside=check.inside,
        strays=[
            StrayOut(station=one.station, coded=told[one.coded], found=[told[key] for key in one.found])
            for one in check.strays
        ],
        nowhere=list(check.nowhere),
        several=list(check.several),
        without=[told[key] for key in check.without],
    )
