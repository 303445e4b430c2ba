"""Answer about the lives of divisions, what became of them and what they came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from geo.register.spans import choose_day, parse_span
from services.queries import RegisterState
from services.register.history import GroundSpan, describe_history, list_grounds
from services.register.lineages import Kin, LineageAnswer, trace_lineage
from services.web.chronicle import ChangeLineOut, EventOut, to_change_out, to_event_out
from services.web.geojson import MEDIA_TYPE, round_shape
from services.web.models import DivisionOut, Link, Model, to_division_out
from services.web.scope import AskedRegister, Day, Language, RegisterName, today
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["history"])

Code = Annotated[str, Path(description="A code of the division, in any scheme.", examples=["16"])]
Level = Annotated[str | None, Query(description="The level meant, where a code means several divisions.")]


@dataclass(frozen=True)
class Holder:
    """Say whom a code is asked of."""

    code: str
    """The code."""
    day: date
    """The day on which it is held."""
    level: str | None
    """The level meant, if one is named."""
    last: bool
    """Whether the one that held it last is meant where nobody holds it on the day."""


def read_holder(request: Request, code: Code, day: Day, level: Level = None) -> Holder:
    """Read whom a code is asked of: on a day that is named, else today or when it was held last."""
    return Holder(code, day, level, last=not request.query_params.get("as_of"))


AskedHolder = Annotated[Holder, Depends(read_holder)]


class PeriodOut(Model):
    """A stretch of days, half-open; null where no beginning or end is known."""

    start: date | None
    """The first day."""
    end: date | None
    """The first day after it."""


class HistoryOut(Model):
    """The life of a division."""

    register_name: str = Field(alias="register", examples=["dz"])
    as_of: date
    """The day the division was looked up on: the one asked about, or the last on which its code was held."""
    division: DivisionOut
    periods: list[PeriodOut]
    """When it stands."""
    events: list[EventOut]
    changes: list[ChangeLineOut]
    links: list[Link]


@router.get("/divisions/{code}/history")
def show_history(
    register: RegisterName, asked: AskedRegister, holder: AskedHolder, session: RequestSession, language: Language
) -> HistoryOut:
    """Show the life of a division: its names, codes, parents, levels and boundaries, with their decrees."""
    found = describe_history(session, asked, holder.code, day=holder.day, level=holder.level, last=holder.last)
    own = f"/api/v1/registers/{asked.name}/divisions/{holder.code}"
    return HistoryOut(
        register=found.register,
        as_of=found.day,
        division=to_division_out(found.division, asked, language),
        periods=[PeriodOut(start=period.start, end=period.end) for period in found.periods],
        events=[to_event_out(event, asked, language) for event in found.events],
        changes=[to_change_out(change, asked, language) for change in found.changes],
        links=[
            Link(rel="lineage", href=f"{own}/lineage?as_of={found.day}"),
            Link(rel="boundaries", href=f"{own}/boundaries?as_of={found.day}"),
        ],
    )


class KinOut(Model):
    """A division that the asked one became, or came from."""

    division: DivisionOut
    as_of: date
    area_share: float | None = Field(examples=[0.62])
    """The share of the asked division's ground that lies in it, from 0 to 1; null where a boundary is missing."""
    people_share: float | None = Field(examples=[0.71])
    """The share of the asked division's people whose places stand in it; null where none are counted by place."""


class LineageOut(Model):
    """What became of a division, and what it came from."""

    register_name: str = Field(alias="register", examples=["dz"])
    as_of: date
    """The day the division was looked up on."""
    until: date
    """The day up to which is told what became of it."""
    division: DivisionOut
    successors: list[KinOut]
    later: list[ChangeLineOut]
    origins: list[KinOut]
    earlier: list[ChangeLineOut]


@router.get("/divisions/{code}/lineage")
def show_lineage(
    register: RegisterName,
    asked: AskedRegister,
    holder: AskedHolder,
    session: RequestSession,
    language: Language,
    until: Annotated[
        str | None, Query(max_length=32, description="The day up to which is told; today by default.")
    ] = None,
) -> LineageOut:
    """Show what became of a division and what it came from, by changes with their decrees, with shares."""
    end = choose_day(parse_span(until), today()) if until else today()
    found = trace_lineage(session, asked, holder.code, day=holder.day, until=end, level=holder.level, last=holder.last)
    return _to_lineage_out(found, asked, language)


def _to_lineage_out(found: LineageAnswer, register: RegisterState, language: str) -> LineageOut:
    def write(kin: Kin) -> KinOut:
        division = to_division_out(kin.division, register, language)
        return KinOut(division=division, as_of=kin.day, area_share=kin.area_share, people_share=kin.people_share)

    return LineageOut(
        register=found.register,
        as_of=found.day,
        until=found.until,
        division=to_division_out(found.division, register, language),
        successors=[write(kin) for kin in found.successors],
        later=[to_change_out(change, register, language) for change in found.later],
        origins=[write(kin) for kin in found.origins],
        earlier=[to_change_out(change, register, language) for change in found.earlier],
    )


@router.get(
    "/divisions/{code}/boundaries",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"example": {"type": "FeatureCollection", "features": []}}}}},
)
def show_boundaries(
    register: RegisterName, asked: AskedRegister, holder: AskedHolder, session: RequestSession
) -> Response:
    """Show every boundary a division has had with its period, in the order of time, as GeoJSON (RFC 7946)."""
    found = describe_history(session, asked, holder.code, day=holder.day, level=holder.level, last=holder.last)
    features = [_to_feature(one, found.division.code) for one in list_grounds(session, found.division)]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(body, media_type=MEDIA_TYPE)


def _to_feature(ground: GroundSpan, code: str) -> dict[str, Any]:
    start, end = (day.isoformat() if day else None for day in (ground.period.start, ground.period.end))
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(round_shape(ground.shape))),
        "properties": {"code": code, "valid_from": start, "valid_to": end, "area_m2": ground.area_m2},
    }
