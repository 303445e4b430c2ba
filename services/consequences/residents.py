"""Find the councils that a change touches, and count the complaints that change hands, small numbers hidden."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, literal, select

from geo.apportionment import SeatUnit, seat_by_bands
from geo.civic.suppression import protect
from geo.civic.tables import TOTAL, build_table
from geo.register.consequences import ComplaintRow, CouncilRow, Party, Shift, find_above
from services.consequences.scenes import Scene, covers
from services.queries import holds_on
from services.tables.civic import Complaint, Council, Membership
from services.tables.register import Boundary, Standing

CLOSED = ("closed", "rejected")
"""The statuses of complaints that nobody is in charge of any more."""


def list_councils(scene: Scene) -> tuple[CouncilRow, ...]:
    """List the councils that end, begin, serve other people than before, or come under another parent."""
    sitting = (
        select(func.count())
        .where(Membership.council_id == Council.id, Membership.term.contains(literal(scene.day)))
        .scalar_subquery()
    )
    rows = scene.session.execute(
        select(Council.code, Council.name, Council.seats, Council.division_id, sitting.label("members"))
        .where(Council.register_id == scene.register.id, Council.division_id == func.any(list(scene.touched)))
        .order_by(Council.code)
    )
    known = [CouncilRow(_find_fate(scene, row.division_id), *_describe(scene, row.division_id, row)) for row in rows]
    levels = _list_council_levels(scene)
    new = [key for key in scene.effect.founded if scene.effect.after[key].level in levels]
    return (*known, *(CouncilRow("begins", *_describe(scene, key, None)) for key in new))


def _list_council_levels(scene: Scene) -> set[str]:
    """List the levels whose divisions have councils, in the register or by the pack."""
    bodies = {body.level for body in scene.register.pack.bodies if body.bands}
    rows = select(Standing.level).join(Council, Council.division_id == Standing.division_id)
    own = rows.where(Council.register_id == scene.register.id, holds_on(Standing, scene.day)).distinct()
    return bodies | set(scene.session.scalars(own))


def _find_fate(scene: Scene, division: int) -> str:
    if division not in scene.book.turn.after:
        return "ends"
    loses_or_gains = any(division in (shift.source, shift.target) for shift in scene.book.shifts)
    return "resized" if loses_or_gains else "moves"


Described = tuple[Party, str | None, str | None, int | None, int, int | None, int | None]


def _describe(scene: Scene, division: int, row: object | None) -> Described:
    book = scene.book
    party = book.name(division)
    assert party is not None
    before = book.people.get(division) if division in book.turn.before else None
    after = book.count_after(division) if division in book.turn.after else None
    due = (_count_due(scene, party.level, before), _count_due(scene, party.level, after))
    if row is None:
        return (party, None, None, due[1], 0, *due)
    return (party, row.code, row.name, row.seats, row.members, *due)  # type: ignore[attr-defined]


def _count_due(scene: Scene, level: str, people: int | None) -> int | None:
    """Count the seats that the bands of the pack give to so many people."""
    bands = next((body.bands for body in scene.register.pack.bodies if body.bands and body.level == level), ())
    if people is None or not bands:
        return None
    return seat_by_bands([SeatUnit("-", people)], bands).seats


def list_complaints(scene: Scene) -> tuple[ComplaintRow, ...]:
    """List how many open complaints come under another division.

    What moves and what stays with the division that loses it are protected together, so that a hidden number is not
    the difference of two that are shown.
    """
    is_open = _choose_open(scene)
    moved = _count_moved(scene, is_open)
    shown = _protect(scene, moved, is_open)
    return tuple(
        ComplaintRow(
            scene.book.name(scene.book.lowest[place].source), scene.book.name(scene.book.lowest[place].target), number
        )
        for place, number in sorted(shown.items())
    )


def _choose_open(scene: Scene) -> ColumnElement[bool]:
    """Count real complaints; invented ones only in a register that has no others."""
    own = Complaint.register_id == scene.register.id
    synthetic = not scene.session.scalar(select(exists().where(own, Complaint.synthetic.is_(False))))
    return and_(own, Complaint.synthetic.is_(synthetic), Complaint.status.not_in(CLOSED))


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
