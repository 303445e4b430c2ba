"""Try a plan out: search it shortly over the units of a register, and keep nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geo.districting import (
    Broken,
    DistrictPlan,
    PlanRule,
    PlanTask,
    build_graph,
    list_broken,
    list_measures,
    optimise_plan,
    parse_aims,
)
from geo.errors import Infeasible, because
from services.elections.plan_answers import DistrictLine
from services.elections.plan_store import check_seed, to_measures
from services.elections.units import PlanGround, find_ground
from services.queries import RegisterState

MOST_UNITS = 1500
"""Over more units nothing is tried while somebody waits."""

SECONDS = 0.5
"""How long is searched, in seconds of a modest core."""


@dataclass(frozen=True)
class TrialOrder:
    """Say what is tried."""

    rule: PlanRule
    """How many districts, how equal, with which seats."""
    within: str | None = None
    """The code of the division that is divided; None for the whole register."""
    unit_level: str | None = None
    """The level of the units; the lowest with boundaries by default."""
    objective: str = "cut-edges"
    """What is kept small."""
    seed: int = 1
    """Where chance starts."""


@dataclass(frozen=True)
class Trial:
    """Hold what came of it."""

    ground: PlanGround
    """The units."""
    plan: DistrictPlan
    """The plan."""
    districts: tuple[DistrictLine, ...]
    """Its districts."""
    measures: dict[str, float]
    """The plan by single numbers."""
    broken: tuple[Broken, ...]
    """What it breaks."""


def try_plan(session: Session, register: RegisterState, order: TrialOrder, *, day: date) -> Trial:
    """Search a plan for a moment; raises Infeasible with what proves that there is none, or the nearest miss."""
    check_seed(order.seed)
    ground = find_ground(session, register, day, within=order.within, unit_level=order.unit_level)
    if len(ground.units) > MOST_UNITS:
        raise Infeasible(reason=because("too_many_to_try", units=len(ground.units), most=MOST_UNITS))
    graph = build_graph([unit.code for unit in ground.units], ground.grounds, [one.people or 0 for one in ground.units])
    task = PlanTask(order.rule, aims=parse_aims(order.objective))
    plan = optimise_plan(graph, task, seed=order.seed, seconds=SECONDS).plan
    lines = to_measures(ground, plan, order.rule)["districts"]
    districts = tuple(DistrictLine(**line) for line in lines)
    return Trial(ground, plan, districts, list_measures(plan, order.rule), list_broken(plan, order.rule))
