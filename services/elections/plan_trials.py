"""Try a plan out over the units of a register, turn after turn, and keep nothing.

Who tries says in each turn how many there are and which was best so far, so that nothing has to be remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from geo.districting import (
    Broken,
    DistrictPlan,
    PlanRule,
    PlanStatus,
    PlanTask,
    Solution,
    UnitGraph,
    list_broken,
    list_measures,
    optimise_plan,
    parse_aims,
)
from geo.districting.optimum import SEARCHED
from geo.errors import Infeasible, InvalidValue, Reason, because
from services.elections.plan_answers import DistrictLine
from services.elections.plan_drawing import lay_graph
from services.elections.plan_store import check_seed, to_measures
from services.elections.units import PlanGround, UnitWish, find_ground
from services.queries import RegisterState

MOST_UNITS = 1500
"""Over more units nothing is tried while somebody waits."""

SECONDS = 0.5
"""How long is searched in a turn, in seconds of a modest core."""

MOST_TURNS = 60
"""So many turns at most a trial has."""

STRIDE = 1_000_003
"""What lies between the seeds of two turns."""


@dataclass(frozen=True)
class Turn:
    """Say which part of a trial is due."""

    number: int = 1
    """Which turn, from 1."""
    of: int = 1
    """How many there are."""
    best: int = 0
    """The turn that found the best plan so far; 0 where none was found."""

    def __post_init__(self) -> None:
        """Refuse turns without meaning."""
        for name, value, most in (("turns", self.of, MOST_TURNS), ("turn", self.number, self.of)):
            if not 1 <= value <= most:
                raise InvalidValue(field=name, value=value, reason=because("outside_range", least=1, most=most))
        if not 0 <= self.best < self.number:
            reason = because("outside_range", least=0, most=self.number - 1)
            raise InvalidValue(field="best", value=self.best, reason=reason)


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
    turn: Turn = field(default_factory=Turn)
    """Which part of the trial is due."""


@dataclass(frozen=True)
class Trial:
    """Hold what came of it so far."""

    ground: PlanGround
    """The units."""
    best: int
    """The turn that found the plan; 0 where none was found yet."""
    is_over: bool
    """Whether no turn is left, or none can find a better plan."""
    plan: DistrictPlan | None = None
    """The best plan so far."""
    districts: tuple[DistrictLine, ...] = ()
    """Its districts."""
    measures: dict[str, float] = field(default_factory=dict)
    """The plan by single numbers."""
    broken: tuple[Broken, ...] = ()
    """What it breaks."""


def try_plan(session: Session, register: RegisterState, order: TrialOrder, *, day: date) -> Trial:
    """Search a plan for a turn, and give the better of what it finds and of the best before.

    Raises Infeasible with what proves that there is none, or after the last turn with the nearest miss.
    """
    check_seed(order.seed)
    ground = find_ground(session, register, day, UnitWish(order.within, order.unit_level))
    if len(ground.units) > MOST_UNITS:
        raise Infeasible(reason=because("too_many_to_try", units=len(ground.units), most=MOST_UNITS))
    graph = lay_graph(ground)
    best, found = _choose_best(graph, order)
    is_last = order.turn.number == order.turn.of
    if found is None:
        return Trial(ground, 0, is_over=False)
    lines = to_measures(ground, found.plan, order.rule)["districts"]
    return Trial(
        ground,
        best,
        is_last or found.status is PlanStatus.OPTIMAL,
        found.plan,
        tuple(DistrictLine(**line) for line in lines),
        list_measures(found.plan, order.rule),
        list_broken(found.plan, order.rule),
    )


def _choose_best(graph: UnitGraph, order: TrialOrder) -> tuple[int, Solution | None]:
    """Search in this turn and again in the best before, and give the better with its turn; the earlier of equals."""
    turns = [number for number in (order.turn.best, order.turn.number) if number]
    task = PlanTask(order.rule, aims=parse_aims(order.objective))
    found: list[tuple[tuple[float, ...], int, Solution]] = []
    for number in turns:
        seed = order.seed + STRIDE * (number - 1)
        try:
            solution = optimise_plan(graph, task, seed=seed, seconds=SECONDS)
        except Infeasible as missed:
            if not _may_go_on(missed, order.turn):
                raise
            continue
        score = tuple(value for _, value in solution.aims) or (float(solution.cuts),)
        found.append((score, number, solution))
    if not found:
        return 0, None
    _, number, solution = min(found, key=lambda one: one[:2])
    return number, solution


def _may_go_on(missed: Infeasible, turn: Turn) -> bool:
    """Say whether another turn may find what this one did not, or one before it has found."""
    reason = missed.params["reason"]
    is_proved = isinstance(reason, Reason) and reason.key not in SEARCHED
    return not is_proved and (turn.number < turn.of or turn.best > 0)
