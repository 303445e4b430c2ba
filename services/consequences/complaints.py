"""Count the open complaints that a change puts under another division, small numbers hidden."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, select

from geo.civic.complaints import ComplaintStatus
from geo.civic.suppression import protect
from geo.civic.tables import TOTAL, build_table
from geo.register.consequences import ComplaintRow, Shift, find_above
from services.consequences.scenes import Scene, covers
from services.queries import holds_on
from services.tables.civic import Complaint
from services.tables.register import Boundary

OPEN = tuple(status.value for status in ComplaintStatus if status.is_open)
"""The statuses of complaints that somebody still has to answer."""


def list_complaints(scene: Scene) -> tuple[ComplaintRow, ...]:
    """List how many open complaints come under another division.

    What moves and what stays with the division that loses it are protected together, so that a hidden number is not
    the difference of two that are shown.
    """
    own = Complaint.register_id == scene.register.id
    # an invented record beside real ones is a left-over of a trial
    synthetic = not scene.session.scalar(select(exists().where(own, Complaint.synthetic.is_(False))))
    is_open = and_(own, Complaint.synthetic.is_(synthetic), Complaint.status.in_(OPEN))
    shown = _protect(scene, _count_moved(scene, is_open), is_open)
    shifts = [(scene.book.lowest[place], number) for place, number in sorted(shown.items())]
    name = scene.book.name
    return tuple(ComplaintRow(name(shift.source), name(shift.target), number, synthetic) for shift, number in shifts)


def _count_moved(scene: Scene, is_open: ColumnElement[bool]) -> dict[int, int]:
    """Count by shift; a complaint on the edge of two goes with the first."""
    taken: dict[int, int] = {}
    for place, shift in scene.list_grounds():
        for key in scene.session.scalars(select(Complaint.id).where(is_open, covers(shift, Complaint.geom))):
            taken.setdefault(key, place)
    places: dict[Shift, int] = {shift: place for place, shift in enumerate(scene.book.lowest)}
    counts = dict.fromkeys(places.values(), 0)
    for place in taken.values():
        counts[place] += 1
    for division, number in _count_filed(scene, is_open).items():
        if home := scene.find_shift(division):
            counts[places[home]] += number
    return {place: number for place, number in counts.items() if number}


def _count_filed(scene: Scene, is_open: ColumnElement[bool]) -> dict[int, int]:
    """Count what has no point by the division it was filed for."""
    filed = select(Complaint.division_id, func.count()).where(
        is_open, Complaint.geom.is_(None), Complaint.division_id == func.any(sorted(scene.book.turn.before))
    )
    rows = scene.session.execute(filed.group_by(Complaint.division_id))
    return {division: number for division, number in rows if division is not None}


def _protect(scene: Scene, moved: dict[int, int], is_open: ColumnElement[bool]) -> dict[int, int | None]:
    sources = {place: scene.book.lowest[place].source or 0 for place in moved}
    totals = {source: _count_all(scene, source, is_open) for source in sorted(set(sources.values()))}
    # a shift has a key below zero of its own under the division that loses it
    parents: dict[int, int | None] = dict.fromkeys(totals)
    parents |= {-1 - place: source for place, source in sources.items()}
    own: dict[int | None, list[int]] = {-1 - place: [number] for place, number in moved.items()}
    for source, total in totals.items():
        gone = sum(number for place, number in moved.items() if sources[place] == source)
        own[source] = [max(0, total - gone)]
    table = protect(build_table(parents, own), threshold=scene.register.pack.suppression_threshold)
    return {place: table.show(table.table.rows[-1 - place], TOTAL) for place in moved}


def _count_all(scene: Scene, division: int, is_open: ColumnElement[bool]) -> int:
    """Count all that a division has before the change."""
    ground = select(Boundary.geom).where(Boundary.division_id == division, holds_on(Boundary, scene.day))
    inside = func.ST_Covers(ground.scalar_subquery(), Complaint.geom)
    number = scene.session.scalar(select(func.count()).select_from(Complaint).where(is_open, inside)) or 0
    turn = scene.book.turn
    levels = (turn.before[division].level,) if division in turn.before else ()
    filed = _count_filed(scene, is_open)
    return number + sum(n for key, n in filed.items() if find_above(turn.before, key, levels) == division)
