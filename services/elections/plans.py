"""Draw or search constituency plans, keep them with the seed that drew them, and show them again."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from geo.districting import PlanRule, PlanTask, build_graph, draw_districts, optimise_plan, parse_aims
from geo.errors import AlreadyExists
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.plan_answers import PlanAnswer, PlanSummary
from services.elections.plan_store import (
    PlanEntry,
    check_seed,
    list_newest,
    read_kept,
    select_plan,
    to_summary,
    write_plan,
)
from services.elections.units import find_ground
from services.queries import RegisterState


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
    seats: tuple[int, ...] = (),
    split: tuple[str, ...] = (),
    objective: str | None = None,
    seconds: float = 2.0,
    day: date | None = None,
) -> PlanAnswer:
    """Draw a plan over the units inside a division as they stand on `day` (today), and keep it.

    The units are the divisions of `unit_level`, or else the lowest ones with a boundary; those in `split` give way to
    the divisions below them. With an objective, or where districts have several seats, the plan is searched. Raises
    Infeasible with the reason when there is no plan or none was found, and AlreadyExists when the name is taken.
    """
    rule = PlanRule(districts, tolerance, seats)
    check_seed(seed)
    day = day or datetime.now(UTC).date()
    ground = find_ground(session, register, day, within=within, unit_level=unit_level, split=split)
    check_permitted(session, caller, Action.DRAW_PLAN, register, ground.within.id if ground.within else None)
    if session.scalar(select_plan(register, name)) is not None:
        raise AlreadyExists(name=name)
    people = [unit.people or 0 for unit in ground.units]
    graph = build_graph([unit.code for unit in ground.units], ground.grounds, people)
    is_searched = objective is not None or bool(seats)
    if is_searched:
        task = PlanTask(rule, aims=parse_aims(objective or "cut-edges"))
        plan = optimise_plan(graph, task, seed=seed, seconds=seconds).plan
    else:
        plan = draw_districts(graph, rule, seed=seed)
    entry = PlanEntry(name, rule, seed, caller.name, origin="searched" if is_searched else "drawn")
    write_plan(session, register, entry, ground, plan)
    detail = {"name": name, "districts": districts, "tolerance": tolerance, "seed": seed, "within": within}
    detail |= {"units": len(ground.units)}
    record_write(session, caller=caller, action=Action.DRAW_PLAN, subject=register.name, detail=detail)
    return get_plan(session, register, name)


def get_plan(session: Session, register: RegisterState, name: str, version: int | None = None) -> PlanAnswer:
    """Give the newest version of a plan with its units, or the one that is asked for, or raise PlanNotFound."""
    return read_kept(session, register, name, version)


def list_plans(session: Session, register: RegisterState) -> tuple[PlanSummary, ...]:
    """List the newest version of each plan of a register by name."""
    return tuple(to_summary(session, register, row) for row in list_newest(session, register))
