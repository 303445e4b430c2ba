"""Work out every way to settle a dispute with all that follows from it, and keep them until the register moves on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shapely import LineString
from shapely.geometry import mapping, shape
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from geo.coverage.ways import DrawnLine
from geo.errors import DisputeNotReady, Infeasible, InvalidValue, StaleVersion, because
from services.access.roles import Action, Caller
from services.disputes.combining import JoinedWay
from services.disputes.desks import Desk, lay_out
from services.disputes.orders import name_divisions
from services.disputes.outcomes import Outcome, find_outcomes
from services.disputes.parts import OptionRecord
from services.disputes.reasons import write_reason
from services.disputes.records import Dispute, get_dispute
from services.disputes.steps import StepText, check_state, take_dispute, write_step
from services.disputes.visibility import check_any_side
from services.queries import RegisterState
from services.tables.disputes import DisputeOption


@dataclass(frozen=True)
class OptionsWish:
    """Say for which day options are wanted, and what line somebody drew."""

    day: date
    """The first day on which a decision would be in force."""
    line: LineString | None = None
    """A line drawn by hand, EPSG:4326."""
    left: str | None = None
    """The code of the party that gets what lies on its left hand; without either side, the parties' lines tell."""
    right: str | None = None
    """The code of the party that gets what lies on its right hand."""


def prepare_options(
    session: Session, register: RegisterState, key: int, wish: OptionsWish, *, based_on: int, caller: Caller
) -> Dispute:
    """Work the options of a dispute out against the register as it is, and keep them.

    Raises DisputeNotReady when there is no ground yet or a decision is on its way, Infeasible when the ground is no
    longer in dispute as it was.
    """
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, "open", "under_review", "options_prepared")
    check_any_side(session, caller, Action.OPEN_DISPUTE, register, dispute.sides)
    if dispute.find_live() or not dispute.summary.faces:
        reason = because("dispute_has_proposal" if dispute.find_live() else "dispute_no_ground")
        raise DisputeNotReady(dispute=key, state=because(f"dispute_state_{dispute.state}"), reason=reason)
    desk = lay_out(session, register, dispute, day=wish.day)
    kept = _compute(session, register, dispute, wish, desk=desk, caller=caller)
    words = name_divisions(session, register, dispute.sides, day=wish.day)
    cautions = [write_reason(one, words) for one in desk.list_cautions()]
    detail = {"options": len(kept), "open": sum(one["refused"] is None for one in kept), "cautions": cautions}
    step = StepText("options", Action.OPEN_DISPUTE, after="options_prepared", detail=detail)
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


def _compute(
    session: Session, register: RegisterState, dispute: Dispute, wish: OptionsWish, *, desk: Desk, caller: Caller
) -> list[dict[str, Any]]:
    drawn_line = _read_drawn(dispute, wish)
    joined = desk.join_ways(dispute, drawn_line)
    outcomes = find_outcomes(session, register, dispute, joined, day=wish.day)
    words = name_divisions(session, register, dispute.sides, day=wish.day)
    sources = [source for _, source in desk.lines]
    drawn = None if wish.line is None else {"line": mapping(wish.line), "left": wish.left, "right": wish.right}
    same = {
        "dispute_id": dispute.id,
        "effective_on": wish.day,
        "based_on": register.version,
        "computed_by": caller.name,
        "drawn": drawn,
    }
    rows = [
        {**same, "number": number, **_to_values(way, outcome, sources, words)}
        for number, (way, outcome) in enumerate(zip(joined, outcomes, strict=True), start=1)
    ]
    session.execute(delete(DisputeOption).where(DisputeOption.dispute_id == dispute.id))
    session.execute(insert(DisputeOption), rows)
    return rows


def _read_drawn(dispute: Dispute, wish: OptionsWish) -> DrawnLine | LineString | None:
    if wish.line is None or (wish.left is None and wish.right is None):
        return wish.line
    sides = [None if code is None else _find_party(dispute, code) for code in (wish.left, wish.right)]
    return DrawnLine(wish.line, *sides)


def _find_party(dispute: Dispute, code: str) -> int:
    found = [party.id for party in dispute.summary.parties if party.code == code]
    if not found:
        raise InvalidValue(field="side", value=code[:40].replace("\0", "␀"), reason=because("dispute_no_party"))
    return min(found)


def _to_values(
    way: JoinedWay, outcome: Outcome, sources: Sequence[int | None], words: dict[int, str]
) -> dict[str, Any]:
    refused = way.refused or outcome.refused
    return {
        "kind": way.kind,
        "taker": way.division,
        "evidence_id": None if way.line is None else sources[way.line],
        "refused": None if refused is None else write_reason(refused, words),
        "shares": [{**vars(share), "ground": mapping(share.ground)} for share in way.shares],
        "ledger": outcome.ledger,
    }


def refresh_option(
    session: Session, register: RegisterState, dispute: Dispute, number: int, *, caller: Caller
) -> OptionRecord:
    """Give an option that can be had, worked out anew when the register has moved on.

    Raises InvalidValue when there is none of that number, Infeasible with the reason of one that is refused,
    StaleVersion when it would give other ground now.
    """
    old = _pick(dispute, number)
    if old.refused is not None:
        raise Infeasible(reason=old.refused)
    if not old.is_stale:
        return old
    wish = _read_wish(session, dispute, old)
    desk = lay_out(session, register, dispute, day=wish.day)
    _compute(session, register, dispute, wish, desk=desk, caller=caller)
    fresh = _pick(get_dispute(session, register, dispute.id, reader=caller), number)
    same = replace(old, id=fresh.id, ledger=fresh.ledger, based_on=fresh.based_on, is_stale=False)
    if replace(fresh, computed_by=old.computed_by, computed_at=old.computed_at) != same:
        raise StaleVersion(based_on=old.based_on, current=register.version)
    return fresh


def _pick(dispute: Dispute, number: int) -> OptionRecord:
    found = next((one for one in dispute.options if one.number == number), None)
    if found is None:
        reason = because("dispute_no_option", most=len(dispute.options))
        raise InvalidValue(field="option", value=number, reason=reason)
    return found


def _read_wish(session: Session, dispute: Dispute, old: OptionRecord) -> OptionsWish:
    drawn = session.scalar(select(DisputeOption.drawn).where(DisputeOption.id == old.id))
    if drawn is None:
        return OptionsWish(old.effective_on)
    line = shape(drawn["line"])
    assert isinstance(line, LineString), dispute.id
    return OptionsWish(old.effective_on, line, drawn["left"], drawn["right"])
