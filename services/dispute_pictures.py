"""Join what is known of disputes to their maps, for the pages and for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from geo.register.calendars import format_date
from geo.register.consequences import make_public, read_ledger
from geo.register.divisions import Division
from maps import (
    DisputeMark,
    DisputePoint,
    DisputeScene,
    MarkKind,
    OptionDrawn,
    Page,
    ShareDrawn,
    draw_dispute,
    draw_disputes,
)
from maps.figures import write_area, write_distance, write_number
from services.boundaries.described import list_markers
from services.disputes.knowledge import list_insiders
from services.disputes.parts import Claim, Evidence, Face, OptionRecord
from services.disputes.records import Dispute, DisputeSummary
from services.lookups import list_matching
from services.messages import load_catalogue, say
from services.pictures import attribute, frame_divisions
from services.queries import RegisterState, holds_on, load_boundaries
from services.tables.register import Boundary, Standing

ROOM = 0.5
"""How far around a dispute divisions are drawn, as a share of its extent."""


def picture_dispute(session: Session, register: RegisterState, dispute: Dispute, *, language: str) -> Page:
    """Draw a dispute with its claims, evidence and options on the divisions around it, as of its day."""
    summary = dispute.summary
    scene = DisputeScene(
        divisions=frame_divisions(*_load_around(session, register, dispute), register, language),
        parties={one.code: one.name_in(language, *register.pack.languages) for one in summary.parties},
        marks=(
            *_list_marks(dispute, language),
            *_mark_places(session, register, dispute, language),
            *_mark_markers(session, register, dispute, language),
        ),
        options=tuple(_to_option(one, dispute, language) for one in dispute.options),
    )
    return draw_dispute(
        scene, language=language, title=title_dispute(summary, register, language), attribution=attribute(register)
    )


def _load_around(
    session: Session, register: RegisterState, dispute: Dispute
) -> tuple[list[Division], dict[int, BaseGeometry]]:
    """Load the parties, and the divisions of their level that lie around the ground."""
    day, level = dispute.summary.as_of, dispute.summary.level
    own = Standing.division_id.in_(dispute.sides)
    near: ColumnElement[bool] = own
    drawn = [*(face.ground for face in dispute.summary.faces), *(claim.drawn for claim in dispute.claims)]
    if drawn:
        west, south, east, north = shapely.total_bounds(drawn).tolist()
        room = max(east - west, north - south, 0.002) * ROOM
        box = func.ST_MakeEnvelope(west - room, south - room, east + room, north + room, 4326)
        inside = select(Boundary.division_id).where(holds_on(Boundary, day), Boundary.geom.op("&&")(box))
        near = or_(own, and_(Standing.division_id.in_(inside), Standing.level == level))
    return list_matching(session, register, day, near), load_boundaries(session, register, day, near)


def _list_marks(dispute: Dispute, language: str) -> tuple[DisputeMark, ...]:
    codes = {one.id: one.code for one in dispute.summary.parties}
    faces = [_mark_face(at, one, language) for at, one in enumerate(dispute.summary.faces, start=1)]
    claims = [_mark_claim(one, codes, language) for one in dispute.claims]
    lines = [_mark_evidence(one, one.line, codes, language) for one in dispute.evidence if one.line is not None]
    return (*faces, *claims, *lines)


def _mark_places(session: Session, register: RegisterState, dispute: Dispute, language: str) -> tuple[DisputeMark, ...]:
    codes = {one.id: one.code for one in dispute.summary.parties}
    label = say("page.population", language)
    return tuple(
        DisputeMark(
            MarkKind.PLACE,
            one.names.get(language) or next(iter(one.names.values()), one.code),
            shapely.Point(one.point),
            ((label, "—" if one.people is None else write_number(one.people, language)),),
            codes.get(one.side or 0, ""),
            f"place-{one.face}-{one.code}",
        )
        for one in list_insiders(session, register, dispute, day=dispute.summary.as_of)
    )


def _mark_markers(
    session: Session, register: RegisterState, dispute: Dispute, language: str
) -> tuple[DisputeMark, ...]:
    """Mark the boundary markers of decrees on the boundaries of the parties."""
    sides = set(dispute.sides)
    accuracy = say("page.disputes.accuracy", language)
    return tuple(
        DisputeMark(
            MarkKind.MARKER,
            say("page.disputes.marker", language, number=one.number, monument=one.monument),
            one.point,
            ((accuracy, write_distance(one.accuracy_m, language)),),
            id=f"marker-{one.id}",
        )
        for one in list_markers(session, register)
        if {one.first, one.second} & sides
    )


def _mark_face(at: int, face: Face, language: str) -> DisputeMark:
    details = ((say("page.disputes.area", language), write_area(face.area_m2, language)),)
    title = say("page.disputes.face", language, number=write_number(at, language))
    return DisputeMark(MarkKind.FACE, title, face.ground, details, id=f"face-{face.id}")


def _mark_claim(claim: Claim, codes: Mapping[int, str], language: str) -> DisputeMark:
    told = ((say("page.disputes.text", language), claim.text),) if claim.text else ()
    title = say("page.disputes.claim", language, number=write_number(claim.id, language))
    return DisputeMark(MarkKind.CLAIM, title, claim.drawn, told, codes.get(claim.division_id, ""), f"claim-{claim.id}")


def _mark_evidence(evidence: Evidence, line: BaseGeometry, codes: Mapping[int, str], language: str) -> DisputeMark:
    details = [
        (say("page.disputes.kind", language), say_word("evidence", evidence.kind, language)),
        (say("page.disputes.rank", language), write_number(evidence.rank, language)),
    ]
    if evidence.accuracy_m is not None:
        details.append((say("page.disputes.accuracy", language), write_distance(evidence.accuracy_m, language)))
    party = codes.get(evidence.division_id or 0, "")
    return DisputeMark(MarkKind.EVIDENCE, evidence.title, line, tuple(details), party, f"evidence-{evidence.id}")


def _to_option(option: OptionRecord, dispute: Dispute, language: str) -> OptionDrawn:
    codes = {one.id: one.code for one in dispute.summary.parties}
    decided = dispute.find_live() or dispute.find_applied()
    same = decided is not None and (decided.option_kind, decided.taker) == (option.kind, option.taker)
    return OptionDrawn(
        title=title_option(option, dispute, language),
        shares=_join_shares(option, codes),
        totals=read_totals(option),
        refused=say("plain.reason", language, reason=option.refused) if option.refused else "",
        is_decided=same,
    )


def _join_shares(option: OptionRecord, codes: Mapping[int, str]) -> tuple[ShareDrawn, ...]:
    """Join what one party gets of all faces."""
    grounds: dict[str, list[BaseGeometry]] = {}
    for share in option.shares:
        code = codes.get(share.taker, str(share.taker)) if share.taker is not None else ""
        grounds.setdefault(code, []).append(share.ground)
    return tuple(ShareDrawn(code, shapely.union_all(grounds[code])) for code in sorted(grounds))


def read_totals(option: OptionRecord) -> dict[str, float | None]:
    """Give the totals of an option's ledger that everybody may know."""
    return dict(make_public(read_ledger(option.ledger)).totals) if option.ledger else {}


