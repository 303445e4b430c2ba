"""Publish editions of a register, list them and hand out their files; count divisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Request
from fastapi.responses import FileResponse
from pydantic import Field

from geo.register.calendars import parse_date
from services.access.roles import Action
from services.register.editions import (
    EditionOrder,
    EditionState,
    Publication,
    find_file,
    get_edition,
    list_editions,
    publish_edition,
)
from services.web.access import WriteScope, allow
from services.web.models import Link, Model, Text
from services.web.remembering import recall_statistics
from services.web.scope import AskedRegister, Day, Language, RegisterName, today
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["editions"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the edition.", examples=[1])]

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".parquet": "application/vnd.apache.parquet",
    ".pmtiles": "application/vnd.pmtiles",
}
"""What the files are, by ending."""

FOR_EVER = "public, max-age=31536000, immutable"
"""How long a copy of a file is good: an edition never changes."""


class EditionFileOut(Model):
    """A file of an edition."""

    name: str = Field(examples=["divisions.gpkg"])
    size_bytes: int = Field(examples=[9891840])
    sha256: str = Field(examples=["2469de9684f6ba711798438c77a3572ec5121d975c1f2b3a4d5e6f708192a3b4"])
    """The hash of its bytes."""
    href: str = Field(examples=["/api/v1/registers/dz/editions/1/files/divisions.gpkg"])
    """Where it is."""


class EditionOut(Model):
    """A published state of a register."""

    register_name: str = Field(alias="register", examples=["dz"])
    number: int = Field(examples=[1])
    """Its running number in the register."""
    as_of: date = Field(examples=["2026-03-21"])
    """The date whose state it holds."""
    register_version: int = Field(examples=[1])
    """The version of the register it was first made from."""
    digest: str = Field(examples=["cdfc91505448bf2b0d9028e4924c942f9bdb6c983c2ef441fc2f1513070c681e"])
    """The hash of its content, whatever programs write the files."""
    published_by: str = Field(examples=["office"])
    published_at: datetime = Field(examples=["2026-03-22T08:00:00Z"])
    files: list[EditionFileOut]
    links: list[Link]


class PublicationOut(Model):
    """What publishing came to."""

    edition: EditionOut
    is_new: bool
    """Whether it was published now; the same content keeps its number."""
    divisions: int = Field(examples=[2155])
    """How many divisions it holds."""
    changed: list[str] = Field(examples=[[]])
    """Files that another version of the program now writes with other bytes than those first published."""


class PublishIn(Model):
    """What is to be published."""

    as_of: Text | None = Field(default=None, examples=["1404-12-29"])
    """The date whose state is published, Jalali or Gregorian; today by default."""


class CountRowOut(Model):
    """The counts of one division of the top level, or of what stands under none."""

    code: str | None = Field(examples=["16"])
    name: str | None = Field(examples=["الجزائر"])
    counts: dict[str, int] = Field(examples=[{"daira": 13, "commune": 57}])
    """How many there are of each level below the top."""


class StatisticsOut(Model):
    """How many divisions of each level stand in each division of the top level."""

    register_name: str = Field(alias="register", examples=["dz"])
    as_of: date = Field(examples=["2026-01-01"])
    top: list[str] = Field(examples=[["wilaya"]])
    """The levels of the rows."""
    rows: list[CountRowOut]
    totals: dict[str, int] = Field(examples=[{"wilaya": 69, "daira": 548, "commune": 1538}])


@router.get("/editions")
def list_all(register: RegisterName, asked: AskedRegister, session: RequestSession) -> list[EditionOut]:
    """List the editions of a register, the latest first."""
    return [to_edition_out(edition) for edition in list_editions(session, asked)]


@router.post("/editions")
def publish(
    request: Request,
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.PUBLISH_EDITION)],
    wish: Annotated[PublishIn, Body()],
) -> PublicationOut:
    """Publish the state of a register on a date; the same content keeps its number and its files."""
    assert writer.register is not None
    day = parse_date(wish.as_of) if wish.as_of else today()
    order = EditionOrder(day, today(), request.app.state.settings.data_folder)
    return _to_publication_out(publish_edition(writer.session, writer.register, order, caller=writer.caller))


def _to_publication_out(publication: Publication) -> PublicationOut:
    return PublicationOut(
        edition=to_edition_out(publication.edition),
        is_new=publication.is_new,
        divisions=publication.divisions,
        changed=list(publication.changed),
    )


@router.get("/editions/{number}")
def show(register: RegisterName, asked: AskedRegister, session: RequestSession, number: Number) -> EditionOut:
    """Show one edition with its files."""
    return to_edition_out(get_edition(session, asked, number))


@router.get(
    "/editions/{number}/files/{name}",
    response_class=FileResponse,
    responses={200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}},
)
def send_file(
    request: Request,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    number: Number,
    name: Annotated[str, Path(max_length=100, description="A file of the edition.", examples=["divisions.csv"])],
) -> FileResponse:
    """Send one file of an edition, whole or a range of it."""
    edition = get_edition(session, asked, number)
    path = find_file(request.app.state.settings.data_folder, asked, edition, name)
    sha256 = next(one.sha256 for one in edition.files if one.name == name)
    headers = {"ETag": f'"{sha256}"', "Cache-Control": FOR_EVER}
    return FileResponse(path, media_type=MEDIA_TYPES.get(path.suffix), filename=name, headers=headers)


@router.get("/statistics")
def count(
    request: Request,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    language: Language,
) -> StatisticsOut:
    """Count the divisions by level and by division of the top level."""
    table = recall_statistics(request, session, asked, day=day)
    rows = [
        CountRowOut(
            code=row.division.code if row.division else None,
            name=row.division.name_in(language, *asked.pack.languages) if row.division else None,
            counts=dict(zip(table.levels, row.counts, strict=True)),
        )
        for row in table.rows
    ]
    tops = {
        level: sum(row.division is not None and row.division.level == level for row in table.rows)
        for level in table.top
    }
    totals = {**tops, **dict(zip(table.levels, table.totals, strict=True))}
    return StatisticsOut(register=asked.name, as_of=day, top=list(table.top), rows=rows, totals=totals)


def to_edition_out(edition: EditionState) -> EditionOut:
    """Write an edition for the API."""
    own = f"/api/v1/registers/{edition.register}/editions/{edition.number}"
    return EditionOut(
        register=edition.register,
        number=edition.number,
        as_of=edition.as_of,
        register_version=edition.register_version,
        digest=edition.digest,
        published_by=edition.published_by,
        published_at=edition.published_at,
        files=[
            EditionFileOut(name=one.name, size_bytes=one.size_bytes, sha256=one.sha256, href=f"{own}/files/{one.name}")
            for one in edition.files
        ],
        links=[Link(rel="self", href=own)],
    )
