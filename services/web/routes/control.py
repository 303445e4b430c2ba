"""Answer about the control against decrees, and take in what decrees describe."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path as FilePath
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from pydantic import Field

from services.access.roles import Action
from services.boundaries.described_rows import MOST_BYTES, What
from services.boundaries.describing import DescriptionReport, import_descriptions
from services.control.exports import name_decree, tell_finding, write_findings
from services.control.findings import DecreeFinding
from services.control.report import DecreeReport, check_decrees
from services.queries import RegisterState
from services.web.access import WriteScope, allow
from services.web.geojson import round_shape
from services.web.models import DivisionOut, Model, to_division_out
from services.web.scope import AskedRegister, Day, Language, RegisterName, today
from services.web.sessions import RequestSession
from services.web.uploads import ProblemOut, list_problems, receive_file

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["changes"])

Kind = Annotated[What, Path(alias="what", description="What the file holds.", examples=["markers"])]


class DecreeFindingOut(Model):
    """One place where the register and a decree differ."""

    kind: str = Field(examples=["marker_off"])
    severity: str = Field(examples=["error"])
    fingerprint: str
    """The lasting name of the case, the same when the control runs again."""
    decree: int | None
    decree_name: str
    divisions: list[DivisionOut]
    distance_m: float | None
    """How far off it is at most."""
    accuracy_m: float | None
    """How far off it may be."""
    length_m: float | None
    """How long the stretch is that is off."""
    point: tuple[float, float] | None
    geometry: dict[str, Any] | None
    """The stretch, marker or place as GeoJSON."""
    detail: dict[str, str | int | float | None]
    text: str
    """What it is about, in the language asked for."""


class ControlOut(Model):
    """What the control against decrees found."""

    register_name: str = Field(alias="register", examples=["dz"])
    day: date
    version: int
    checked: dict[str, int] = Field(examples=[{"decrees": 2, "lines": 1, "markers": 12, "places": 3}])
    counts: dict[str, int] = Field(examples=[{"marker_off": 1}])
    findings: list[DecreeFindingOut]


class DescribedOut(Model):
    """What an import of descriptions did."""

    register_name: str = Field(alias="register", examples=["dz"])
    decree: int | None
    what: str = Field(examples=["markers"])
    file: str
    rows: int
    kept: int
    replaced: int
    problems: list[ProblemOut]


@router.get("/decrees/control")
def control(
    register: RegisterName, asked: AskedRegister, session: RequestSession, day: Day, language: Language
) -> ControlOut:
    """Hold the register against what its decrees describe; the gravest findings come first."""
    report = check_decrees(session, asked, day=day)
    return ControlOut(
        register=asked.name,
        day=report.day,
        version=report.version,
        checked=report.checked,
        counts=report.counts,
        findings=[_to_out(report, one, asked, language) for one in report.findings],
    )


@router.get("/decrees/control.csv", response_class=Response)
def control_table(
    register: RegisterName, asked: AskedRegister, session: RequestSession, day: Day, language: Language
) -> Response:
    """Give the same findings as a CSV table."""
    body = "\ufeff" + write_findings(check_decrees(session, asked, day=day), language=language)
    name = {"Content-Disposition": 'attachment; filename="control.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=name)


def _to_out(report: DecreeReport, one: DecreeFinding, register: RegisterState, language: str) -> DecreeFindingOut:
    shape = None if one.geometry is None or one.geometry.is_empty else round_shape(one.geometry)
    return DecreeFindingOut(
        kind=str(one.kind),
        severity=str(one.severity),
        fingerprint=one.fingerprint,
        decree=one.decree,
        decree_name=name_decree(report, one),
        divisions=[to_division_out(division, register, language) for division in one.divisions],
        distance_m=one.distance_m,
        accuracy_m=one.accuracy_m,
        length_m=one.length_m,
        point=one.point,
        geometry=None if shape is None else shapely.geometry.mapping(shape),
        detail=dict(one.detail),
        text=tell_finding(one, language),
    )


@router.post("/decrees/{decree}/descriptions/{what}")
def describe(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.DRAFT_CHANGE)],
    language: Language,
    decree: Annotated[int, Path(ge=1, lt=2**63, description="The key of the decree.")],
    what: Kind,
    file: Annotated[UploadFile, File(description="A table or layer with the columns of its kind.")],
    layer: Annotated[str | None, Form(max_length=200, description="The layer of a file that has several.")] = None,
    replace: Annotated[bool, Form(description="Whether to drop what the decree said of the kind before.")] = False,
) -> DescribedOut:
    """Keep the lines, markers or places that a decree describes, or map sheets; all rows or none."""
    assert writer.register is not None
    with tempfile.TemporaryDirectory(prefix="taqsimat-upload-") as room:
        path = receive_file(file, FilePath(room), MOST_BYTES)
        terms: dict[str, Any] = {"decree": decree, "caller": writer.caller, "day": today(), "layer": layer}
        report = import_descriptions(writer.session, writer.register, path, what, **terms, replace=replace)
    return to_described_out(report, language)


def to_described_out(report: DescriptionReport, language: str) -> DescribedOut:
    """Write the report of an import of descriptions for the API."""
    values = {**vars(report), "problems": list_problems(report.problems, language)}
    return DescribedOut.model_validate(values)
