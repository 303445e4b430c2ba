"""Draw or search constituency plans, keep them with the seed that drew them, and show them again."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from geo.districting import PlanRule
from services.access.roles import Caller
from services.elections.plan_answers import PlanAnswer, PlanSummary
from services.elections.plan_drawing import PlanWish, draw_wish
from services.elections.plan_orders import PlanOrder
from services.elections.plan_store import list_newest, read_kept, to_summary
from services.elections.units import UnitWish
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
    most_units: int | None = None,
) -> PlanAnswer:
    """Draw a plan over the units inside a division as they stand on `day` (today), and keep it.

    The units are the divisions of `unit_level`, or else the lowest ones with a boundary; those in `split` give way to
    the divisions below them. With an objective, or where districts have several seats, the plan is searched. Raises
    Infeasible with the reason when there is no plan, none was found or there are more than `most_units`, and
    AlreadyExists when the name is taken.
    """
    is_searched = objective is not None or bool(seats)
    order = PlanOrder(PlanRule(districts, tolerance, tuple(seats)), objective=objective or "cut-edges")
    units = UnitWish(within, unit_level, tuple(split))
    wish = PlanWish(name, order, units, seed, seconds if is_searched else None, most_units)
    return draw_asked(session, register, wish, caller=caller, day=day)


def draw_asked(
    session: Session, register: RegisterState, wish: PlanWish, *, caller: Caller, day: date | None = None
) -> PlanAnswer:
    """Draw what is wished for over the units as they stand on `day` (today), and keep it."""
    return draw_wish(session, register, wish, caller=caller, day=day or datetime.now(UTC).date())


def get_plan(session: Session, register: RegisterState, name: str, version: int | None = None) -> PlanAnswer:
    """Give the newest version of a plan with its units, or the one that is asked for, or raise PlanNotFound."""
    return read_kept(session, register, name, version)


def list_plans(session: Session, register: RegisterState) -> tuple[PlanSummary, ...]:
    """List the newest version of each plan of a register by name."""
    return tuple(to_summary(session, register, row) for row in list_newest(session, register))
