"""Test the divisions that come out of a change against the thresholds of the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.coverage import measure_area
from geo.register.changes import ChangeKind
from geo.register.changes.states import DivisionState
from geo.register.consequences import Party, find_above, make_party
from geo.register.thresholds import Proposal, Verdict, check_proposal
from services.consequences.ledgers import open_scene
from services.consequences.scenes import Scene
from services.queries import RegisterState
from services.register.change_records import get_change
from services.register.thresholds import NOTHING_SAID, Statement, check_statement


@dataclass(frozen=True)
class JudgedDivision:
    """Hold how one division that comes out of a change stands to the law."""

    division: Party
    """The division."""
    proposal: Proposal
    """What is known of it."""
    verdicts: tuple[Verdict, ...]
    """One for each threshold it must heed."""


def check_successors(
    session: Session, register: RegisterState, key: int, *, statement: Statement = NOTHING_SAID
) -> tuple[JudgedDivision, ...]:
    """Check the divisions that would come out of a change which is not applied yet; none for one taken back."""
    check_statement(register.pack, statement)
    record = get_change(session, register, key)
    if record.kind is ChangeKind.UNDO or record.state == "applied":
        return ()
    scene = open_scene(session, register, record.order, promised=record.promised)
    return judge_scene(scene, statement)


def judge_scene(scene: Scene, statement: Statement) -> tuple[JudgedDivision, ...]:
    """Judge every division that comes out of a change."""
    found = []
    for key in scene.effect.successors:
        state = scene.book.turn.find_state(key)
        proposal = _propose(scene, state, statement)
        verdicts = check_proposal(scene.register.pack.thresholds, proposal)
        found.append(JudgedDivision(make_party(scene.book.turn, state), proposal, verdicts))
    return tuple(found)


def _propose(scene: Scene, state: DivisionState, statement: Statement) -> Proposal:
    figures: dict[str, float] = {}
    people = scene.book.count_after(state.id)
    if people is not None:
        figures["people"] = people
    if state.boundary is not None:
        figures["area_m2"] = round(measure_area(state.boundary))
    villages = _count_villages(scene, state)
    if villages is not None:
        figures["villages"] = villages
    figures |= statement.figures
    return Proposal(
        level=state.level,
        kind=str(scene.order.kind),
        figures=figures,
        circumstances=statement.circumstances,
        density=statement.density or _find_density(scene, state, figures),
    )


def _count_villages(scene: Scene, state: DivisionState) -> int | None:
    """Count the villages inside, where the register has any."""
    turn, levels = scene.book.turn, scene.register.pack.thresholds.villages
    villages = [key for key, one in turn.after.items() if one.level in levels]
    if not villages or state.level in levels:
        return None
    return sum(find_above(turn.after, key, (state.level,)) == state.id for key in villages)


def _find_density(scene: Scene, state: DivisionState, figures: Mapping[str, float]) -> str | None:
    densities, turn = scene.register.pack.thresholds.densities, scene.book.turn
    above = find_above(turn.after, state.id, (densities.level,)) if densities.level else None
    codes = tuple(turn.after[above].codes.values()) if above is not None else ()
    return densities.find_class(codes, people=figures.get("people"), area_m2=figures.get("area_m2"))
