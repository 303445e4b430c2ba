"""Draw constituency plans, keep them with the seed that drew them, and show them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from geo.districting import DistrictPlan, PlanMeasures, PlanRule, build_graph, draw_districts, measure_plan
from geo.errors import AlreadyExists, PlanNotFound
from geo.register.divisions import Division
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.units import PlanGround, find_ground, list_units
from services.queries import RegisterState
from services.tables.elections import DistrictPlan as Record
from services.tables.elections import PlanUnit


@dataclass(frozen=True)
class UnitLine:
    """Put one unit into its district."""

    division: Division
    """The unit, with its people; None where it has no figure."""
    district: int
    """Its district, from 1."""


@dataclass(frozen=True)
class LinkLine:
    """Name a unit without neighbours and the unit it was tied to."""

    unit: str
    """The code of the unit."""
    to: str
    """The code of the unit it was tied to."""
    distance_m: float
    """How far apart they are."""


@dataclass(frozen=True)
class PlanSummary:
    """Say what a plan is, without its units."""

    name: str
    """Its name, unique in the register."""
    register: str
    """The register."""
    within: Division | None
    """The division it divides; None for the whole register."""
    unit_level: str
    """The level of the units, or several joined by `+`."""
    districts: int
    """How many districts."""
    tolerance: float
    """How far a district may lie from the ideal, as a share of it."""
    seed: int
    """What chance started from: the same seed draws the same plan of the same units."""
    day: date
    """The day on which the units stand as they were taken."""
    measures: PlanMeasures
    """How equal and compact the districts are."""
    links: tuple[LinkLine, ...]
    """Units that border no other and were tied to the nearest."""
    uncounted: tuple[str, ...]
    """Codes of the units without a population figure, which count as empty."""
    actor: str
    """Who drew it."""
    drawn_at: datetime
    """When."""


@dataclass(frozen=True)
class PlanAnswer:
    """Show a plan with its units."""

    plan: PlanSummary
    """What it is."""
    units: tuple[UnitLine, ...]
    """Its units by code."""


@dataclass(frozen=True)
class PlanOrder:
    """Say what plan is wanted."""

    name: str
    """What to call it."""
    districts: int
    """How many districts."""
    tolerance: float
    """How far a district may lie from the ideal, as a share of it (0-1)."""
    seed: int
    """Where chance starts from."""


def draw_plan(
    session: Session,
    register: RegisterState,
    order: PlanOrder,
    *,
    caller: Caller,
    day: date,
    within: str | None = None,
    unit_level: str | None = None,
) -> PlanAnswer:
    """Draw a plan over the units inside a division as they stand on `day`, and keep it.

    The units are the divisions of `unit_level`, or else the lowest ones with a boundary. Raises Infeasible with the
    reason when there is no plan or none was found, and AlreadyExists when the name is taken.
    """
    ground = find_ground(session, register, day, within=within, unit_level=unit_level)
    check_permitted(session, caller, Action.DRAW_PLAN, register, ground.within.id if ground.within else None)
    if session.scalar(_select_plan(register, order.name)) is not None:
        raise AlreadyExists(name=order.name)
    people = [unit.people or 0 for unit in ground.units]
    graph = build_graph([unit.code for unit in ground.units], ground.grounds, people)
    plan = draw_districts(graph, PlanRule(order.districts, order.tolerance), seed=order.seed)
    _write_plan(session, register, _to_row(register, order, ground, plan) | {"actor": caller.name}, ground, plan)
    detail = {"plan": order.name, "districts": order.districts, "tolerance": order.tolerance, "seed": order.seed}
    record_write(session, caller=caller, action=Action.DRAW_PLAN, subject=register.name, detail=detail)
    return get_plan(session, register, order.name)


def _to_row(register: RegisterState, order: PlanOrder, ground: PlanGround, plan: DistrictPlan) -> dict[str, Any]:
    links = [
        LinkLine(plan.graph.keys[link.unit], plan.graph.keys[link.to], link.distance_m) for link in plan.graph.links
    ]
    kept = {
        "figures": asdict(measure_plan(plan)),
        "day": ground.day.isoformat(),
        "links": [asdict(link) for link in links],
        "uncounted": [unit.code for unit in ground.units if unit.people is None],
    }
    return {
        "register_id": register.id,
        "within_id": ground.within.id if ground.within else None,
        "unit_level": "+".join(ground.levels),
        "measures": kept,
        **asdict(order),
    }


def _write_plan(
    session: Session, register: RegisterState, row: Mapping[str, Any], ground: PlanGround, plan: DistrictPlan
) -> None:
    key = session.scalar(insert(Record).values(**row).returning(Record.id))
    lines = zip(ground.units, plan.districts.tolist(), strict=True)
    units = [
        {"plan_id": key, "division_id": unit.id, "district": district, "people": unit.people or 0}
        for unit, district in lines
    ]
    session.execute(insert(PlanUnit), units)


def _select_plan(register: RegisterState, name: str) -> Select[Any]:
    return select(Record).where(Record.register_id == register.id, Record.name == name)


def get_plan(session: Session, register: RegisterState, name: str) -> PlanAnswer:
    """Give the plan of that name with its units, or raise PlanNotFound."""
    row = session.scalar(_select_plan(register, name))
    if row is None:
        raise PlanNotFound(plan=name)
    held = select(PlanUnit.division_id, PlanUnit.district, PlanUnit.people).where(PlanUnit.plan_id == row.id)
    units = {unit.division_id: unit for unit in session.execute(held)}
    plan = _to_summary(session, register, row)
    divisions = list_units(session, register, plan.day, ids=sorted(units))
    counted = [_count_unit(division, units[division.id].people, plan.uncounted) for division in divisions]
    return PlanAnswer(plan, tuple(UnitLine(unit, units[unit.id].district) for unit in counted))


def _count_unit(division: Division, people: int, uncounted: Sequence[str]) -> Division:
    """Give a unit the people the plan was drawn with, whatever has been counted since."""
    return Division(**(vars(division) | {"people": None if division.code in uncounted else people}))


def list_plans(session: Session, register: RegisterState) -> tuple[PlanSummary, ...]:
    """List the plans of a register by name."""
    rows = session.scalars(select(Record).where(Record.register_id == register.id).order_by(Record.name)).all()
    return tuple(_to_summary(session, register, row) for row in rows)


def _to_summary(session: Session, register: RegisterState, row: Record) -> PlanSummary:
    kept = row.measures
    day = date.fromisoformat(kept["day"])
    within = list_units(session, register, day, ids=[row.within_id]) if row.within_id else []
    return PlanSummary(
        name=row.name,
        register=register.name,
        within=within[0] if within else None,
        unit_level=row.unit_level,
        districts=row.districts,
        tolerance=row.tolerance,
        seed=row.seed,
        day=day,
        measures=_read_measures(kept["figures"]),
        links=tuple(LinkLine(**link) for link in kept["links"]),
        uncounted=tuple(kept["uncounted"]),
        actor=row.actor,
        drawn_at=row.drawn_at,
    )


def _read_measures(figures: Mapping[str, Any]) -> PlanMeasures:
    return PlanMeasures(
        people=tuple(figures["people"]),
        deviation=figures["deviation"],
        cut_edges=figures["cut_edges"],
        cut_m=figures["cut_m"],
        polsby_popper=tuple(figures["polsby_popper"]),
    )
