"""Draw constituency plans, keep them with the seed that drew them, and show them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from geo.districting import DistrictPlan, PlanRule, build_graph, draw_districts, measure_plan
from geo.errors import AlreadyExists, InvalidValue, PlanNotFound, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.plan_answers import DistrictLine, LinkLine, PlanAnswer, PlanSummary, UnitLine
from services.elections.units import PlanGround, find_ground, list_units
from services.queries import RegisterState
from services.tables.elections import DistrictPlan as Record
from services.tables.elections import PlanUnit

LARGEST_SEED = 2**31 - 1
"""The largest seed the store can keep."""


def draw_plan(
    session: Session,
    register: RegisterState,
    *,
    districts: int,
    tolerance: float,
    seed: int,
    name: str,
    caller: Caller,
    within: str | None = None,
    unit_level: str | None = None,
    day: date | None = None,
) -> PlanAnswer:
    """Draw a plan over the units inside a division as they stand on `day` (today), and keep it.

    The units are the divisions of `unit_level`, or else the lowest ones with a boundary. Raises Infeasible with the
    reason when there is no plan or none was found, and AlreadyExists when the name is taken.
    """
    rule = PlanRule(districts, tolerance)
    _check_seed(seed)
    ground = find_ground(session, register, day or datetime.now(UTC).date(), within=within, unit_level=unit_level)
    check_permitted(session, caller, Action.DRAW_PLAN, register, ground.within.id if ground.within else None)
    if session.scalar(_select_plan(register, name)) is not None:
        raise AlreadyExists(name=name)
    people = [unit.people or 0 for unit in ground.units]
    graph = build_graph([unit.code for unit in ground.units], ground.grounds, people)
    plan = draw_districts(graph, rule, seed=seed)
    order = {"name": name, "districts": districts, "tolerance": tolerance, "seed": seed}
    row = order | {"register_id": register.id, "actor": caller.name, "measures": _to_measures(ground, plan)}
    _write_plan(session, row, ground, plan)
    detail = order | {"within": within, "units": len(ground.units)}
    record_write(session, caller=caller, action=Action.DRAW_PLAN, subject=register.name, detail=detail)
    return get_plan(session, register, name)


def _check_seed(seed: int) -> None:
    if not 0 <= seed <= LARGEST_SEED:
        raise InvalidValue(field="seed", value=seed, reason=because("outside_range", least=0, most=LARGEST_SEED))


def _to_measures(ground: PlanGround, plan: DistrictPlan) -> dict[str, Any]:
    """Write down what cannot be worked out again from the units alone."""
    graph, measures = plan.graph, measure_plan(plan)
    sizes, ideal = np.bincount(plan.districts).tolist(), plan.people.sum() / len(plan.people)
    lines = [
        DistrictLine(number, sizes[number], people, round(people / ideal - 1, 6), measures.polsby_popper[number - 1])
        for number, people in enumerate(measures.people, start=1)
    ]
    links = [LinkLine(graph.keys[link.unit], graph.keys[link.to], link.distance_m) for link in graph.links]
    return {
        "day": ground.day.isoformat(),
        "districts": [asdict(line) for line in lines],
        "deviation": measures.deviation,
        "cut_edges": measures.cut_edges,
        "cut_m": measures.cut_m,
        "links": [asdict(link) for link in links],
        "uncounted": [unit.code for unit in ground.units if unit.people is None],
    }


def _write_plan(session: Session, row: Mapping[str, Any], ground: PlanGround, plan: DistrictPlan) -> None:
    place = {"within_id": ground.within.id if ground.within else None, "unit_level": "+".join(ground.levels)}
    key = session.scalar(insert(Record).values(**row, **place).returning(Record.id))
    units = [
        {"plan_id": key, "division_id": unit.id, "district": district, "people": unit.people or 0}
        for unit, district in zip(ground.units, plan.districts.tolist(), strict=True)
    ]
    session.execute(insert(PlanUnit), units)


def _select_plan(register: RegisterState, name: str) -> Select[Any]:
    return select(Record).where(Record.register_id == register.id, Record.name == name)


def get_plan(session: Session, register: RegisterState, name: str) -> PlanAnswer:
    """Give the plan of that name with its units, or raise PlanNotFound."""
    row = session.scalar(_select_plan(register, name))
    if row is None:
        raise PlanNotFound(plan=name)
    summary = _to_summary(session, register, row)
    held = select(PlanUnit.division_id, PlanUnit.district, PlanUnit.people).where(PlanUnit.plan_id == row.id)
    units = {unit.division_id: unit for unit in session.execute(held)}
    lines = [
        # the people the plan was drawn with, whatever has been counted since
        UnitLine(
            replace(one, people=None if one.code in summary.uncounted else units[one.id].people), units[one.id].district
        )
        for one in list_units(session, register, summary.day, ids=sorted(units))
    ]
    return PlanAnswer(**vars(summary), units=tuple(lines))


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
        tolerance=row.tolerance,
        seed=row.seed,
        day=day,
        districts=tuple(DistrictLine(**line) for line in kept["districts"]),
        deviation=kept["deviation"],
        cut_edges=kept["cut_edges"],
        cut_m=kept["cut_m"],
        links=tuple(LinkLine(**link) for link in kept["links"]),
        uncounted=tuple(kept["uncounted"]),
        actor=row.actor,
        drawn_at=row.drawn_at,
    )
