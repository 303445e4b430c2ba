"""Put a kept plan back on its ground: the units as they stood on its day, with the people it was made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from geo.districting import DistrictPlan, PlanRule, build_graph
from geo.register.divisions import Division
from services.elections.plan_answers import PlanAnswer
from services.elections.plan_store import read_kept
from services.elections.units import PlanGround, list_units, load_grounds
from services.queries import RegisterState


@dataclass(frozen=True)
class KeptPlan:
    """Hold a kept plan with all it stands on."""

    answer: PlanAnswer
    """The plan as it is told."""
    ground: PlanGround
    """Its units with their boundaries."""
    plan: DistrictPlan
    """The plan over the graph of its units."""
    rule: PlanRule
    """The rule it was made by."""


def load_kept(session: Session, register: RegisterState, name: str, version: int | None = None) -> KeptPlan:
    """Load a plan, the newest version unless one is asked for, or raise PlanNotFound."""
    answer = read_kept(session, register, name, version)
    units = tuple(line.division for line in answer.units)
    grounds = load_grounds(session, units, answer.day)
    levels = tuple(answer.unit_level.split("+"))
    ground = PlanGround(answer.day, answer.within, levels, units, grounds)
    bridges = [(link.unit, link.to) for link in answer.links if link.is_declared]
    keys, people = [unit.code for unit in units], [unit.people or 0 for unit in units]
    graph = build_graph(keys, grounds, people, bridges=bridges)
    districts = np.array([line.district for line in answer.units], dtype=np.int64)
    seats = tuple(line.seats for line in answer.districts)
    rule = PlanRule(len(answer.districts), answer.tolerance, seats if set(seats) != {1} else ())
    return KeptPlan(answer, ground, DistrictPlan(graph, districts), rule)


def load_divided(session: Session, register: RegisterState, name: str, version: int | None = None) -> KeptPlan:
    """Load a plan whose graph knows the divisions that its units stand in."""
    kept = load_kept(session, register, name, version)
    divisions = list_above(session, register, kept.answer.day, kept.ground.units)
    return replace(kept, plan=replace(kept.plan, graph=replace(kept.plan.graph, divisions=divisions)))


def list_above(
    session: Session, register: RegisterState, day: date, units: Sequence[Division]
) -> dict[str, tuple[str, ...]]:
    """Give by level the code of the division that each unit stands in, for levels that hold all units."""
    chains = list_chains(session, register, day, units)
    levels = [level for level in register.pack.level_keys if all(level in chain for chain in chains)]
    held = {level: tuple(chain[level] for chain in chains) for level in levels}
    # a level whose divisions are the units themselves is never split, and one around all of them always
    return {level: codes for level, codes in held.items() if 1 < len(set(codes)) < len(units)}


def list_chains(
    session: Session, register: RegisterState, day: date, units: Sequence[Division]
) -> list[dict[str, str]]:
    """Give for each unit its own code and those of all it stands in, by level."""
    known: dict[int, Division] = {unit.id: unit for unit in units}
    waiting = sorted({unit.parent_id for unit in units if unit.parent_id is not None} - set(known))
    while waiting:
        found = list_units(session, register, day, ids=waiting)
        known |= {division.id: division for division in found}
        waiting = sorted({one.parent_id for one in found if one.parent_id is not None} - set(known))
    return [_climb(unit, known) for unit in units]


def _climb(unit: Division, known: dict[int, Division]) -> dict[str, str]:
    chain: dict[str, str] = {}
    at: Division | None = unit
    while at is not None and at.level not in chain:
        chain[at.level] = at.code
        at = known.get(at.parent_id) if at.parent_id is not None else None
    return chain
