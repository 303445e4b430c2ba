"""Draw or search a plan over the units of a register, for whoever waits for it and for jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from geo.districting import DistrictPlan, UnitGraph, build_graph, draw_districts, optimise_plan
from geo.districting.solution import Progress
from geo.errors import AlreadyExists, Infeasible, InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.plan_answers import PlanAnswer
from services.elections.plan_grounds import list_above
from services.elections.plan_orders import PlanOrder, pose_problem
from services.elections.plan_store import PlanEntry, check_seed, read_kept, select_plan, write_plan
from services.elections.units import PlanGround, UnitWish, find_ground
from services.queries import RegisterState

LONGEST_NAME = 200
"""The longest name of a plan."""


@dataclass(frozen=True)
class PlanWish:
    """Say what plan is to be drawn and kept."""

    name: str
    """Its name, unique in the register."""
    order: PlanOrder
    """What is asked of it."""
    units: UnitWish = field(default_factory=UnitWish)
    """The units that it gathers."""
    seed: int = 1
    """Where chance starts."""
    seconds: float | None = None
    """How long is searched, in seconds of a modest core; None draws a first plan without a search."""
    most_units: int | None = None
    """How many units at most, where somebody waits; None for any number."""


def check_wish(session: Session, register: RegisterState, wish: PlanWish, *, caller: Caller, day: date) -> PlanGround:
    """Find the units of a wish, or refuse what cannot be kept: no permission, a name that is taken, an odd seed."""
    check_seed(wish.seed)
    if not wish.name.strip() or "\0" in wish.name or len(wish.name) > LONGEST_NAME:
        raise InvalidValue(field="name", value=wish.name[:40].replace("\0", "\ufffd"), reason=because("no_name"))
    ground = find_ground(session, register, day, wish.units)
    check_permitted(session, caller, Action.DRAW_PLAN, register, ground.within.id if ground.within else None)
    if session.scalar(select_plan(register, wish.name)) is not None:
        raise AlreadyExists(name=wish.name)
    if wish.most_units is not None and len(ground.units) > wish.most_units:
        raise Infeasible(reason=because("too_many_to_try", units=len(ground.units), most=wish.most_units))
    return ground


def draw_wish(
    session: Session,
    register: RegisterState,
    wish: PlanWish,
    *,
    caller: Caller,
    day: date,
    progress: Progress | None = None,
) -> PlanAnswer:
    """Draw the plan of a wish and keep it.

    Raises Infeasible with the reason when there is no plan or none was found.
    """
    ground = check_wish(session, register, wish, caller=caller, day=day)
    graph = lay_graph(ground, bridges=wish.units.bridges)
    order = replace(wish.order, groups=dict(wish.order.groups) | dict(ground.groups))
    if order.level is not None or order.keep_whole is not None:
        graph = replace(graph, divisions=list_above(session, register, day, ground.units))
    plan = find_plan(graph, order, wish, progress=progress)
    origin = "drawn" if wish.seconds is None else "searched"
    write_plan(session, register, PlanEntry(wish.name, order.rule, wish.seed, caller.name, origin=origin), ground, plan)
    _record(session, register, wish, caller=caller, units=len(ground.units))
    return read_kept(session, register, wish.name)


def lay_graph(ground: PlanGround, *, bridges: tuple[tuple[str, str], ...] = ()) -> UnitGraph:
    """Lay out the graph of some units with their people."""
    people = [unit.people or 0 for unit in ground.units]
    return build_graph([unit.code for unit in ground.units], ground.grounds, people, bridges=bridges)


def find_plan(graph: UnitGraph, order: PlanOrder, wish: PlanWish, *, progress: Progress | None) -> DistrictPlan:
    """Search the plan of an order, or draw a first one where no time was given for a search."""
    if wish.seconds is None and order == PlanOrder(order.rule) and order.rule.is_even:
        return draw_districts(graph, order.rule, seed=wish.seed)
    problem = pose_problem(graph, order)
    seconds = wish.seconds if wish.seconds is not None else FIRST_S
    found = optimise_plan(problem.joined, problem.task, seed=wish.seed, seconds=seconds, progress=progress)
    spread = problem.spread(found.plan.districts)
    return DistrictPlan(graph, np.asarray(spread, dtype=np.int64))


FIRST_S = 2.0
"""How long is searched without being told, where more is asked than drawing alone sees to."""


def _record(session: Session, register: RegisterState, wish: PlanWish, *, caller: Caller, units: int) -> None:
    rule = wish.order.rule
    detail: Mapping[str, object] = {
        "name": wish.name,
        "districts": rule.districts,
        "tolerance": rule.tolerance,
        "seed": wish.seed,
        "within": wish.units.within,
        "units": units,
    }
    record_write(session, caller=caller, action=Action.DRAW_PLAN, subject=register.name, detail=dict(detail))
