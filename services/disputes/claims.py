"""Take in what the sides of a dispute claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from geo.coverage import Sheet
from geo.coverage.claimed_ground import find_claimed
from geo.coverage.drawings import check_place
from geo.errors import InvalidChange, InvalidValue, because
from geo.register.changes.order_parts import Part
from services.access.roles import Action, Caller, check_permitted
from services.disputes.faces import NewFace, keep_faces
from services.disputes.records import Dispute, get_dispute
from services.disputes.steps import StepText, check_state, check_text, take_dispute, write_step
from services.lookups import get_coded
from services.queries import RegisterState, load_boundaries
from services.tables.disputes import DisputeClaim, DisputeOption
from services.tables.register import Standing

MOST_VERTICES = 200_000
"""The most vertices of a claim."""


@dataclass(frozen=True)
class ClaimText:
    """Say who claims what."""

    by: str
    """The code of the side that claims."""
    against: str
    """The code of the side that would lose by it."""
    drawn: BaseGeometry
    """The claimed line, or the claimed ground, EPSG:4326."""
    text: str = ""
    """Why it is claimed."""


def add_claim(
    session: Session, register: RegisterState, key: int, claim: ClaimText, *, based_on: int, caller: Caller
) -> Dispute:
    """Keep what a side claims; the ground between the present boundary and the claimed line comes into dispute.

    Raises InvalidGeometry when the claim takes nothing, DisputeNotReady when the dispute is decided or over,
    NotPermitted unless the caller may open disputes for the side that claims.
    """
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, "open", "under_review", "options_prepared")
    sides = [_find_side(session, register, dispute, code) for code in (claim.by, claim.against)]
    if sides[0] == sides[1]:
        raise InvalidValue(field="against", value=claim.against[:40], reason=because("claim_same_side"))
    check_permitted(session, caller, Action.OPEN_DISPUTE, register, sides[0])
    text = check_text("text", claim.text)
    faces = _find_faces(session, register, dispute, claim.drawn, (sides[0], sides[1]))
    values = {"dispute_id": key, "division_id": sides[0], "against_id": sides[1], "text": text}
    drawn = f"SRID=4326;{shapely.to_wkt(shapely.force_2d(claim.drawn), rounding_precision=-1)}"
    statement = insert(DisputeClaim).values(**values, geom=drawn, made_by=caller.name)
    kept = session.scalars(statement.returning(DisputeClaim.id)).one()
    fresh = keep_faces(session, key, faces, claim=kept)
    # what was computed knew nothing of the new ground
    session.execute(delete(DisputeOption).where(DisputeOption.dispute_id == key))
    after = "under_review" if dispute.state == "options_prepared" else None
    detail = {"claim": kept, "by": sides[0], "against": sides[1], "faces": fresh}
    step = StepText("claim", Action.OPEN_DISPUTE, after=after, reason=text, detail=detail)
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


def read_drawn(field: str, body: object, *kinds: str) -> BaseGeometry:
    """Read what somebody has drawn from GeoJSON: a geometry, or a feature with one."""
    plain = body.get("geometry") if isinstance(body, dict) and body.get("type") == "Feature" else body
    try:
        return Part(field, plain).geometry(*(kinds or ("LineString", "Polygon", "MultiPolygon")))
    except InvalidChange as error:
        raise InvalidValue(field=field, value="GeoJSON", reason=error.params["reason"]) from error


def read_line(field: str, body: object) -> LineString:
    """Read a line from GeoJSON."""
    found = read_drawn(field, body, "LineString")
    assert isinstance(found, LineString), field
    return found


def _find_side(session: Session, register: RegisterState, dispute: Dispute, code: str) -> int:
    """Find the party that a code names."""
    named = {party.id for party in dispute.summary.parties if party.code == code}
    found = named or {get_coded(session, register, code, day=dispute.summary.as_of).id}
    side = min(found)
    if side not in dispute.sides:
        raise InvalidValue(field="by", value=code[:40], reason=because("dispute_no_party"))
    return side


def _find_faces(
    session: Session, register: RegisterState, dispute: Dispute, drawn: BaseGeometry, sides: tuple[int, int]
) -> list[NewFace]:
    """Find the claimed ground that is not in dispute yet."""
    check_place(drawn)
    if shapely.get_num_coordinates(drawn) > MOST_VERTICES:
        raise InvalidValue(field="drawn", value="", reason=because("claim_too_fine", most=MOST_VERTICES))
    sheet = _load_sides(session, register, dispute.summary.as_of, sides)
    taken = dispute.summary.ground or shapely.MultiPolygon()
    pieces = find_claimed(sheet, drawn, claimant=sides[0], holder=sides[1], taken=taken)
    return [NewFace(piece, sides) for piece in pieces]


def _load_sides(session: Session, register: RegisterState, day: date, sides: tuple[int, int]) -> Sheet:
    shapes = load_boundaries(session, register, day, Standing.division_id.in_(sides))
    return Sheet(shapes, dict.fromkeys(sides), dict.fromkeys(sides, ""))
