"""Find the councils that a change touches, and the seats that the law would give them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, literal, select

from geo.apportionment import SeatUnit, seat_by_bands
from geo.register.consequences import CouncilRow, Party
from services.consequences.scenes import Scene, name_division
from services.queries import holds_on
from services.tables.civic import Council, Membership
from services.tables.register import Standing


def list_councils(scene: Scene) -> tuple[CouncilRow, ...]:
    """List the councils that end, begin, serve other people than before, or come under another parent."""
    sitting = (
        select(func.count())
        .where(Membership.council_id == Council.id, Membership.term.contains(literal(scene.day)))
        .scalar_subquery()
    )
    rows = scene.session.execute(
        select(
            Council.code, Council.name, Council.seats, Council.division_id, Council.synthetic, sitting.label("members")
        )
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


Described = tuple[Party, str | None, str | None, int | None, int, int | None, int | None, bool]


def _describe(scene: Scene, division: int, row: Row[Any] | None) -> Described:
    book = scene.book
    party = name_division(scene, division)
    before = book.people.get(division) if division in book.turn.before else None
    after = book.count_after(division) if division in book.turn.after else None
    due = (_count_due(scene, party.level, before), _count_due(scene, party.level, after))
    if row is None:
        return (party, None, None, due[1], 0, *due, False)
    return (party, row.code, row.name, row.seats, row.members, *due, row.synthetic)


def _count_due(scene: Scene, level: str, people: int | None) -> int | None:
    """Count the seats that the bands of the pack give to so many people."""
    bands = next((body.bands for body in scene.register.pack.bodies if body.bands and body.level == level), ())
    if people is None or not bands:
        return None
    return seat_by_bands([SeatUnit("-", people)], bands).seats
