"""Move units of a kept plan by hand: look at what that does first, then keep it as a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from geo.districting import Broken, DistrictPlan, list_broken, list_measures, move_units
from geo.errors import Infeasible, InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.plan_answers import DistrictLine, PlanAnswer
from services.elections.plan_grounds import KeptPlan, load_kept
from services.elections.plan_store import PlanEntry, read_kept, to_measures, write_plan
from services.queries import RegisterState

MOST_MOVES = 10_000
"""So many units at most move in one edit."""


@dataclass(frozen=True)
class EditPreview:
    """Say what an edit does before anybody keeps it."""

    version: int
    """The version that is edited."""
    districts: tuple[DistrictLine, ...]
    """The districts after it; those left without units are not there."""
    before: dict[str, float]
    """The measures before."""
    after: dict[str, float]
    """The measures after."""
    broken: tuple[Broken, ...]
    """What the plan breaks after it."""
    units_moved: int
    """How many units move."""
    people_moved: int
    """How many people move."""

    @property
    def can_be_kept(self) -> bool:
        """Say whether every district has units and lies in one piece; a deviation is told but not forbidden."""
        return not any(broken.kind in ("pieces", "empty") for broken in self.broken)


def preview_edit(session: Session, register: RegisterState, name: str, moves: Mapping[str, int]) -> EditPreview:
    """Say what moving units to other districts does to the newest version of a plan; nothing is kept."""
    kept = load_kept(session, register, name)
    return _preview(kept, _move(kept, moves))


def _move(kept: KeptPlan, moves: Mapping[str, int]) -> DistrictPlan:
    if not 1 <= len(moves) <= MOST_MOVES:
        reason = because("outside_range", least=1, most=MOST_MOVES)
        raise InvalidValue(field="moves", value=len(moves), reason=reason)
    return move_units(kept.plan, moves, districts=kept.rule.districts)


def _preview(kept: KeptPlan, moved: DistrictPlan) -> EditPreview:
    changed = moved.districts != kept.plan.districts
    broken = list_broken(moved, kept.rule)
    is_whole = not any(one.kind == "empty" for one in broken)
    lines = to_measures(kept.ground, moved, kept.rule)["districts"] if is_whole else []
    return EditPreview(
        version=kept.answer.version,
        districts=tuple(DistrictLine(**line) for line in lines),
        before=list_measures(kept.plan, kept.rule),
        after=list_measures(moved, kept.rule),
        broken=broken,
        units_moved=int(changed.sum()),
        people_moved=int(kept.plan.graph.people[changed].sum()),
    )


def edit_plan(
    session: Session, register: RegisterState, name: str, moves: Mapping[str, int], *, caller: Caller
) -> PlanAnswer:
    """Keep a plan with moved units as its next version.

    Raises Infeasible where a district would not lie in one piece.
    """
    kept = load_kept(session, register, name)
    within = kept.answer.within
    check_permitted(session, caller, Action.DRAW_PLAN, register, within.id if within else None)
    moved = _move(kept, moves)
    preview = _preview(kept, moved)
    if not preview.can_be_kept:
        worst = next(broken for broken in preview.broken if broken.kind != "deviation")
        raise Infeasible(reason=because(f"edit_leaves_{worst.kind}", district=worst.district))
    version = kept.answer.version + 1
    entry = PlanEntry(name, kept.rule, kept.answer.seed, caller.name, version, "edited")
    write_plan(session, register, entry, replace(kept.ground), moved)
    detail = {"name": name, "version": version, "moves": dict(sorted(moves.items()))}
    record_write(session, caller=caller, action=Action.DRAW_PLAN, subject=register.name, detail=detail)
    return read_kept(session, register, name)
