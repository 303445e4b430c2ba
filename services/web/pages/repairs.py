"""Show proposals of repairs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from geo.register.divisions import Division
from services.boundary_pictures import MOST_MOVES, picture_repairs
from services.messages import say
from services.queries import RegisterState, get_register
from services.repairs.records import Proposal, RepairLine, get_proposal, list_lines, list_proposals
from services.tables.repairs import STATES
from services.web import repair_contexts as c
from services.web.contexts import Choice
from services.web.pages.frame import (
    MOST_LINES,
    RegisterQuery,
    answer_map,
    answer_page,
    choose_register,
    list_choices,
    to_link,
)
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

Key = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("/repairs")
def show_repairs(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    state: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show the proposals of a register, the latest first."""
    chosen = choose_register(session, register)
    wanted = state if state in STATES else None
    states = tuple(Choice(one, say(f"repair_state.{one}", language), one == wanted) for one in STATES)
    page = c.RepairsPage(
        register=chosen.name if chosen else "",
        registers=list_choices(session, chosen, language),
        states=(Choice("", say("page.changes.any_state", language)), *states),
    )
    if chosen is None:
        return answer_page(request, page)
    found = list_proposals(session, chosen, state=wanted, limit=MOST_LINES)
    return answer_page(request, replace(page, proposals=tuple(to_line(one, chosen, language) for one in found)))


@router.get("/repairs/{proposal}")
def show_repair(
    request: Request, session: RequestSession, language: Language, proposal: Key, register: RegisterQuery = None
) -> HTMLResponse:
    """Show one proposal with its moves and what it leaves."""
    asked = choose_register(session, register) or get_register(session, register or "")
    found = get_proposal(session, asked, proposal)
    lines = list_lines(session, asked, found, mended=True, limit=MOST_LINES)
    limits = (found.limits.most_area_m2, found.limits.most_width_m, found.limits.most_displacement_m)
    page = c.RepairPage(
        register=asked.name,
        proposal=to_line(found, asked, language),
        limits=limits,
        certified=found.certified,
        left=tuple((say(f"repair_left.{key}", language), count) for key, count in found.left.items()),
        total=sum(found.moves.values()),
        moves=tuple(_to_move(line, asked, language) for line in lines),
        change=found.change,
        reason=found.reason,
        map_address=f"/maps/{asked.name}/repairs/{found.id}?lang={language}" if lines else "",
    )
    return answer_page(request, page)


@router.get("/maps/{register}/repairs/{proposal}")
def show_repair_map(
    register: str, proposal: Key, request: Request, session: RequestSession, language: Language
) -> HTMLResponse:
    """Show the map of the moves of a proposal."""
    asked = get_register(session, register)
    found = get_proposal(session, asked, proposal)
    lines = list_lines(session, asked, found, mended=True, limit=MOST_MOVES)
    return answer_map(request, session, lambda: picture_repairs(session, asked, found, lines, language=language))


def to_line(proposal: Proposal, register: RegisterState, language: str) -> c.ProposalLine:
    """Mention a proposal."""
    levels = [register.pack.level(level).names.choose(language) for level in proposal.levels]
    return c.ProposalLine(
        id=proposal.id,
        levels=("، " if language == "fa" else ", ").join(levels),
        state=say(f"repair_state.{proposal.state}", language),
        day=proposal.as_of,
        moves=sum(proposal.moves.values()),
        left=sum(proposal.left.values()),
        area_m2=proposal.area_m2,
        displacement_m=proposal.displacement_m,
        proposed_by=proposal.proposed_by,
        decided_by=proposal.decided_by or "",
    )


def _to_move(line: RepairLine, register: RegisterState, language: str) -> c.MoveLine:
    known: dict[int, Division] = {one.id: one for one in line.divisions}
    return c.MoveLine(
        number=line.number,
        fingerprint=line.fingerprint,
        kind=line.kind,
        divisions=tuple(to_link(one, register, language) for one in line.divisions),
        way=say(f"repair_way.{line.way}", language),
        takers=tuple(to_link(known[key], register, language) for key in line.takers if key in known),
        area_m2=line.area_m2,
        displacement_m=line.displacement_m,
        accepted=line.accepted,
    )
