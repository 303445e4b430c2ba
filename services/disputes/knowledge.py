"""Gather what is known of disputed ground: places and people in it, decrees and lines of the sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shapely import LineString
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo.coverage.ways import DrawnLine, Knowledge, ReferenceLine
from services.boundaries.described import list_lines
from services.disputes.parts import Face, Insider
from services.disputes.records import Dispute
from services.lookups import list_matching
from services.queries import RegisterState, count_people_in, holds_on
from services.tables.disputes import DisputeFace
from services.tables.register import Division, Position, Standing

KnownLine = tuple[ReferenceLine, int | None]
"""A line, and the key of the evidence it is from; None for that of a claim or of a decree."""


def list_insiders(session: Session, register: RegisterState, dispute: Dispute, *, day: date) -> tuple[Insider, ...]:
    """List the places in the faces of a dispute on a day, each with the side it stands under."""
    rows = session.execute(_select_inside(register, dispute.id, day)).all()
    keys = sorted({row.division_id for row in rows})
    known = {one.id: one for one in list_matching(session, register, day, Standing.division_id.in_(keys))}
    people, above = count_people_in(session, keys, day), _load_above(session, keys, day)
    faces = {face.id: face for face in dispute.summary.faces}
    return tuple(
        Insider(
            division_id=row.division_id,
            code=known[row.division_id].code,
            names=known[row.division_id].names,
            people=people.get(row.division_id),
            face=row.face,
            side=_find_side(faces[row.face], above.get(row.division_id, ())),
            point=(row.lon, row.lat),
        )
        for row in rows
    )


def _select_inside(register: RegisterState, dispute: int, day: date) -> Select[Any]:
    """Select the places on faces, those on an edge included."""
    places = [level.key for level in register.pack.levels if level.is_place]
    lon, lat = func.ST_X(Position.geom).label("lon"), func.ST_Y(Position.geom).label("lat")
    return (
        select(DisputeFace.id.label("face"), Position.division_id, lon, lat)
        .join(Position, func.ST_Covers(DisputeFace.geom, Position.geom))
        .join(Standing, Standing.division_id == Position.division_id)
        .join(Division, Division.id == Position.division_id)
        .where(DisputeFace.dispute_id == dispute, Division.register_id == register.id)
        .where(holds_on(Position, day), holds_on(Standing, day), Standing.level.in_(places))
        .order_by(DisputeFace.id, Position.division_id)
    )


def _load_above(session: Session, keys: Sequence[int], day: date) -> dict[int, tuple[int, ...]]:
    """List for each place all that it stands under."""
    seeds = select(Standing.division_id.label("place"), Standing.parent_id.label("above")).where(
        Standing.division_id.in_(keys), holds_on(Standing, day)
    )
    steps = seeds.cte("above", recursive=True)
    # UNION, not UNION ALL: a circle of parents ends where it began
    steps = steps.union(
        select(steps.c.place, Standing.parent_id)
        .join(steps, steps.c.above == Standing.division_id)
        .where(holds_on(Standing, day))
    )
    found: dict[int, tuple[int, ...]] = {}
    for place, above in session.execute(select(steps.c.place, steps.c.above)):
        if above is not None:
            found[place] = (*found.get(place, ()), above)
    return found


def _find_side(face: Face, above: Sequence[int]) -> int | None:
    return next((key for key in face.candidates if key in above), None)


def gather_knowledge(
    dispute: Dispute,
    face: Face,
    insiders: Sequence[Insider],
    *,
    lines: Sequence[KnownLine],
    drawn: DrawnLine | LineString | None,
) -> Knowledge:
    """Gather what the ways to settle a face ask for."""
    inside = [one for one in insiders if one.face == face.id]
    people: Counter[int] = Counter()
    for one in inside:
        if one.side is not None:
            people[one.side] += one.people or 0
    return Knowledge(
        places=Counter(one.side for one in inside if one.side is not None),
        people=people,
        decreed=_find_decreed(dispute),
        lines=tuple(line for line, _ in lines),
        drawn=drawn,
    )


def _find_decreed(dispute: Dispute) -> Mapping[int, date]:
    """Find for each side the first decree that somebody has brought."""
    found: dict[int, date] = {}
    for one in dispute.evidence:
        if one.kind == "decree" and one.division_id is not None and one.issued_on is not None:
            found[one.division_id] = min(found.get(one.division_id, one.issued_on), one.issued_on)
    return found


def list_known_lines(session: Session, register: RegisterState, dispute: Dispute) -> tuple[KnownLine, ...]:
    """List the lines of the evidence, the strongest first, those that sides claim, and those that decrees describe."""
    told: list[KnownLine] = [
        (ReferenceLine(one.line, one.accuracy_m or 0.0, one.title), one.id)
        for one in dispute.evidence
        if one.line is not None
    ]
    claimed = [one.drawn for one in dispute.claims if isinstance(one.drawn, LineString)]
    decreed = [
        (part, line.accuracy_m or 0.0, line.source)
        for line in list_lines(session, register, dispute.sides)
        for part in line.lines
        if isinstance(part, LineString)
    ]
    return (
        *told,
        *((ReferenceLine(line), None) for line in claimed),
        *((ReferenceLine(*given), None) for given in decreed),
    )