def title_option(option: OptionRecord, dispute: Dispute, language: str) -> str:
    """Call an option by its way, the party it favours and the evidence it follows."""
    titles = {one.id: one.title for one in dispute.evidence}
    way = name_way(option.kind, option.taker, dispute, language)
    followed = titles.get(option.evidence or 0, "")
    return f"{way}: {followed}" if followed else way


def name_way(kind: str, taker: int | None, dispute: Dispute, language: str) -> str:
    """Name a way to settle a dispute with the party it favours."""
    side = next((one.name_in(language) for one in dispute.summary.parties if one.id == taker), "")
    way = say_word("option", kind, language)
    if "{side}" in way:
        return way.format(side=side)
    return f"{way}: {side}" if side else way


def title_dispute(dispute: DisputeSummary, register: RegisterState, language: str) -> str:
    """Call a dispute by its number, and by its title or its parties."""
    parties = [one.name_in(language, *register.pack.languages) for one in dispute.parties]
    comma = "، " if language == "fa" else ", "
    number = write_number(dispute.id, language)
    return say("page.disputes.one", language, number=number, title=dispute.title or comma.join(parties))


def say_word(table: str, key: str, language: str) -> str:
    """Say a key of disputes, such as a state, in the reader's language; one that is not known stays as it is."""
    catalogue = load_catalogue(language)
    places = (f"dispute_{table}.{key}", f"{table}_state.{key}", f"page.disputes.{table}_{key}")
    text = next((catalogue[place] for place in places if place in catalogue), key)
    return text[:1].upper() + text[1:]


def picture_disputes(
    session: Session, register: RegisterState, disputes: Sequence[DisputeSummary], *, day: date, language: str
) -> Page:
    """Draw disputes by their state on the highest divisions of the register."""
    top = Standing.parent_id.is_(None)
    divisions, shapes = list_matching(session, register, day, top), load_boundaries(session, register, day, top)
    return draw_disputes(
        frame_divisions(divisions, shapes, register, language),
        [_to_point(one, register, language) for one in disputes],
        language=language,
        title=say("page.disputes.map_title", language, day=format_date(day, language, long=True)),
        attribution=attribute(register),
    )


def _to_point(dispute: DisputeSummary, register: RegisterState, language: str) -> DisputePoint:
    return DisputePoint(
        id=dispute.id,
        title=title_dispute(dispute, register, language),
        state=dispute.state,
        state_name=say_word("state", dispute.state, language),
        parties=tuple(one.name_in(language, *register.pack.languages) for one in dispute.parties),
        area_m2=dispute.area_m2 if dispute.faces else None,
        geometry=dispute.ground,
    )
