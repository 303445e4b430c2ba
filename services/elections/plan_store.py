"""Keep plans with their versions, and read them again as they were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from geo.districting import DistrictPlan, PlanRule, measure_plan
from geo.errors import InvalidValue, PlanNotFound, because
from services.elections.plan_answers import DistrictLine, LinkLine, PlanAnswer, PlanSummary, UnitLine
from services.elections.units import PlanGround, list_units
from services.queries import RegisterState
from services.tables.elections import DistrictPlan as Record
from services.tables.elections import PlanUnit

LARGEST_SEED = 2**31 - 1
"""The largest seed the store can keep."""


@dataclass(frozen=True)
class PlanEntry:
    """Say how a plan is kept."""

    name: str
    """Its name."""
    rule: PlanRule
    """The rule it was made by."""
    seed: int
    """What chance started from; 0 where none took part."""
    actor: str
    """Who made it."""
    version: int = 1
    """Which version it is."""
    origin: str = "drawn"
    """Where it came from."""


def check_seed(seed: int) -> None:
    """Refuse a seed that cannot be kept."""
    if not 0 <= seed <= LARGEST_SEED:
        raise InvalidValue(field="seed", value=seed, reason=because("outside_range", least=0, most=LARGEST_SEED))


def select_plan(register: RegisterState, name: str, version: int | None = None) -> Select[Any]:
    """Select the newest version of a plan, or the one that is asked for."""
    asked = select(Record).where(Record.register_id == register.id, Record.name == name)
    if version is not None:
        asked = asked.where(Record.version == version)
    return asked.order_by(Record.version.desc()).limit(1)


def write_plan(
    session: Session, register: RegisterState, entry: PlanEntry, ground: PlanGround, plan: DistrictPlan
) -> None:
    """Keep a plan with its measures and units."""
    row = {
        "register_id": register.id,
        "name": entry.name,
        "version": entry.version,
        "origin": entry.origin,
        "within_id": ground.within.id if ground.within else None,
        "unit_level": "+".join(ground.levels),
        "districts": entry.rule.districts,
        "seats": list(entry.rule.seats),
        "tolerance": entry.rule.tolerance,
        "seed": entry.seed,
        "measures": to_measures(ground, plan, entry.rule),
        "actor": entry.actor,
    }
    key = session.scalar(insert(Record).values(**row).returning(Record.id))
    units = [
        {"plan_id": key, "division_id": unit.id, "district": district, "people": unit.people or 0}
        for unit, district in zip(ground.units, plan.districts.tolist(), strict=True)
    ]
    session.execute(insert(PlanUnit), units)


def to_measures(ground: PlanGround, plan: DistrictPlan, rule: PlanRule) -> dict[str, Any]:
    """Write down what cannot be worked out again from the units alone."""
    graph, measures = plan.graph, measure_plan(plan)
    sizes, seats = np.bincount(plan.districts).tolist(), rule.weights.tolist()
    deviations = plan.list_deviations(rule).round(6).tolist()
    lines = [
        DistrictLine(at + 1, sizes[at + 1], people, deviations[at], measures.polsby_popper[at], seats[at])
        for at, people in enumerate(measures.people)
    ]
    links = [
        LinkLine(graph.keys[link.unit], graph.keys[link.to], link.distance_m, link.is_declared) for link in graph.links
    ]
    return {
        "day": ground.day.isoformat(),
        "districts": [asdict(line) for line in lines],
        "deviation": round(max(abs(line.deviation) for line in lines), 6),
        "cut_edges": measures.cut_edges,
        "cut_m": measures.cut_m,
        "links": [asdict(link) for link in links],
        "uncounted": [unit.code for unit in ground.units if unit.people is None],
    }


def read_kept(session: Session, register: RegisterState, name: str, version: int | None = None) -> PlanAnswer:
    """Read a plan with its units, or raise PlanNotFound."""
    row = session.scalar(select_plan(register, name, version)) if "\0" not in name else None
    if row is None:
        raise PlanNotFound(plan=name.replace("\0", "\ufffd"))
    summary = to_summary(session, register, row)
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


def list_newest(session: Session, register: RegisterState) -> Sequence[Record]:
    """List the newest version of every plan by name."""
    newest = (
        select(Record.name, func.max(Record.version)).where(Record.register_id == register.id).group_by(Record.name)
    )
    found = {name: version for name, version in session.execute(newest)}
    rows = session.scalars(select(Record).where(Record.register_id == register.id).order_by(Record.name)).all()
    return [row for row in rows if row.version == found[row.name]]


def to_summary(session: Session, register: RegisterState, row: Record) -> PlanSummary:
    """Say what a kept plan is."""
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
        version=row.version,
        origin=row.origin,
    )
