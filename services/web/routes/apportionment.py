"""Answer how the seats of a body are shared."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field

from geo.apportionment import MOST_SEATS, Reserve, SeatUnit
from geo.register import load_pack
from services.elections.apportion import apportion_register, apportion_units
from services.elections.seat_answers import SeatsAnswer
from services.elections.seat_orders import SeatOrder
from services.web.models import Model, Text
from services.web.scope import AskedRegister, Day, Language
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1", tags=["elections"])

MOST_UNITS = 2_000
"""The most units that a request may bring; the command line takes more."""

Seats = Annotated[int, Field(strict=True, ge=0, le=MOST_SEATS)]
SeatsQuery = Annotated[int | None, Query(ge=0, le=MOST_SEATS)]


class SeatUnitIn(Model):
    """A unit that shares the seats."""

    code: Text = Field(examples=["AF01"])
    """Its code, unique among the units."""
    name: Text | None = Field(default=None, examples=["کابل"])
    """What it is called."""
    population: int = Field(strict=True, examples=[9100])
    """Its people, or voters, or votes."""
    floor: Seats | None = None
    """The fewest seats it gets."""
    cap: Seats | None = None
    """The most seats it gets."""
    fixed: Seats | None = None
    """Its seats, where the law names them."""


class ApportionmentIn(Model):
    """Ask how seats are shared among units, by a method or by the rule of a body."""

    units: list[SeatUnitIn] = Field(min_length=1, max_length=MOST_UNITS)
    """The units."""
    method: Text | None = Field(default=None, examples=["hamilton"])
    """`hamilton`, `article-49`, `dhondt`, `sainte-lague`, `huntington-hill`, `adams` or `dean`."""
    seats: int | None = Field(default=None, strict=True, ge=1, le=MOST_SEATS, examples=[20])
    """All seats, the reserved and fixed ones included."""
    floor: Seats | None = None
    """The fewest seats of a unit; in article 49 what a too small one gets."""
    cap: Seats | None = None
    """The most seats of a unit."""
    trigger: Seats | None = None
    """In article 49, a unit whose quota is under this many seats is too small."""
    reserved: dict[Text, Seats] = Field(default_factory=dict, max_length=100, examples=[{"kuchi": 10}])
    """Seats set aside before all sharing."""
    lot: list[Text] = Field(default_factory=list, max_length=MOST_UNITS)
    """The codes of tied units in the order of a drawn lot."""
    country: Text | None = Field(default=None, examples=["af"])
    """The country pack that has the body."""
    body_name: Text | None = Field(default=None, alias="body", examples=["wolesi_jirga"])
    """A body of that pack; it gives what is not asked for."""


class QuotaLineOut(Model):
    """The quota of one unit in one round."""

    code: str
    population: int
    quota: str = Field(examples=["18.2000"])
    """A decimal, cut off and never rounded up."""
    exact: str = Field(examples=["91/5"])
    """The quota as an exact fraction."""
    whole: int
    remainder: str
    given: int | None
    """The seats it got as too small or too large, leaving the sharing."""
    seats: int | None
    """Its seats after the last round; null while a tie leaves them open."""


class QuotaRoundOut(Model):
    """One round of a quota method."""

    number: int = Field(alias="round")
    seats: int
    population: int
    people_per_seat: str | None
    left_over: int | None
    """Seats that went to the largest remainders, in the last round."""
    lines: list[QuotaLineOut]


class AwardOut(Model):
    """One seat of a divisor method, in the order they were given."""

    seat: int
    code: str
    held: int
    claim: str
    """The quotient, cut off after four decimals."""
    exact: str


class BandOut(Model):
    """The band in which the people of a unit lie."""

    code: str
    least: int
    below: int | None


class TieOut(Model):
    """Units with exactly equal claims to fewer seats than they are."""

    codes: list[str]
    seats: int
    winners: list[str]
    """Whom a drawn lot gave them to; empty while they are open."""


class UnitSeatsOut(Model):
    """The seats of one unit."""

    code: str
    name: str | None
    population: int
    seats: int
    before: int
    """Those it had before claims were ranked: its floor, or its fixed seats."""
    fixed: bool


class ApportionmentOut(Model):
    """The seats of every unit, with every step of the arithmetic."""

    status: str = Field(examples=["decided"])
    """`decided`, or `tied` while equal claims leave seats open."""
    method: str = Field(examples=["hamilton"])
    total: int
    shared: int
    """Seats left to share after the reserved and fixed ones."""
    undecided: int
    """Seats that a tie leaves open."""
    seats: dict[str, int] = Field(examples=[{"AF01": 15}])
    """The seats by code."""
    reserved: dict[str, int]
    body_name: str | None = Field(alias="body")
    units: list[UnitSeatsOut]
    rounds: list[QuotaRoundOut]
    awards: list[AwardOut]
    bands: list[BandOut]
    ties: list[TieOut]


@router.post("/apportionments")
def apportion(wanted: Annotated[ApportionmentIn, Body()]) -> ApportionmentOut:
    """Share seats among the units that are sent; nothing is kept."""
    order = SeatOrder(
        *(wanted.method, wanted.seats, wanted.floor, wanted.cap, wanted.trigger),
        reserved=tuple(Reserve(key, seats) for key, seats in wanted.reserved.items()),
        lot=tuple(wanted.lot),
    )
    units = [SeatUnit(one.code, one.population, one.floor, one.cap, one.fixed) for one in wanted.units]
    names = {one.code: one.name for one in wanted.units if one.name}
    body = load_pack(wanted.country or "").body(wanted.body_name) if wanted.body_name else None
    return _to_out(apportion_units(units, order, names=names, body=body))


@router.get("/registers/{register}/apportionment")
def apportion_divisions(
    register: Annotated[str, Path(description="The name of the register.", examples=["dz"])],
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    language: Language,
    level: Annotated[str | None, Query(max_length=100, examples=["wilaya"])] = None,
    method: Annotated[str | None, Query(max_length=100, examples=["hamilton"])] = None,
    seats: SeatsQuery = None,
    floor: SeatsQuery = None,
    cap: SeatsQuery = None,
    trigger: SeatsQuery = None,
    within: Annotated[str | None, Query(max_length=200, description="Only divisions inside this one.")] = None,
    body: Annotated[str | None, Query(max_length=100, description="A body of the country pack.")] = None,
) -> ApportionmentOut:
    """Share seats among the divisions of a level by their people, by a method or by the rule of a body."""
    order = SeatOrder(method, seats, floor, cap, trigger)
    answer = apportion_register(
        session, asked, order, day=day, level=level, within=within, body=body, language=language
    )
    return _to_out(answer)


def _to_out(answer: SeatsAnswer) -> ApportionmentOut:
    plain: dict[str, Any] = answer.to_json()
    return ApportionmentOut.model_validate(plain)
